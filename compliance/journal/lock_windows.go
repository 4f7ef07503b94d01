package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// lockFile keeps other writers out until it is closed or the process ends: it
// opens a file beside the journal that nobody else may open meanwhile.
func lockFile(f *os.File) (io.Closer, error) {
	name, err := syscall.UTF16PtrFromString(f.Name() + ".lock")
	if err != nil {
		return nil, fmt.Errorf("journal: lock: %w", err)
	}
	const shareNothing = 0
	h, err := syscall.CreateFile(name, syscall.GENERIC_WRITE, shareNothing, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	const sharingViolation = syscall.Errno(32)
	if errors.Is(err, sharingViolation) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("journal: lock: %w", err)
	}
	return os.NewFile(uintptr(h), f.Name()+".lock"), nil
}
