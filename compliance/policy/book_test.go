package policy

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// made is a sound rule with one edition.
func made(id ID, s Severity, change ...func(*Rule)) Rule {
	r := Rule{
		ID: id, Area: "data", Phase: Send, Title: "t", Why: "w", Fix: "f", Check: None,
		Editions: []Edition{{From: DayOf(2025, 1, 1), Severity: s, Cites: []Citation{{Source: "s"}}}},
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func alias(ids ...ID) func(*Rule)    { return func(r *Rule) { r.Aliases = ids } }
func off(r *Rule)                    { r.Off = true }
func unwaivable(r *Rule)             { r.Unwaivable = true }
func until(d Day) func(*Rule)        { return func(r *Rule) { r.Editions[0].Until = d } }
func then(es ...Edition) func(*Rule) { return func(r *Rule) { r.Editions = append(r.Editions, es...) } }
func from(d Day, s Severity) Edition {
	return Edition{From: d, Severity: s, Cites: []Citation{{Source: "s"}}}
}
func on(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

func mustBook(t testing.TB, rules ...Rule) *Book {
	t.Helper()
	b, err := NewBook(rules)
	require.NoError(t, err)
	return b
}

func TestNewBookRefuses(t *testing.T) {
	for _, c := range []struct {
		why   string
		rules []Rule
		want  string
	}{
		{"a rule that the loader would refuse", []Rule{made("a", 0), made("B", Warn)},
			"policy: rule B: id: \"B\" is not lower-case words joined by hyphens, with at most a prefix and a slash before them\npolicy: rule a: editions[0].severity: missing"},
		{"an id twice", []Rule{made("a", Warn), made("a", Block)}, "policy: rule a: the id or an alias is taken by another rule: a"},
		{"an alias that is a rule", []Rule{made("a", Warn, alias("b")), made("b", Warn)}, "policy: rule a: the id or an alias is taken by another rule: b"},
		{"an alias of two rules", []Rule{made("a", Warn, alias("x")), made("b", Warn, alias("x"))}, "policy: rule b: the id or an alias is taken by another rule: x"},
	} {
		t.Run(c.why, func(t *testing.T) {
			b, err := NewBook(c.rules)
			require.Nil(t, b)
			require.EqualError(t, err, c.want)
		})
	}
	_, err := NewBook([]Rule{made("a", Warn)}, []Rule{made("a", Warn)})
	require.ErrorIs(t, err, ErrTaken, "sets may not overlap either")
	re := new(RuleError)
	require.ErrorAs(t, err, &re)
	require.Equal(t, ID("a"), re.Rule)
}

func TestBookOrderAndIndex(t *testing.T) {
	b := mustBook(t, made("c", Warn), made("a", Warn, alias("z")), made("b", Warn))
	var ids []ID
	for i, r := range b.All() {
		require.Same(t, r, b.Rule(i))
		ids = append(ids, r.ID)
		if r.ID == "b" {
			break // a loop may be left
		}
	}
	require.Equal(t, []ID{"a", "b"}, ids)
	require.Equal(t, 3, b.Len())
	for id, want := range map[ID]int{"a": 0, "z": 0, "c": 2} {
		i, ok := b.Index(id)
		require.True(t, ok)
		require.Equal(t, want, i)
	}
	_, ok := b.Index("nobody")
	require.False(t, ok)
}

// A book does not look at the caller's slices again.
func TestBookKeepsItsOwn(t *testing.T) {
	rules := []Rule{made("a", Warn, alias("z"), func(r *Rule) {
		r.Check = Lexical
		r.Text = &Text{Languages: map[string]Lexicon{"en": {Goods: []string{"gun"}}}}
		r.Examples = &Examples{Match: []Example{{"en", "gun", "w"}}, Clear: []Example{{"en", "sun", "w"}}}
		r.Editions[0].Params = map[string]json.RawMessage{"n": json.RawMessage("1")}
	})}
	b := mustBook(t, rules...)
	want := mustBook(t, rules...).Digest()
	r := &rules[0]
	r.Editions[0].Severity, r.Editions[0].Cites[0].Source = Block, "changed"
	r.Editions[0].Params["n"][0] = '2'
	r.Aliases[0] = "changed"
	r.Text.Languages["en"].Goods[0] = "changed"
	r.Examples.Match[0].Text = "changed"
	require.Equal(t, want, b.Digest())
}

func TestSheetBoundaries(t *testing.T) {
	b := mustBook(t,
		made("moving", Warn, until(DayOf(2025, 6, 1)), then(
			Edition{From: DayOf(2025, 6, 1), Until: DayOf(2026, 1, 1), Severity: Block, Cites: []Citation{{Source: "s"}}},
			from(DayOf(2026, 3, 1), Note))),
		made("always", Note, func(r *Rule) { r.Editions[0].From = Day{} }),
		made("off", Block, off))
	i, _ := b.Index("moving")
	always, _ := b.Index("always")
	offed, _ := b.Index("off")
	for _, c := range []struct {
		why  string
		at   time.Time
		want Severity
	}{
		{"long before", time.Time{}, 0},
		{"the last instant before", DayOf(2025, 1, 1).Add(-1), 0},
		{"from its first instant", DayOf(2025, 1, 1).Time, Warn},
		{"up to the last instant", DayOf(2025, 6, 1).Add(-1), Warn},
		{"half-open: the next edition", DayOf(2025, 6, 1).Time, Block},
		{"the same instant in another zone", DayOf(2025, 6, 1).Time.In(time.FixedZone("east", 5*3600)), Block},
		{"lifted for a while", DayOf(2026, 1, 1).Time, 0},
		{"and back", DayOf(2026, 3, 1).Time, Note},
		{"for good", on(2999, 1, 1), Note},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := b.At(c.at)
			require.Equal(t, c.want, s.Severity(i))
			require.Equal(t, c.want != 0, s.InForce(i))
			require.Equal(t, c.want != 0, s.Edition(i) != nil)
			require.Equal(t, Note, s.Severity(always), "no from: since ever")
			require.False(t, s.InForce(offed), "off until enabled")
			require.Same(t, b, s.Book())
			require.True(t, s.At().Equal(c.at))
		})
	}
}

func TestZeroSheet(t *testing.T) {
	var s Sheet
	require.Nil(t, s.Book())
	require.False(t, s.InForce(0))
	require.Nil(t, s.Edition(0))
	require.Zero(t, s.Severity(0))
	require.False(t, s.Overridden(0))
	_, ok := s.Waived(0)
	require.False(t, ok)
}

func TestRaise(t *testing.T) {
	b := mustBook(t, made("a", Warn, alias("z"), until(DayOf(2025, 6, 1)), then(from(DayOf(2025, 6, 1), Block))), made("stop", Warn, unwaivable))
	up, err := b.Raise("z", Block)
	require.NoError(t, err, "an alias will do")
	require.Equal(t, Block, up.At(on(2025, 2, 1)).Severity(0))
	require.Equal(t, Warn, b.At(on(2025, 2, 1)).Severity(0), "the book it came from stays as it was")
	require.True(t, up.At(on(2025, 2, 1)).Overridden(0))
	require.False(t, up.At(on(2025, 2, 1)).Overridden(1))
	require.False(t, b.At(on(2025, 2, 1)).Overridden(0))

	down, err := up.Raise("a", Note)
	require.NoError(t, err)
	if d := cmp.Diff([]Change{{"a", []Severity{Warn, Block}, Note}}, down.Changes()); d != "" {
		t.Error("the change is told from how the rule was written", d)
	}
	require.True(t, down.Changes()[0].Looser())
	require.False(t, up.Changes()[0].Looser())
	require.Empty(t, b.Changes())

	same, err := b.Raise("stop", Warn)
	require.NoError(t, err)
	require.Len(t, same.Changes(), 1, "what was said is on record, also when it changes nothing")
	stricter, err := b.Raise("stop", Block)
	require.NoError(t, err, "raising is always allowed")
	_, err = stricter.Raise("stop", Warn)
	require.NoError(t, err, "back to how it was written")
	_, err = stricter.Raise("stop", Note)
	require.ErrorIs(t, err, ErrUnwaivable, "never below")
	require.EqualError(t, err, "policy: rule stop: may be neither waived nor lowered")
	_, err = b.Raise("nobody", Block)
	require.ErrorIs(t, err, ErrUnknownRule)
	for _, s := range []Severity{0, 4} {
		_, err = b.Raise("a", s)
		require.Error(t, err)
	}
}

func TestWaive(t *testing.T) {
	b := mustBook(t, made("a", Block, alias("z")), made("stop", Block, unwaivable))
	end := time.Date(2025, 7, 1, 9, 30, 0, 0, time.FixedZone("", 3600))
	w, err := b.Waive(Waiver{Rule: "z", Reason: "moving house", Owner: "legal", Until: end})
	require.NoError(t, err)
	got, ok := w.At(end.Add(-1)).Waived(0)
	require.True(t, ok)
	require.Equal(t, ID("a"), got.Rule, "under its own id, whatever was asked for")
	require.True(t, w.At(end.Add(-1)).InForce(0), "a waived rule still stands")
	_, ok = w.At(end).Waived(0)
	require.False(t, ok, "half-open: at its end it is over")
	_, ok = w.At(on(2025, 2, 1)).Waived(1)
	require.False(t, ok)
	require.Empty(t, b.Waivers())
	require.Len(t, w.Waivers(), 1)

	longer, err := w.Waive(Waiver{Rule: "a", Reason: "still moving", Owner: "legal", Until: end.AddDate(0, 1, 0)})
	require.NoError(t, err)
	require.Len(t, longer.Waivers(), 1, "a second one replaces the first")
	_, ok = longer.At(end).Waived(0)
	require.True(t, ok)

	none, err := b.Waive(Waiver{Rule: "a", Reason: " ", Until: end}, Waiver{Rule: "stop", Reason: "r", Owner: "o", Until: end}, Waiver{Rule: "nobody"}, Waiver{Rule: "a", Reason: "r", Owner: "o"})
	require.Nil(t, none)
	require.EqualError(t, err, strings.Join([]string{
		"policy: rule a: a waiver needs a reason",
		"policy: rule a: a waiver needs an owner",
		"policy: rule stop: may be neither waived nor lowered",
		"policy: rule nobody: no such rule in this book",
		"policy: rule a: a waiver needs an end date",
	}, "\n"))
}

func TestEnable(t *testing.T) {
	law := func(r *Rule) { r.Area, r.Off = "law", true }
	b := mustBook(t, made("a", Warn), made("l-one", Warn, law, alias("z")), made("l-two", Warn, law))
	one, err := b.Enable("z", "a")
	require.NoError(t, err, "what is on stays on")
	require.Equal(t, []ID{"l-one"}, one.Enabled())
	require.True(t, one.At(on(2025, 2, 1)).InForce(1))
	require.False(t, one.At(on(2025, 2, 1)).InForce(2))
	require.False(t, one.At(on(2024, 2, 1)).InForce(1), "enabled is not in force before its time")
	all, err := b.EnableArea("law")
	require.NoError(t, err)
	require.Equal(t, []ID{"l-one", "l-two"}, all.Enabled())
	back, err := all.Disable("l-one", "l-two")
	require.NoError(t, err)
	require.Empty(t, back.Enabled())
	require.Equal(t, b.Digest(), back.Digest())

	_, err = b.Disable("a")
	require.ErrorIs(t, err, ErrNotOff, "a rule that is on is waived, with a reason")
	_, err = b.Enable("nobody")
	require.ErrorIs(t, err, ErrUnknownRule)
	_, err = b.EnableArea("goods")
	require.EqualError(t, err, `policy: area "goods" has no rule that is switched off`)
}

func TestWith(t *testing.T) {
	b := mustBook(t, made("m", Warn))
	own, err := b.With(made("acme/a", Block), made("acme/z", Note))
	require.NoError(t, err)
	require.Equal(t, 3, own.Len())
	require.Equal(t, 1, b.Len())
	_, err = own.With(made("acme/a", Block))
	require.ErrorIs(t, err, ErrTaken)
	_, err = b.With(made("acme/a", Block, alias("m")))
	require.ErrorIs(t, err, ErrTaken, "an app's rule cannot stand in for one of ours")
	_, err = b.With(made("plain", Block))
	require.EqualError(t, err, `policy: rule plain: a rule of an app carries a prefix, like "acme/no-sunday"`)
	_, err = b.With(made("acme/a", 0))
	require.ErrorAs(t, err, new(*LoadError))

	raised, err := b.Raise("m", Block)
	require.NoError(t, err)
	both, err := raised.With(made("acme/a", Block))
	require.NoError(t, err)
	i, _ := both.Index("m")
	require.Equal(t, Block, both.At(on(2025, 2, 1)).Severity(i), "decisions stay with their rule when numbers move")
	require.Len(t, both.Changes(), 1)
}

func TestDigest(t *testing.T) {
	params := func(raw string) func(*Rule) {
		return func(r *Rule) { r.Editions[0].Params = map[string]json.RawMessage{"p": json.RawMessage(raw)} }
	}
	a, c := made("a", Warn, params(`{"x":1,"y":[2]}`)), made("c", Block)
	b := mustBook(t, a, c)
	require.Len(t, b.Digest(), 64)
	same := func(why string, x *Book) { t.Helper(); require.Equal(t, b.Digest(), x.Digest(), why) }
	other := func(why string, x *Book, err error) {
		t.Helper()
		require.NoError(t, err)
		require.NotEqual(t, b.Digest(), x.Digest(), why)
	}
	same("the order of rules does not count", mustBook(t, c, a))
	same("nor how a parameter is written", mustBook(t, made("a", Warn, params("{ \"y\":[2],\n\"x\":1}")), c))
	x, err := b.Raise("a", Block)
	other("a severity counts", x, err)
	w := Waiver{Rule: "a", Reason: "r", Owner: "o", Until: on(2025, 3, 1)}
	x, err = b.Waive(w)
	other("a waiver counts", x, err)
	w.Until = w.Until.In(time.FixedZone("", 7200))
	y, err := b.Waive(w)
	require.NoError(t, err)
	require.Equal(t, x.Digest(), y.Digest(), "an instant is one instant in every zone")
	x, err = b.With(made("acme/a", Note))
	other("an app's rule counts", x, err)
	x, err = NewBook([]Rule{made("a", Warn, params(`{"x":2,"y":[2]}`)), c})
	other("a parameter counts", x, err)
}

// Cutting the book at its boundaries gives what looking at every edition gives.
func TestSheetsAgreeWithEditions(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	b, err = b.EnableArea("law")
	require.NoError(t, err)
	for at := on(2017, 12, 30); at.Before(on(2028, 1, 1)); at = at.Add(31 * time.Hour) {
		s := b.At(at)
		for i, r := range b.All() {
			var want *Edition
			for k := range r.Editions {
				if r.Editions[k].In(at) {
					want = &r.Editions[k]
				}
			}
			require.Same(t, want, s.Edition(i), "%s at %s", r.ID, at)
		}
	}
}

func TestBookConcurrently(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	want, err := Builtin()
	require.NoError(t, err)
	digest := want.Digest()
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			next, err := b.Raise("service-window-24h", Block)
			if err != nil || !next.At(on(2026, 1, n+1)).Overridden(must(next.Index("service-window-24h"))) {
				t.Error("raise", err)
			}
			if b.Digest() != digest || len(b.Changes()) != 0 {
				t.Error("the book changed")
			}
		})
	}
	wg.Wait()
}

