package templatetest

import (
	"testing"

	"github.com/waguard/waguard/internal/notestest"
	"github.com/waguard/waguard/template"
)

func TestActsMemory(t *testing.T) {
	RunActs(t, func(testing.TB) template.Acts { return template.NewActs() })
}

// TestBadActs proves that each duty is noticed when it is not kept.
func TestBadActs(t *testing.T) {
	acts().Prove(t, func() notestest.Store[template.Act] { return actStore(template.NewActs()) },
		func(a *template.Act) { a.Definition = nil },
		func(a *template.Act, n int) { a.ID += string(rune('a' + n%26)) })
}
