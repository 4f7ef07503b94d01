package journal

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func chain(t testing.TB, writer string, n int) []Link {
	t.Helper()
	var links []Link
	var last Link
	for i := range n {
		e := entry(string(rune('a' + i)))
		e.At = noon.Add(time.Duration(i) * time.Minute)
		e, err := e.Normal()
		require.NoError(t, err)
		last = last.Next(writer, e)
		links = append(links, last)
	}
	return links
}

func sequence(links []Link) iter.Seq2[Link, error] {
	return func(yield func(Link, error) bool) {
		for _, l := range links {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// rehash makes a changed link sound in itself.
func rehash(l *Link) { l.Hash = l.Sum() }

func TestVerifyFindsWhatWasDone(t *testing.T) {
	for _, c := range []struct {
		why  string
		bend func(ls []Link) []Link
		seq  uint64
		says string
	}{
		{"a link is gone", func(ls []Link) []Link { return slices.Delete(ls, 1, 2) }, 3, "2 is missing"},
		{"the first is gone", func(ls []Link) []Link { return ls[1:] }, 2, "1 is missing"},
		{"two are swapped", func(ls []Link) []Link { ls[1], ls[2] = ls[2], ls[1]; return ls }, 3, "2 is missing"},
		{"one is there twice", func(ls []Link) []Link { return slices.Insert(ls, 2, ls[1]) }, 2, "it comes after 2"},
		{"seq zero", func(ls []Link) []Link { ls[0].Seq = 0; rehash(&ls[0]); return ls }, 0, "it comes after 0"},
		{"a body is changed", func(ls []Link) []Link { ls[1].Body = json.RawMessage(`{}`); return ls }, 2, "hash is not that"},
		{"a time is changed", func(ls []Link) []Link { ls[1].At = noon; return ls }, 2, "hash is not that"},
		{"an id is changed", func(ls []Link) []Link { ls[1].ID = "z"; return ls }, 2, "hash is not that"},
		{"a kind is changed", func(ls []Link) []Link { ls[1].Kind = "outcome"; return ls }, 2, "hash is not that"},
		{"a digest is changed", func(ls []Link) []Link { ls[1].Digest = ""; return ls }, 2, "hash is not that"},
		{"a link is changed and hashed anew", func(ls []Link) []Link { ls[1].ID = "z"; rehash(&ls[1]); return ls }, 3, "does not follow"},
		{"prev is changed and hashed anew", func(ls []Link) []Link { ls[1].Prev = ""; rehash(&ls[1]); return ls }, 2, "does not follow"},
		{"a body with room in it", func(ls []Link) []Link { ls[1].Body = json.RawMessage(`{ }`); rehash(&ls[1]); return ls }, 2, "not in the form"},
		{"a time in another zone", func(ls []Link) []Link { ls[1].At = ls[1].At.In(time.FixedZone("", 60)); return ls }, 2, "not in the form"},
		{"an entry without an id", func(ls []Link) []Link { ls[1].ID = ""; rehash(&ls[1]); return ls }, 2, "not sound"},
		{"no writer", func(ls []Link) []Link { ls[1].Writer = ""; rehash(&ls[1]); return ls }, 2, "no writer"},
		{"a link under another writer", func(ls []Link) []Link { ls[1].Writer = "host-2"; rehash(&ls[1]); return ls }, 2, "1 is missing"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := Verify(sequence(c.bend(chain(t, "host-1", 4))))
			var ce *ChainError
			require.ErrorAs(t, err, &ce)
			require.Equal(t, c.seq, ce.Seq)
			require.Contains(t, ce.Reason, c.says)
		})
	}
}

func TestVerifySumsUp(t *testing.T) {
	a, b := chain(t, "host-1", 4), chain(t, "host-2", 2)
	mixed := []Link{b[0], a[0], a[1], b[1], a[2], a[3]}
	sum, err := Verify(sequence(mixed))
	require.NoError(t, err, "chains of several writers may be mixed")
	require.Equal(t, Summary{Links: 6, First: noon, Last: noon.Add(3 * time.Minute), Heads: []Head{
		{"host-1", 4, a[3].Hash}, {"host-2", 2, b[1].Hash},
	}}, sum)

	sum, err = Verify(sequence(nil))
	require.NoError(t, err)
	require.Equal(t, Summary{}, sum)
}

// The end of a chain that was cut off shows against a head kept elsewhere.
func TestVerifyAgainstEarlierHeads(t *testing.T) {
	links := chain(t, "host-1", 4)
	head := func(l Link) Head { return Head{l.Writer, l.Seq, l.Hash} }
	for _, c := range []struct {
		why   string
		links []Link
		known Head
		says  string
	}{
		{"the head of now", links, head(links[3]), ""},
		{"a head of earlier", links, head(links[1]), ""},
		{"the end is cut off", links[:2], head(links[3]), "ends before the head known from earlier, 4"},
		{"everything is cut off", nil, head(links[0]), "ends before"},
		{"everything is written anew", chain(t, "host-1", 4), Head{"host-1", 2, links[2].Hash}, "another link than the head known"},
	} {
		_, err := Verify(sequence(c.links), c.known)
		if c.says == "" {
			require.NoError(t, err, c.why)
			continue
		}
		require.ErrorContains(t, err, c.says, c.why)
	}
}

func TestVerifyReturnsErrorsOfTheSequence(t *testing.T) {
	down := errors.New("store is down")
	_, err := Verify(func(yield func(Link, error) bool) { yield(Link{}, down) })
	require.ErrorIs(t, err, down)
}

// The encoding is fixed: a hash written today has to hold for ever.
func TestSumIsFixed(t *testing.T) {
	e, err := Entry{ID: "d-1", At: time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC), Kind: "decision", Digest: "5f2c",
		Body: json.RawMessage(`{"verdict": "deny"}`)}.Normal()
	require.NoError(t, err)
	first := Link{}.Next("host-1", e)
	require.Equal(t, "d7402869e1ba3ea896a481cc9b76da0ced5f870fcf260b98a98d4e9d70191603", first.Hash)
	require.Equal(t, "1866c51be143c7d359a18301573451f097d76167c81daecbf9d82737b99c8f34", first.Next("host-1", e).Hash)
}

// Fields cannot be shifted into each other without the hash noticing.
func TestSumKeepsFieldsApart(t *testing.T) {
	a := Link{Entry: Entry{ID: "ab", Kind: "c", At: noon}, Writer: "w", Seq: 1}
	b := Link{Entry: Entry{ID: "a", Kind: "bc", At: noon}, Writer: "w", Seq: 1}
	require.NotEqual(t, a.Sum(), b.Sum())
}

func TestReadIsStrict(t *testing.T) {
	links := chain(t, "host-1", 1)
	line, err := appendLine(nil, links[0])
	require.NoError(t, err)
	good := string(line)
	for _, c := range []struct{ why, in, says string }{
		{"no end", strings.TrimSuffix(good, "\n"), "does not end"},
		{"no object", "[]\n", "no JSON object"},
		{"empty", "\n", "no JSON object"},
		{"cut", good[:50] + "\n", ""},
		{"two objects", strings.TrimSuffix(good, "\n") + good, "behind the object"},
		{"unknown member", `{"extra":1,` + good[1:], "not known"},
		{"unknown by its case", `{"ID":"a",` + good[1:], "not known"},
		{"repeated member", `{"id":"a",` + good[1:], `"id" comes twice`},
		{"missing member", strings.Replace(good, `"digest":"5f2c",`, "", 1), `"digest" is missing`},
		{"null", strings.Replace(good, `"5f2c"`, "null", 1), `"digest" is not what it should be`},
		{"wrong type", strings.Replace(good, `"seq":1`, `"seq":"1"`, 1), `"seq" is not`},
		{"negative seq", strings.Replace(good, `"seq":1`, `"seq":-1`, 1), `"seq" is not`},
		{"no time", strings.Replace(good, `2026-11-20T`, `2026-11-99T`, 1), "no time"},
		{"no UTF-8", strings.Replace(good, "decision", "deci\xffion", 1), "no UTF-8"},
		{"too long", strings.Replace(good, "deny", strings.Repeat("x", MaxLine), 1), "longer than"},
	} {
		t.Run(c.why, func(t *testing.T) {
			n := 0
			for _, err := range Read(strings.NewReader(good + c.in)) {
				if n++; n == 1 {
					require.NoError(t, err)
					continue
				}
				var ce *ChainError
				require.ErrorAs(t, err, &ce)
				require.Equal(t, 2, ce.Line)
				require.Contains(t, err.Error(), c.says)
				require.NotContains(t, err.Error(), "deny", "an error holds nothing of the body")
			}
			require.Equal(t, 2, n, "reading ends with the error")
		})
	}
}

func FuzzRead(f *testing.F) {
	links := chain(f, "host-1", 2)
	var data []byte
	for _, l := range links {
		data, _ = appendLine(data, l)
	}
	f.Add(string(data))
	f.Add("{}\n")
	f.Add(`{"id":"a","at":"2026-11-20T12:00:00Z","kind":"k","digest":"","body":null,"writer":"w","seq":1,"prev":"","hash":""}` + "\n")
	f.Add(`{"id":"a","id":"b"}` + "\n\n")
	f.Fuzz(func(t *testing.T, in string) {
		sum, err := Verify(Read(strings.NewReader(in)))
		if err != nil {
			var ce *ChainError
			if !errors.As(err, &ce) {
				t.Fatalf("%T is no ChainError: %v", err, err)
			}
			return
		}
		// What verifies survives being written and read again.
		var again []byte
		for l, err := range Read(strings.NewReader(in)) {
			if err != nil {
				t.Fatal(err)
			}
			if again, err = appendLine(again, l); err != nil {
				t.Fatal(err)
			}
		}
		sum2, err := Verify(Read(strings.NewReader(string(again))))
		if err != nil || sum2.Links != sum.Links || !slices.Equal(sum.Heads, sum2.Heads) {
			t.Fatalf("written again: %v, %+v, want %+v", err, sum2, sum)
		}
	})
}
