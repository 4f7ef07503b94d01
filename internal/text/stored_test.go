package text

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStored(t *testing.T) {
	theArticle := func(w string) []string { return []string{"the" + w} }
	for _, c := range []struct {
		list  []string
		forms func(string) []string
		why   string
	}{
		{nil, nil, "nothing"},
		{[]string{"gun"}, nil, "one word"},
		{[]string{"gun", "gun", "gun", "gun", "gun sale"}, nil, "many that end in one place"},
		{[]string{"hunting rifle*", "rifle*", "rifles for sale", "for sale", "sale of rifles", "a*", "ab*", "abc"}, nil, "stars over words, and failures to more than one word"},
		{[]string{"gun sale", "thegun", "手枪 出售", "пистолет*"}, theArticle, "forms that share a symbol"},
		{phraseList(3000), nil, "many"},
	} {
		p, err := CompileForms(c.list, c.forms)
		require.NoError(t, err, c.why)
		b := p.Append(nil)
		again, rest, err := Read(append(slices.Clone(b), "behind"...))
		require.NoError(t, err, c.why)
		require.Equal(t, "behind", string(rest), c.why)
		require.Equal(t, p.Len(), again.Len(), c.why)
		require.True(t, bytes.Equal(b, again.Append(nil)), c.why)
		var buf Buffer
		buf.Add(strings.Join(c.list, " ") + " thegun sale, r i f l e s, abcd")
		require.True(t, slices.Equal(p.Find(nil, &buf), again.Find(nil, &buf)), "%s: other hits", c.why)
		for end := 0; end < len(b); end += 1 + len(b)/300 {
			_, _, err := Read(b[:end])
			require.ErrorIs(t, err, ErrStored, "%s, cut after %d bytes", c.why, end)
		}
	}
}

func ExampleRead() {
	p, err := Compile([]string{"hunting rifle*", "for sale"})
	if err != nil {
		panic(err)
	}
	stored := p.Append(nil) // once, ahead of time
	again, _, err := Read(stored)
	if err != nil {
		panic(err)
	}
	var b Buffer
	b.Add("Hunting rifles for sale")
	fmt.Println(len(again.Find(nil, &b)), "found")
	// Output: 2 found
}

// FuzzRead damages stored phrases: whatever is read can be searched with.
func FuzzRead(f *testing.F) {
	for _, list := range [][]string{{"gun"}, {"hunting rifle*", "rifle*", "rifles for sale", "for sale", "sale of guns"}} {
		p, err := Compile(list)
		if err != nil {
			f.Fatal(err)
		}
		b := p.Append(nil)
		f.Add(b, uint16(0), byte(0), "rifles for sale, g u n s for sale")
		for at := 0; at < len(b); at += 7 {
			f.Add(b, uint16(at), byte(3), "hunting rifle for sale of guns")
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, at uint16, change byte, s string) {
		if len(b) > 0 {
			b = slices.Clone(b)
			b[int(at)%len(b)] ^= change
		}
		p, _, err := Read(b)
		if err != nil {
			return
		}
		var buf Buffer
		buf.Add(s)
		for _, h := range p.Find(nil, &buf) {
			if h.First < 0 || h.End <= h.First || int(h.End) > len(buf.Tokens()) || int(h.Phrase) >= p.Len() {
				t.Fatalf("hit out of range: %+v", h)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1000, 20000, 150000} {
		p, err := Compile(phraseList(n))
		if err != nil {
			b.Fatal(err)
		}
		stored := p.Append(nil)
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(stored)))
			for b.Loop() {
				if _, _, err := Read(stored); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(stored)), "stored-B")
			b.ReportMetric(float64(p.size()), "memory-B")
		})
	}
}
