package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

const busted = "../../testdata/busted"

// placeOf is the file a busted rule is filed under: its .error says so.
func placeOf(t testing.TB, want string) string {
	t.Helper()
	rest, ok := strings.CutPrefix(want, "policy: ")
	require.True(t, ok, "an .error file begins with the package name")
	place, _, ok := strings.Cut(rest, ":")
	require.True(t, ok)
	return place
}

// Each file of testdata/busted has one mistake, and the .error beside it is
// what the loader says: no mistake may pass, none may be told otherwise.
func TestBustedFiles(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(busted, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".json"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			want, err := os.ReadFile(strings.TrimSuffix(name, ".json") + ".error")
			require.NoError(t, err, "a busted file has its .error beside it")

			rules, err := Load(fstest.MapFS{placeOf(t, string(want)): {Data: data}})
			require.Nil(t, rules, "nothing half applied")
			require.Error(t, err)
			le := new(LoadError)
			require.ErrorAs(t, err, &le)
			if d := cmp.Diff(sortedLines(string(want)), sortedLines(err.Error())); d != "" {
				t.Error(d)
			}
		})
	}
}

// The walk the other way: no .error without its file.
func TestBustedErrorsHaveFiles(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(busted, "*.error"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		_, err := os.Stat(strings.TrimSuffix(name, ".error") + ".json")
		require.NoError(t, err)
	}
}

func sortedLines(s string) map[string]int {
	m := map[string]int{}
	for l := range strings.Lines(s) {
		m[strings.TrimRight(l, "\n")]++
	}
	return m
}

func TestGoodFiles(t *testing.T) {
	rules, err := Load(os.DirFS("testdata/good"))
	require.NoError(t, err)
	require.Len(t, rules, 2, "drafts and README.md are passed over")
	require.Equal(t, ID("acme/fireworks"), rules[0].ID, "sorted by id")
	require.Equal(t, ID("quiet"), rules[1].ID)
	r := rules[0]
	require.Equal(t, []ID{"acme/no-fireworks"}, r.Aliases)
	require.Equal(t, Edition{
		From: DayOf(2024, 1, 1), Until: DayOf(2025, 6, 1), Severity: Warn,
		Cites: []Citation{{Source: "House rules", Section: "4", Read: DayOf(2024, 2, 29)}},
	}, r.Editions[1])
	require.True(t, r.Editions[0].UntilBy)
	require.JSONEq(t, `["DE","NL"]`, string(r.Editions[2].Params["places"]))
	require.Equal(t, []string{"fogos de artifício"}, r.Text.Languages["pt"].Goods)
	require.Equal(t, "a dish", r.Examples.Clear[0].Why)
	require.True(t, rules[1].Off)
}

func TestProblemLine(t *testing.T) {
	p := Problem{File: "goods/goods-x.json", Line: 12, Field: "editions[0].severity", Msg: `unknown severity "blok" (note, warn or block)`}
	require.EqualError(t, p, `policy: goods/goods-x.json:12: editions[0].severity: unknown severity "blok" (note, warn or block)`)
}

// rule is a sound rule file to put beside others.
func rule(id, more string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(`{"id":"` + id + `","area":"data","phase":"send","title":"t","why":"w","fix":"f","check":"none",
"editions":[{"severity":"warn","cites":[{"source":"s"}]}]` + more + `}`)}
}

