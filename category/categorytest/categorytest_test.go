package categorytest

import (
	"testing"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/internal/notestest"
)

func TestMemory(t *testing.T) {
	Run(t, func(testing.TB) category.Outcomes { return category.NewOutcomes() })
}

// TestBadStores proves that each duty is noticed when it is not kept.
func TestBadStores(t *testing.T) {
	kit().Prove(t, func() notestest.Store[category.Outcome] { return store(category.NewOutcomes()) },
		func(o *category.Outcome) { o.Declared = category.Unknown },
		func(o *category.Outcome, n int) { o.Lang += string(rune('a' + n%26)) })
}
