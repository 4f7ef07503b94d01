package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/waguard/waguard/compliance/sqlstore"
)

// An Option changes how Open opens the file.
type Option func(*options)

type options struct {
	busy    time.Duration
	sync    string
	readers int
	stores  []sqlstore.Option
}

// BusyTimeout sets how long a write waits for another process; the default is
// five seconds. After that it fails with sqlstore.ErrBusy.
func BusyTimeout(d time.Duration) Option { return func(o *options) { o.busy = d } }

// SyncLess leaves the last commits before a power cut to chance
// (synchronous=NORMAL). The file stays sound, and a crash of the process alone
// loses nothing. A stop that was confirmed can be lost, so it is not for
// production.
func SyncLess() Option { return func(o *options) { o.sync = "NORMAL" } }

// Readers sets how many connections may read at once; the default is twice the
// number of processors, at least four.
func Readers(n int) Option { return func(o *options) { o.readers = n } }

// With passes options to sqlstore.Open: scope and writer.
func With(opts ...sqlstore.Option) Option {
	return func(o *options) { o.stores = append(o.stores, opts...) }
}

// Open opens the stores in a file, and makes the file, or brings its tables up
// to date, where needed. Closing what it returns closes the file.
func Open(path string, opts ...Option) (*sqlstore.DB, error) {
	o := options{busy: 5 * time.Second, sync: "FULL", readers: max(4, 2*runtime.GOMAXPROCS(0))}
	for _, opt := range opts {
		opt(&o)
	}
	switch {
	case path == "":
		return nil, errors.New("sqlite: open: no path")
	case strings.Contains(path, ":memory:"):
		return nil, errors.New("sqlite: open: every connection would get a memory database of its own; use compliance.MemoryStores")
	case o.readers < 1:
		return nil, errors.New("sqlite: open: one connection at least has to read")
	}
	if err := create(path); err != nil {
		return nil, err
	}
	connector, err := sqlite.NewConnector(dsn(path, o))
	if err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(o.readers + 1) // and the writer
	pool.SetMaxIdleConns(o.readers + 1)
	db, err := sqlstore.Open(context.Background(), pool, sqlstore.SQLite, append(o.stores, sqlstore.Owned())...)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// create makes a new file for its owner only. A file that exists is not
// touched: closing any handle on it would drop the locks of this process.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sqlite: open: %w", err)
	}
	return f.Close()
}

// dsn is the path as a URI, with what every connection is set to.
func dsn(path string, o options) string {
	path = filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		path = "/" + path // C:/x is /C:/x in a URI
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	q := url.Values{}
	q.Set("_busy_timeout", strconv.FormatInt(o.busy.Milliseconds(), 10))
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous("+o.sync+")")
	q.Add("_pragma", "cache_size(-32000)") // up to 32 MB a connection, as it fills
	q.Add("_pragma", "secure_delete(ON)")  // what was erased does not stay in free pages
	u.RawQuery = q.Encode()
	return u.String()
}
