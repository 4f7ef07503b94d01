package servertest

import (
	"runtime"
	"syscall"
)

// lifetime makes a server end with this process, however that ends.
func lifetime(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
}

// run starts a server and waits for its end. The signal at the parent's death
// comes at that of the thread that started it, so the thread stays.
func (p *program) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait()
		close(p.done)
	}
}
