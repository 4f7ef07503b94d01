package templatetest

import (
	"testing"
	"time"

	"github.com/waguard/waguard/internal/notestest"
	"github.com/waguard/waguard/template"
)

// RunActs checks every duty of a template.Acts, each as a subtest of its own.
// Acts open has just made are empty.
func RunActs(t *testing.T, open func(t testing.TB) template.Acts) {
	t.Helper()
	acts().Run(t, func(t testing.TB) notestest.Store[template.Act] { return actStore(open(t)) })
}

func actStore(s template.Acts) notestest.Store[template.Act] {
	return notestest.Store[template.Act]{Note: s.Note, List: s.Acts}
}

func act(id string, h int) template.Act {
	return template.Act{ID: id, Kind: template.Edited, Ref: ref, At: hour(h), Status: template.Approved}
}

func acts() notestest.Kit[template.Act] {
	with := func(a template.Act, edit func(*template.Act)) template.Act {
		edit(&a)
		return a
	}
	d := definition()
	submitted := with(act("a", 1), func(a *template.Act) { a.Kind, a.Definition = template.Submitted, &d })
	other := with(act("other", 1), func(a *template.Act) { a.Ref.Account = "999888777666555" })
	loose := with(act("loose", 2), func(a *template.Act) { a.Ref.Account = "" })
	return notestest.Kit[template.Act]{
		Account: account,
		Whole:   []template.Act{submitted, with(act("b", 2), func(a *template.Act) { a.Status = "" })},
		Older:   act("a", 1), Younger: act("a", 2),
		Spread: []template.Act{act("z", 3), act("b", 4), act("a", 4), other, loose},
		Listed: map[string][]template.Act{
			account:           {loose, act("z", 3), act("a", 4), act("b", 4)},
			other.Ref.Account: {other, loose},
			"":                {other, loose, act("z", 3), act("a", 4), act("b", 4)},
		},
		Lacking: map[string]template.Act{
			"no id":       with(act("bad", 1), func(a *template.Act) { a.ID = "" }),
			"no kind":     with(act("bad", 1), func(a *template.Act) { a.Kind = "" }),
			"no instant":  with(act("bad", 1), func(a *template.Act) { a.At = time.Time{} }),
			"no name":     with(act("bad", 1), func(a *template.Act) { a.Ref.Name = "" }),
			"no language": with(act("bad", 1), func(a *template.Act) { a.Ref.Language = "" }),
		},
		Incomplete: template.ErrIncomplete,
	}
}
