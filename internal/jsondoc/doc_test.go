package jsondoc

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		why, in string
		err     error
		line    int
	}{
		{"nothing is no JSON", "", ErrSyntax, 1},
		{"a cut-off body must not be read as what is left of it", "{\n\"a\":\n{\"b\":1", ErrSyntax, 3},
		{"two texts are two bodies", "{} {}", ErrSyntax, 1},
		{"a comma too many is no JSON", "[1,]", ErrSyntax, 1},
		{"a key is a string", "{a:1}", ErrSyntax, 1},
		{"numbers have no leading zero", "01", ErrSyntax, 1},
		{"an escape has four hex digits", `"\u12g4"`, ErrSyntax, 1},
		{"a raw control character is no JSON", "\"a\nb\"", ErrSyntax, 1},
		{"size is bounded before anything is read", strings.Repeat(" ", 5000), ErrSize, 1},
	} {
		_, err := Parse([]byte(c.in), 4000)
		var e *Error
		require.ErrorIs(t, err, c.err, c.why)
		require.True(t, errors.As(err, &e), c.why)
		require.Equal(t, c.line, e.Line, c.why)
	}
	for _, open := range []string{"[", `{"a":`} {
		_, err := Parse([]byte(strings.Repeat(open, 3<<20/len(open))), 3<<20)
		require.ErrorIs(t, err, ErrDepth, "nesting takes stack")
	}
}

func TestValues(t *testing.T) {
	d, err := Parse([]byte(`{"s":"a\u00e9\ud83d\ude00\/\n","lone":"\ud800x","n":12,"q":"34","f":1.5,"t":true,"z":null,"a":[1,[],{}],"o":{"k\u0065y":"v"}}`), 1000)
	require.NoError(t, err)
	r := d.Root()
	require.Equal(t, "aé😀/\n", r.Get("s").String())
	require.Equal(t, "\uFFFDx", r.Get("lone").String(), "half a pair is replaced, as encoding/json does")
	n, ok := r.Get("n").Int()
	require.True(t, ok)
	require.EqualValues(t, 12, n)
	n, ok = r.Get("q").Int()
	require.True(t, ok, "Meta writes times as strings and as numbers")
	require.EqualValues(t, 34, n)
	_, ok = r.Get("f").Int()
	require.False(t, ok)
	require.True(t, r.Get("t").True())
	require.True(t, r.Get("z").None())
	require.True(t, r.At("o", "missing", "deeper").None(), "an absent path is walked without looking")
	require.Equal(t, "v", r.At("o", "key").String(), "an escaped key is the key")
	require.Equal(t, 3, r.Get("a").Len())
	require.Equal(t, "12", r.Get("n").ID())
	require.Equal(t, "", r.Get("f").ID())
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		why, in, path string
		err           error
	}{
		{"the second of two keys is named", `{"a":1,"b":{"c":1,"c":2}}`, "b.c", ErrDuplicate},
		{"an escape does not hide a duplicate", `{"a":[{"key":1,"k\u0065y":2}]}`, "a[0].key", ErrDuplicate},
		{"broken UTF-8 is found where it stands", "{\"a\":[1,{\"b\":\"\xff\"}]}", "a[1].b", ErrUTF8},
		{"broken UTF-8 in a key is told of its member, unquoted", "{\"a\":{\"\xff\":1}}", "a.(member)", ErrUTF8},
		{"what nests too deep is a fault where it does", `{"good":1,"bad":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `}`, "bad" + strings.Repeat("[0]", 64), ErrDepth},
		{"even where it holds nothing but a number", `{"bad":` + strings.Repeat("[", 64) + "1" + strings.Repeat("]", 64) + `}`, "bad" + strings.Repeat("[0]", 64), ErrDepth},
		{"what is wrong deeper down comes after it", strings.Repeat("[", 65) + `{"a":1,"a":2}` + strings.Repeat("]", 65), strings.Repeat("[0]", 65), ErrDepth},
		{"what a key says is not repeated", `{"+44 7700 900123":1,"+44 7700 900123":1}`, "(member)", ErrDuplicate},
	} {
		d, err := Parse([]byte(c.in), 1000)
		require.NoError(t, err, c.why)
		require.ErrorIs(t, d.Root().Fault(), c.err, c.why)
		_, path := d.Root().FaultAt()
		require.Equal(t, c.path, path, c.why)
	}
	d, err := Parse([]byte(`{"bad":{"c":1,"c":2},"good":{"c":1}}`), 1000)
	require.NoError(t, err)
	require.Error(t, d.Root().Get("bad").Fault())
	require.NoError(t, d.Root().Get("good").Fault(), "a fault stays with the value it is in")

	d, err = Parse([]byte(`{"bad":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`,"good":`+strings.Repeat("[", 64)+strings.Repeat("]", 64)+`}`), 1<<20)
	require.NoError(t, err)
	require.ErrorIs(t, d.Root().Get("bad").Fault(), ErrDepth)
	require.NoError(t, d.Root().Get("good").Fault(), "as deep as this is no fault, and that of a neighbour stays with it")

	var many strings.Builder
	for i := range 200 {
		many.WriteString(`"k` + strings.Repeat("x", i) + `":1,`)
	}
	d, err = Parse([]byte(`{`+many.String()+`"last":1,"last":2}`), 1<<20)
	require.NoError(t, err)
	_, path := d.Root().FaultAt()
	require.Equal(t, "last", path, "duplicates are found in large objects too")
}

// FuzzParse holds the reader to encoding/json: the same texts are JSON, and
// they say the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,true,null,"x\u00e9"],"b":{}}`, `"\ud800"`, `[`, `{"a":1,"a":2}`, "\"\xff\"", ` {"entry":[{"id":"1"}]} `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Parse(b, 1<<16)
		if errors.Is(err, ErrDepth) || errors.Is(err, ErrSize) {
			return
		}
		if valid := json.Valid(b); valid != (err == nil) {
			t.Fatalf("encoding/json says %v, we say %v", valid, err)
		}
		if err != nil {
			return
		}
		d.Root().FaultAt()
		if d.Root().Fault() != nil {
			return
		}
		var want any
		dec := json.NewDecoder(strings.NewReader(string(b)))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		require.Equal(t, want, tree(d.Root()))
	})
}

func tree(v Value) any {
	switch v.Kind() {
	case Object:
		m := map[string]any{}
		for k, x := range v.Members() {
			m[k] = tree(x)
		}
		return m
	case Array:
		a := []any{}
		for _, x := range v.Elements() {
			a = append(a, tree(x))
		}
		return a
	case String:
		return v.String()
	case Number:
		return json.Number(v.Raw())
	case Bool:
		return v.True()
	}
	return nil
}
