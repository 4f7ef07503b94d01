//go:build unix

package servertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a killed test left is removed by the next; what belongs to a process that runs, or to
// nobody who can be asked, stays.
func TestSweep(t *testing.T) {
	ended := exec.Command("true")
	require.NoError(t, ended.Run())
	temp := t.TempDir()
	gone := fmt.Sprintf("%s%d-1", placed, ended.Process.Pid)
	stays := []string{fmt.Sprintf("%s%d-1", placed, os.Getpid()), placed + "1", placed + "x-1", "other-2-1"}
	for _, name := range append([]string{gone}, stays...) {
		require.NoError(t, os.MkdirAll(filepath.Join(temp, name, "data"), 0o700))
	}
	sweep(temp)
	require.NoDirExists(t, filepath.Join(temp, gone))
	for _, name := range stays {
		require.DirExists(t, filepath.Join(temp, name, "data"))
	}
}
