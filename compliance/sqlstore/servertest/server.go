//go:build unix

package servertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is a server that this process started.
type program struct {
	dir  string
	cmd  *exec.Cmd
	log  *bytes.Buffer
	done chan struct{}
}

var running struct {
	sync.Mutex
	all []*program
}

// Stop ends the servers that were started, and removes what they wrote. TestMain
// calls it last.
func Stop() {
	running.Lock()
	defer running.Unlock()
	for _, p := range running.all {
		p.stop()
	}
	running.all = nil
}

func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // MariaDB's and, for PostgreSQL, the patient way
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT)
		select {
		case <-p.done:
		case <-time.After(5 * time.Second):
			_ = p.cmd.Process.Kill()
			<-p.done
		}
	}
	_ = os.RemoveAll(p.dir)
}

// missing skips a test for want of a server, or fails it where one is required.
func missing(t testing.TB, name string, err error) {
	t.Helper()
	say := t.Skipf
	if os.Getenv("WAGUARD_SERVERS") == "require" {
		say = t.Fatalf
	}
	say("no %s: %v (install it, or name one that runs in WAGUARD_%s)", name, err, map[string]string{"PostgreSQL": "POSTGRES", "MariaDB": "MARIADB"}[name])
}

// find looks for a program in the path and in the given directories.
func find(name string, dirs ...string) (string, error) {
	for _, pattern := range dirs {
		found, _ := filepath.Glob(filepath.Join(pattern, name))
		slices.Sort(found)
		if len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return exec.LookPath(name)
}

// someone is whom a server runs as: this user, or, where this is root, the
// first that exists of some that are not.
func someone(names ...string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range append(names, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("root may not run it, and there is nobody else")
}

// place makes a directory for a server, named for this process. Its path is short: a socket's
// has to be.
func place(as *syscall.Credential) (string, error) {
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", placed, os.Getpid()))
	if err == nil && as != nil {
		err = os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	return dir, err
}

// placed begins the name of a server's directory.
const placed = "waguard-server-"

// sweep removes what servers left behind whose process was killed before it could: their
// directories are named for a process that is no more.
func sweep(temp string) {
	dirs, _ := filepath.Glob(filepath.Join(temp, placed+"*-*"))
	for _, dir := range dirs {
		name, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), placed), "-")
		if pid, err := strconv.Atoi(name); err == nil && pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}

func command(as *syscall.Credential, dir, name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	var log bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &log, &log
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C", "TMPDIR=" + dir}
	cmd.SysProcAttr = lifetime(as)
	return cmd, &log
}

// launch starts a server and waits until ready says so.
func launch(as *syscall.Credential, dir string, ready func(context.Context) error, name string, args ...string) error {
	cmd, log := command(as, dir, name, args...)
	started := make(chan error)
	p := &program{dir: dir, cmd: cmd, log: log, done: make(chan struct{})}
	go p.run(started)
	if err := <-started; err != nil {
		return err
	}
	running.Lock()
	running.all = append(running.all, p)
	running.Unlock()
	deadline := time.Now().Add(time.Minute)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err := ready(ctx)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended: %s", filepath.Base(name), log)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s gives no answer: %w", filepath.Base(name), err)
		}
	}
}
