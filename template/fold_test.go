package template

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func day(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }

// at makes news of the template the fold tests are about.
func at(d int, id string, edit func(*Change)) Change {
	c := Change{ID: id, Template: "7", At: day(d)}
	edit(&c)
	return c
}

func status(d int, id string, s Status) Change { return at(d, id, func(c *Change) { c.Status = s }) }

func TestFold(t *testing.T) {
	known := Definition{ID: "7", Ref: Ref{Name: "t", Language: "en"}, Status: Approved, Category: category.Utility, Quality: "GREEN"}
	notice := at(2, "notice", func(c *Change) { c.Category, c.Next, c.NextAt = category.Utility, category.Marketing, day(20) })
	type want struct {
		status  Status
		cat     category.Category
		next    category.Category
		nextAt  time.Time
		quality string
		flagged bool
	}
	as := func(edit func(*want)) want {
		w := want{status: Approved, cat: category.Utility, quality: "GREEN"}
		edit(&w)
		return w
	}
	cases := []struct {
		why     string
		def     Definition
		changes []Change
		want    want
	}{
		{"no news", known, nil, as(func(*want) {})},
		{"younger news", known, []Change{status(2, "a", Paused)}, as(func(w *want) { w.status = Paused })},
		{"news from before the definition", known, []Change{status(0, "a", Paused)}, as(func(*want) {})},
		{"news of the definition's own instant counts", known, []Change{status(1, "a", Paused)}, as(func(w *want) { w.status = Paused })},
		{"pause and unpause", known, []Change{status(2, "a", Paused), status(3, "b", Approved)}, as(func(*want) {})},
		{"two events in one second: what keeps the message in", known, []Change{status(2, "a", Paused), status(2, "b", Approved)}, as(func(w *want) { w.status = Paused })},
		{"somebody else's news", known, []Change{{ID: "a", Template: "8", Ref: Ref{Name: "t", Language: "en"}, At: day(2), Status: Paused}}, as(func(*want) {})},
		{"by name, the account not named", known, []Change{{ID: "a", Ref: Ref{Name: "t", Language: "en"}, At: day(2), Status: Paused}}, as(func(w *want) { w.status = Paused })},
		{"another language", known, []Change{{ID: "a", Ref: Ref{Name: "t", Language: "de"}, At: day(2), Status: Paused}}, as(func(*want) {})},
		{"flagged is at risk and can be sent", known, []Change{status(2, "a", "FLAGGED")}, as(func(w *want) { w.flagged = true })},
		{"a flag lifted", known, []Change{status(2, "a", "FLAGGED"), status(3, "b", "REINSTATED")}, as(func(*want) {})},
		{"disabled and reinstated", known, []Change{status(2, "a", Disabled), status(3, "b", "REINSTATED")}, as(func(*want) {})},
		{"locked says nothing about sending", known, []Change{status(2, "a", "LOCKED")}, as(func(*want) {})},
		{"archived", known, []Change{status(2, "a", Archived)}, as(func(w *want) { w.status = Archived })},
		{"unarchived brings back what was before", known, []Change{status(2, "a", Paused), status(3, "b", Archived), status(4, "c", "UNARCHIVED")}, as(func(w *want) { w.status = Paused })},
		{"lower case", known, []Change{status(2, "a", "paused")}, as(func(w *want) { w.status = Paused })},
		{"quality", known, []Change{at(2, "a", func(c *Change) { c.Quality = "RED" }), at(3, "b", func(c *Change) { c.Quality = "YELLOW" })}, as(func(w *want) { w.quality = "YELLOW" })},
		{"a notice", known, []Change{notice}, as(func(w *want) { w.next, w.nextAt = category.Marketing, day(20) })},
		{"a status webhook repeats the category and leaves the notice", known, []Change{notice, at(3, "b", func(c *Change) { c.Status, c.Category = Approved, category.Utility })}, as(func(w *want) { w.next, w.nextAt = category.Marketing, day(20) })},
		{"done", known, []Change{notice, at(20, "b", func(c *Change) { c.Category = category.Marketing })}, as(func(w *want) { w.cat = category.Marketing })},
		{"done early", known, []Change{notice, at(5, "b", func(c *Change) { c.Category = category.Marketing })}, as(func(w *want) { w.cat = category.Marketing })},
		{"after its instant the category is still the old one: it was dropped", known, []Change{notice, at(21, "b", func(c *Change) { c.Category = category.Utility })}, as(func(*want) {})},
		{"a notice that came after its own instant", known, []Change{at(21, "late", func(c *Change) { c.Category, c.Next, c.NextAt = category.Utility, category.Marketing, day(20) })}, as(func(w *want) { w.next, w.nextAt = category.Marketing, day(20) })},
		{"announced without an instant goes by the notice's", func() Definition { d := known; d.Next = category.Marketing; return d }(), []Change{notice}, as(func(w *want) { w.next, w.nextAt = category.Marketing, day(20) })},
		{"announced without an instant", func() Definition { d := known; d.Next = category.Marketing; return d }(), nil, as(func(w *want) { w.next = category.Marketing })},
		{"correct_category that is the category is no announcement", func() Definition { d := known; d.Next = category.Utility; return d }(), nil, as(func(*want) {})},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			for range 2 {
				got := Fold(c.def, day(1), append(slices.Clone(c.changes), c.changes...))
				require.Equal(t, c.want, want{got.Status, got.Category, got.Next, got.NextAt, got.Quality, got.Flagged})
				slices.Reverse(c.changes)
			}
		})
	}
}

