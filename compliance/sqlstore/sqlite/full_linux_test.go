package sqlite_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
)

// mounted is a small file system of its own, where the tests may make one.
func mounted(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no file system can be mounted: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// A disk that is full: the log beside the file cannot grow.
func TestAFullDisk(t *testing.T) {
	dir := mounted(t)
	path := filepath.Join(dir, "waguard.db")
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	welcome(t, db)
	stuff(t, db, sqlstore.ErrFull)
	refuses(t, db, sqlstore.ErrFull)
	before := all(t, db.Stores().Consent)
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=16m"))
	welcome(t, db)
	_, err = db.Stores().Consent.Append(t.Context(), grant("room", handle(5)))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	db = openAt(t, path)
	require.ElementsMatch(t, append(before, "room"), all(t, db.Stores().Consent))
}

// A file system that became read-only.
func TestADiskTurnedReadOnly(t *testing.T) {
	dir := mounted(t)
	path := filepath.Join(dir, "waguard.db")
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	welcome(t, db)
	require.NoError(t, db.Close())
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	var e *sqlstore.Error
	_, err = sqlite.Open(path)
	require.ErrorAs(t, err, &e, "the files that belong to it cannot be made")
	_, err = sqlite.Open(filepath.Join(dir, "new.db"))
	require.ErrorIs(t, err, syscall.EROFS)
}
