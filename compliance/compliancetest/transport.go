package compliancetest

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/waguard/waguard/compliance"
)

// A Transport stands in for an app's client: it counts what reaches it and
// answers with a wamid of its own. It is safe for concurrent use.
type Transport struct {
	// Err is answered instead of a wamid, when set.
	Err error

	mu sync.Mutex
	n  int
	tb testing.TB
}

// Forbidden makes a Transport that fails the test when anything reaches it.
func Forbidden(tb testing.TB) *Transport { return &Transport{tb: tb} }

// Deliver counts, and answers.
func (t *Transport) Deliver(context.Context) (compliance.Ack, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	if t.tb != nil {
		t.tb.Helper()
		t.tb.Error("a message that has to stay in reached the transport")
	}
	if t.Err != nil {
		return compliance.Ack{}, t.Err
	}
	return compliance.Ack{Message: "wamid.test" + strconv.Itoa(t.n)}, nil
}

// Count is how often Deliver was called.
func (t *Transport) Count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}