func TestMemoryNewsWithoutDefinitionID(t *testing.T) {
	m, ctx := NewMemory(), context.Background()
	r := Ref{Account: "1", Name: "t", Language: "en"}
	require.NoError(t, m.Apply(ctx, Change{ID: "a", Ref: r, Template: "7", At: day(2), Status: Paused}))
	require.NoError(t, m.Put(ctx, day(1), Definition{Ref: r, Status: Approved}))
	d, ok, err := m.Find(ctx, r)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, Paused, d.Status, "a definition put without its id is still reached by name")
}

func TestMemoryKeepsAnnouncementUntilADefinitionDropsIt(t *testing.T) {
	m, ctx := NewMemory(), context.Background()
	d := Definition{ID: "7", Ref: Ref{Name: "t", Language: "en"}, Category: category.Utility}
	next := func() category.Category {
		got, _, err := m.Find(ctx, d.Ref)
		require.NoError(t, err)
		return got.Next
	}
	announced := d
	announced.Next = category.Marketing
	require.NoError(t, m.Put(ctx, day(1), announced))
	require.Equal(t, category.Marketing, next())
	require.NoError(t, m.Put(ctx, day(2), d))
	require.Equal(t, category.Unknown, next(), "correct_category was there and is there no more")
}

func TestMemoryDefinitions(t *testing.T) {
	m, ctx := NewMemory(), context.Background()
	for _, r := range []Ref{{"2", "a", "en"}, {"1", "b", "en"}, {"1", "a", "en"}, {"1", "a", "de"}} {
		require.NoError(t, m.Put(ctx, day(1), Definition{ID: r.Account + r.Name + r.Language, Ref: r}))
	}
	require.NoError(t, m.Apply(ctx, Change{ID: "a", Template: "never put", At: day(1), Status: Paused}))
	var got []Ref
	for d, err := range m.Definitions(ctx, "") {
		require.NoError(t, err)
		got = append(got, d.Ref)
	}
	require.Equal(t, []Ref{{"1", "a", "de"}, {"1", "a", "en"}, {"1", "b", "en"}, {"2", "a", "en"}}, got)

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range m.Definitions(cancelled, "") {
		require.ErrorIs(t, err, context.Canceled, "a listing that was cut short says so")
	}
}
