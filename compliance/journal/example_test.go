package journal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/journal/journaltest"
)

func TestMemory(t *testing.T) {
	journaltest.Run(t, func(testing.TB) journal.Journal { return journal.NewMemory("test") })
}

func TestFile(t *testing.T) {
	journaltest.Run(t, func(t testing.TB) journal.Journal {
		j, _, err := journal.OpenFile(filepath.Join(t.TempDir(), "journal.jsonl"), "test")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { j.Close() })
		return j
	})
	journaltest.RunDurable(t, func(path string) (journal.Journal, error) {
		j, rec, err := journal.OpenFile(path, "test")
		if rec.TornBytes != 0 {
			return nil, errors.New("something was torn")
		}
		return j, err
	})
}

var day = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func decision(id, verdict string) journal.Entry {
	return journal.Entry{ID: id, At: day, Kind: "decision", Digest: "5f2c", Body: json.RawMessage(`{"verdict":"` + verdict + `"}`)}
}

func Example() {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	j, found, err := journal.OpenFile(filepath.Join(dir, "journal.jsonl"), "host-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer j.Close()
	fmt.Println("links found:", found.Links, "torn bytes:", found.TornBytes)

	ctx := context.Background()
	if err := j.Append(ctx, decision("d-1", "allow"), decision("d-2", "deny")); err != nil {
		fmt.Println(err)
		return
	}
	for l, err := range j.Links(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(l.Writer, l.Seq, l.ID, string(l.Body))
	}
	// Output:
	// links found: 0 torn bytes: 0
	// host-1 1 d-1 {"verdict":"allow"}
	// host-1 2 d-2 {"verdict":"deny"}
}

// Somebody turns a refusal into an approval. The chain tells.
func ExampleVerify() {
	ctx := context.Background()
	j := journal.NewMemory("host-1")
	_ = j.Append(ctx, decision("d-1", "allow"), decision("d-2", "deny"), decision("d-3", "allow"))
	sum, err := journal.Verify(j.Links(ctx))
	fmt.Println(sum.Links, err)

	var file strings.Builder
	_, _ = journal.Export(ctx, &file, j)
	changed := strings.Replace(file.String(), "deny", "allow", 1)
	_, err = journal.Verify(journal.Read(strings.NewReader(changed)))
	fmt.Println(err)

	// A cut end shows against a head that was kept elsewhere.
	short := file.String()[:strings.LastIndex(strings.TrimSuffix(file.String(), "\n"), "\n")+1]
	_, err = journal.Verify(journal.Read(strings.NewReader(short)), sum.Heads...)
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// journal: writer "host-1", seq 2: its hash is not that of its content
	// journal: writer "host-1", seq 3: the chain ends before the head known from earlier, 3
}

func ExampleExport() {
	ctx := context.Background()
	j := journal.NewMemory("host-1")
	_ = j.Append(ctx, decision("d-1", "allow"))
	n, err := journal.Export(ctx, os.Stdout, j)
	fmt.Println(n, err)
	// Output:
	// {"id":"d-1","at":"2026-11-20T09:00:00Z","kind":"decision","digest":"5f2c","body":{"verdict":"allow"},"writer":"host-1","seq":1,"prev":"","hash":"5a0867014d74411a28c247ea9b3a3cfede43a02fbaf38cd6dc33330d36d8c717"}
	// 1 <nil>
}

func ExampleEntry_Normal() {
	e, err := journal.Entry{ID: "d-1", At: day, Kind: "decision", Body: json.RawMessage(`{ "why": "a < b" }`)}.Normal()
	fmt.Println(string(e.Body), err)
	_, err = journal.Entry{ID: "d-1", At: day, Kind: "decision", Body: json.RawMessage(`{`)}.Normal()
	fmt.Println(err)
	// Output:
	// {"why":"a \u003c b"} <nil>
	// journal: entry d-1: its body is no JSON
}