func must(i int, ok bool) int {
	if !ok {
		panic("no such rule")
	}
	return i
}

func TestParam(t *testing.T) {
	e := &Edition{Params: map[string]json.RawMessage{"window": json.RawMessage(`{"hours":24,"margin_seconds":60}`), "places": json.RawMessage(`["AU","JP"]`)}}
	type window struct {
		Hours  int `json:"hours"`
		Margin int `json:"margin_seconds"`
	}
	w, ok, err := Param[window](e, "window")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, window{24, 60}, w)
	_, ok, err = Param[int](e, "limit")
	require.NoError(t, err)
	require.False(t, ok, "not there is no mistake")
	_, ok, err = Param[int](nil, "limit")
	require.NoError(t, err)
	require.False(t, ok, "no edition, no parameters")
	p, ok, err := Param[[]int](e, "places")
	require.ErrorContains(t, err, `policy: parameter "places": `)
	require.True(t, ok, "there, and not what was wanted")
	require.Nil(t, p)
	_, _, err = Param[struct{ Hours int }](e, "window")
	require.ErrorContains(t, err, "margin_seconds", "a field the mechanism does not know is a mistake")
}

func TestSort(t *testing.T) {
	want := []Violation{
		{Rule: "b", Severity: Block, Where: "body"},
		{Rule: "c", Severity: Block, Where: "body", Span: Span{2, 4}},
		{Rule: "c", Severity: Block, Where: "body", Span: Span{2, 6}},
		{Rule: "c", Severity: Block, Where: "body", Span: Span{3, 4}},
		{Rule: "c", Severity: Block, Where: "footer"},
		{Rule: "a", Severity: Warn},
		{Rule: "a", Severity: Note},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRuleErrorUnwraps(t *testing.T) {
	require.True(t, errors.Is(&RuleError{"a", ErrNotOff}, ErrNotOff))
}

func BenchmarkAt(b *testing.B) {
	book, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	at := on(2026, 11, 25)
	b.ReportAllocs()
	for b.Loop() {
		if !book.At(at).InForce(0) {
			_ = at
		}
	}
}

func BenchmarkRaise(b *testing.B) {
	book, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := book.Raise("service-window-24h", Block); err != nil {
			b.Fatal(err)
		}
	}
}
