package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func entry(id string) Entry {
	return Entry{ID: id, At: noon, Kind: "decision", Digest: "5f2c", Body: json.RawMessage(`{"verdict":"deny"}`)}
}

func open(t testing.TB, path string) (*File, Recovery) {
	t.Helper()
	j, rec, err := OpenFile(path, "host-1")
	require.NoError(t, err)
	t.Cleanup(func() { j.Close() })
	return j, rec
}

// written makes a closed file of n links and returns its path and bytes.
func written(t testing.TB, n int) (string, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, _, err := OpenFile(path, "host-1", NoSync())
	require.NoError(t, err)
	for i := range n {
		require.NoError(t, j.Append(t.Context(), entry(fmt.Sprint("e", i))))
	}
	require.NoError(t, j.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return path, data
}

// A crash may cut the last line at any byte. Whatever is left, the file opens,
// tells what was torn, keeps it aside and goes on with an unbroken chain.
func TestCrashAtEveryByteOfTheLastLine(t *testing.T) {
	path, data := written(t, 3)
	lastLine := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
	for cut := lastLine; cut <= len(data); cut++ {
		os.Remove(path + ".torn")
		require.NoError(t, os.WriteFile(path, data[:cut], 0o600))
		j, rec, err := OpenFile(path, "host-1", NoSync())
		require.NoError(t, err, "cut at %d", cut)
		want := Recovery{Links: 2, TornBytes: int64(cut - lastLine)}
		if cut == len(data) {
			want = Recovery{Links: 3}
		} else if cut > lastLine {
			want.TornPath = path + ".torn"
			torn, err := os.ReadFile(want.TornPath)
			require.NoError(t, err)
			require.Equal(t, data[lastLine:cut], torn, "cut at %d: the torn bytes are kept aside", cut)
		}
		require.Equal(t, want, rec, "cut at %d", cut)
		require.NoError(t, j.Append(t.Context(), entry("after")))
		sum, err := Verify(j.Links(t.Context()))
		require.NoError(t, err, "cut at %d", cut)
		require.Equal(t, want.Links+1, sum.Links)
		require.NoError(t, j.Close())
	}
}

func TestTornLinesAddUp(t *testing.T) {
	path, data := written(t, 1)
	for range 2 {
		require.NoError(t, os.WriteFile(path, append(bytes.Clone(data), `{"id":"half`...), 0o600))
		j, _, err := OpenFile(path, "host-1")
		require.NoError(t, err)
		require.NoError(t, j.Close())
	}
	torn, err := os.ReadFile(path + ".torn")
	require.NoError(t, err)
	require.Equal(t, `{"id":"half{"id":"half`, string(torn), "a second crash does not overwrite what the first left")
}

// A line that ends but does not fit is nothing a crash leaves: it is reported
// and the file stays as it is.
func TestBrokenLinesAreErrors(t *testing.T) {
	_, data := written(t, 4)
	lines := strings.SplitAfter(string(data), "\n")[:4]
	for _, c := range []struct {
		why  string
		bend func(lines []string) string
		line int
		says string
	}{
		{"a changed body", func(l []string) string {
			return l[0] + strings.Replace(l[1], "deny", "pass", 1) + l[2] + l[3]
		}, 2, "hash is not that"},
		{"a line left out", func(l []string) string { return l[0] + l[2] + l[3] }, 2, "2 is missing before it"},
		{"two lines swapped", func(l []string) string { return l[0] + l[2] + l[1] + l[3] }, 2, "2 is missing"},
		{"a line twice", func(l []string) string { return l[0] + l[1] + l[1] + l[2] + l[3] }, 3, "it comes after 2"},
		{"the first line gone", func(l []string) string { return l[1] + l[2] + l[3] }, 1, "1 is missing"},
		{"an empty line", func(l []string) string { return l[0] + "\n" + l[1] + l[2] + l[3] }, 2, "no JSON object"},
		{"a broken line with a sound one behind it", func(l []string) string { return l[0] + l[1][:40] + "\n" + l[2] + l[3] }, 2, ""},
		{"a broken last line that ends", func(l []string) string { return l[0] + l[1] + l[2] + l[3][:40] + "\n" }, 4, ""},
		{"another writer", func(l []string) string {
			e, _ := entry("x").Normal()
			line, _ := appendLine(nil, Link{}.Next("host-2", e))
			return l[0] + string(line)
		}, 2, "another writer's"},
		{"a hash in capitals", func(l []string) string {
			i := strings.Index(l[3], `"hash":"`) + 8
			return l[0] + l[1] + l[2] + l[3][:i] + strings.ToUpper(l[3][i:i+64]) + l[3][i+64:]
		}, 4, "hash is not that"},
	} {
		t.Run(c.why, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.jsonl")
			bent := c.bend(lines)
			require.NoError(t, os.WriteFile(path, []byte(bent), 0o600))
			_, _, err := OpenFile(path, "host-1")
			var ce *ChainError
			require.ErrorAs(t, err, &ce)
			require.Equal(t, c.line, ce.Line)
			require.Contains(t, err.Error(), c.says)
			require.True(t, strings.HasPrefix(err.Error(), "journal: "))
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, bent, string(after), "nothing is repaired")
		})
	}
}

func TestOneWriterAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, _ := open(t, path)
	_, _, err := OpenFile(path, "host-1")
	require.ErrorIs(t, err, ErrLocked)
	require.NoError(t, j.Close())
	open(t, path)
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for why, args := range map[string][2]string{
		"no writer":               {filepath.Join(dir, "a"), ""},
		"a directory":             {dir, "host-1"},
		"a directory that is not": {filepath.Join(dir, "no", "where"), "host-1"},
	} {
		_, _, err := OpenFile(args[0], args[1])
		require.Error(t, err, why)
		require.True(t, strings.HasPrefix(err.Error(), "journal: "), "%s: %v", why, err)
	}
}

// faulty is a disk that fills up, or breaks, when told to.
type faulty struct {
	*os.File
	mu                 sync.Mutex
	room               int // bytes that still fit; -1: any number
	noSync, noTruncate error
	writes, syncs      int
	entered, proceed   chan struct{} // when set, a write says it began and waits
}

func (d *faulty) WriteAt(p []byte, at int64) (int, error) {
	if d.entered != nil {
		d.entered <- struct{}{}
		<-d.proceed
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes++
	if d.room >= 0 && len(p) > d.room {
		n, _ := d.File.WriteAt(p[:d.room], at)
		return n, syscall.ENOSPC
	}
	return d.File.WriteAt(p, at)
}

func (d *faulty) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.syncs++
	if d.noSync != nil {
		return d.noSync
	}
	return d.File.Sync()
}

func (d *faulty) Truncate(n int64) error {
	if d.noTruncate != nil {
		return d.noTruncate
	}
	return d.File.Truncate(n)
}

func openFaulty(t *testing.T) (*File, *faulty) {
	t.Helper()
	j, _ := open(t, filepath.Join(t.TempDir(), "journal.jsonl"))
	d := &faulty{File: j.f.(*os.File), room: -1}
	j.f = d
	return j, d
}

func ids(t *testing.T, j Journal) []string {
	t.Helper()
	var out []string
	for l, err := range j.Links(t.Context()) {
		require.NoError(t, err)
		out = append(out, l.ID)
	}
	return out
}

func TestAFullDiskLeavesTheChainUsable(t *testing.T) {
	j, d := openFaulty(t)
	require.NoError(t, j.Append(t.Context(), entry("e0")))
	for _, room := range []int{0, 1, 100, 500} {
		d.room = room
		err := j.Append(t.Context(), entry("lost"), entry("lost too"))
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.Equal(t, []string{"e0"}, ids(t, j))
	}
	d.room = -1
	require.NoError(t, j.Append(t.Context(), entry("e1")), "there is room again")
	require.Equal(t, []string{"e0", "e1"}, ids(t, j))
	path := j.path
	require.NoError(t, j.Close())
	_, rec := open(t, path)
	require.Equal(t, Recovery{Links: 2}, rec, "nothing of what did not fit is left in the file")
}

