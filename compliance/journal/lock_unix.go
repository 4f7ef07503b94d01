//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// lockFile keeps other writers out until the file is closed or the process
// ends, however it ends.
func lockFile(f *os.File) (io.Closer, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("journal: lock: %w", err)
	}
	return unlocked{}, nil
}

// unlocked has nothing to let go of: the lock goes with the file.
type unlocked struct{}

func (unlocked) Close() error { return nil }