func TestLoadSets(t *testing.T) {
	for _, c := range []struct {
		why   string
		files fstest.MapFS
		want  string // empty: it loads
	}{
		{"a rule may stand alone", fstest.MapFS{"data/a.json": rule("a", "")}, ""},
		{"an app's rule lies in its prefix's folder", fstest.MapFS{"data/acme/a.json": rule("acme/a", "")}, ""},
		{"hidden files and folders are nobody's rules", fstest.MapFS{"data/a.json": rule("a", ""), "data/.x.json": {}, ".git/data/b.json": {}, "_old/b.json": {}}, ""},
		{"a set without a rule holds no message", fstest.MapFS{"README.md": {}}, "policy: load rules: no rule file found"},
		{"an alias taken by an id, whichever file comes first", fstest.MapFS{"data/a.json": rule("a", `,
"aliases":["b"]`), "data/b.json": rule("b", "")}, `policy: data/a.json:3: aliases[0]: "b" is taken by data/b.json`},
		{"an alias taken by an alias", fstest.MapFS{"data/a.json": rule("a", `,"aliases":["c"]`), "data/b.json": rule("b", `,"aliases":["c"]`)},
			`policy: data/b.json:2: aliases[0]: "c" is taken by data/a.json`},
		{"one id in two areas", fstest.MapFS{"data/a.json": rule("a", ""), "goods/a.json": {Data: bytes.Replace(rule("a", "").Data, []byte(`"data"`), []byte(`"goods"`), 1)}},
			`policy: goods/a.json:1: id: "a" is taken by data/a.json`},
		{"mistakes of several files, in order", fstest.MapFS{"data/b.json": rule("c", ""), "data/a.json": rule("a", `,"of":1`)},
			"policy: data/a.json:2: of: unknown field\npolicy: data/b.json:1: id: is \"c\", but the file is named for \"b\""},
		{"too large to be a rule", fstest.MapFS{"data/a.json": {Data: append(rule("a", "").Data, bytes.Repeat([]byte(" "), MaxFile)...)}},
			"policy: data/a.json:1: larger than 256 KiB"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := Load(c.files)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.want)
		})
	}
}

// Exactly at the limit a file is read.
func TestLoadLargestFile(t *testing.T) {
	data := rule("a", "").Data
	data = append(data, bytes.Repeat([]byte(" "), MaxFile-len(data))...)
	_, err := Load(fstest.MapFS{"data/a.json": {Data: data}})
	require.NoError(t, err)
}

// failing is a file system that breaks on one file.
type failing struct{ fs.FS }

var errDisk = errors.New("disk on fire")

func (f failing) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".json") {
		return nil, errDisk
	}
	return f.FS.Open(name)
}

// A file that cannot be read is no rule less: it is an error, and not one of
// the rule set.
func TestLoadBrokenDisk(t *testing.T) {
	_, err := Load(failing{fstest.MapFS{"data/a.json": rule("a", "")}})
	require.ErrorIs(t, err, errDisk)
	require.NotErrorAs(t, err, new(*LoadError))
}

// Whatever the bytes, the loader neither panics nor takes a rule that a book
// refuses, and what it takes it can write and read again.
func FuzzLoad(f *testing.F) {
	for _, dir := range []string{busted, "testdata/good/goods/acme", "testdata/good/law", "rules/permission"} {
		names, err := filepath.Glob(filepath.Join(dir, "*.json"))
		require.NoError(f, err)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add("goods/goods-x.json", data)
		}
	}
	f.Add("goods/acme/fireworks.json", []byte(`{"id":"acme/fireworks"}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if !fs.ValidPath(name) || name == "." {
			return
		}
		rules, err := Load(fstest.MapFS{name: {Data: data}})
		if err != nil {
			for l := range strings.Lines(err.Error()) {
				require.True(t, strings.HasPrefix(l, "policy: "), "%q", l)
			}
			return
		}
		var plain Rule
		require.NoError(t, json.Unmarshal(data, &plain), "what is read is JSON")
		require.Empty(t, cmp.Diff(plain, rules[0], cmpopts.EquateEmpty()))
		book, err := NewBook(rules)
		require.NoError(t, err)
		require.Len(t, book.Digest(), 64)

		var again bytes.Buffer
		enc := json.NewEncoder(&again)
		enc.SetEscapeHTML(false)
		require.NoError(t, enc.Encode(rules[0]))
		if again.Len() > MaxFile {
			return
		}
		back, err := Load(fstest.MapFS{name: {Data: again.Bytes()}})
		require.NoError(t, err)
		second, err := NewBook(back)
		require.NoError(t, err)
		require.Equal(t, book.Digest(), second.Digest())
	})
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}