func TestWhatCannotBeUndoneStopsTheJournal(t *testing.T) {
	for why, breakIt := range map[string]func(*faulty){
		"a sync failed: nobody knows what is on disk": func(d *faulty) { d.noSync = errors.New("disk gone") },
		"half a line could not be cut off":            func(d *faulty) { d.room, d.noTruncate = 10, errors.New("disk gone") },
	} {
		t.Run(why, func(t *testing.T) {
			j, d := openFaulty(t)
			require.NoError(t, j.Append(t.Context(), entry("e0")))
			breakIt(d)
			require.Error(t, j.Append(t.Context(), entry("lost")))
			d.room, d.noSync, d.noTruncate = -1, nil, nil
			err := j.Append(t.Context(), entry("e1"))
			require.ErrorContains(t, err, "has to be opened again")
			require.Equal(t, []string{"e0"}, ids(t, j), "reading goes on")
			path := j.path
			require.NoError(t, j.Close())
			again, _ := open(t, path)
			require.NoError(t, again.Append(t.Context(), entry("e1")))
			require.Equal(t, []string{"e0", "e1"}, ids(t, again))
		})
	}
}

// Appends that come while a write is under way share the next one, and one
// that is cancelled before its turn is withdrawn.
func TestAppendsShareAWriteAndCanBeWithdrawn(t *testing.T) {
	j, d := openFaulty(t)
	d.entered, d.proceed = make(chan struct{}), make(chan struct{})
	errs := make(chan error, 12)
	go func() { errs <- j.Append(t.Context(), entry("first")) }()
	<-d.entered

	ctx, cancel := context.WithCancel(t.Context())
	withdrawn := make(chan error)
	go func() { withdrawn <- j.Append(ctx, entry("withdrawn")) }()
	for i := range 10 {
		go func() { errs <- j.Append(t.Context(), entry(fmt.Sprint("e", i))) }()
	}
	for waiting := 0; waiting < 11; {
		j.mu.Lock()
		waiting = len(j.waiting)
		j.mu.Unlock()
	}
	cancel()
	require.ErrorIs(t, <-withdrawn, context.Canceled, "it returns while the disk is busy")

	d.proceed <- struct{}{}
	<-d.entered
	d.proceed <- struct{}{}
	for range 11 {
		require.NoError(t, <-errs)
	}
	got := ids(t, j)
	require.Len(t, got, 11)
	require.NotContains(t, got, "withdrawn")
	require.Equal(t, 2, d.writes, "ten appends shared one write")
	require.Equal(t, 2, d.syncs)
	_, err := Verify(j.Links(t.Context()))
	require.NoError(t, err)
}

// An append whose context ends while it is being written is not called off:
// its result is known and returned.
func TestCancelledTooLateIsNoError(t *testing.T) {
	j, d := openFaulty(t)
	d.entered, d.proceed = make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- j.Append(ctx, entry("e0")) }()
	<-d.entered
	cancel()
	d.proceed <- struct{}{}
	require.NoError(t, <-done)
	require.Equal(t, []string{"e0"}, ids(t, j))
}

func TestHead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, _ := open(t, path)
	require.Zero(t, j.Head())
	require.NoError(t, j.Append(t.Context(), entry("e0"), entry("e1")))
	head := j.Head()
	sum, err := Verify(j.Links(t.Context()))
	require.NoError(t, err)
	require.Equal(t, sum.Heads, []Head{head})
	require.NoError(t, j.Close())
	again, _ := open(t, path)
	require.Equal(t, head, again.Head())
}
