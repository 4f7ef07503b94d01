package compliance

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// MemoryStores keeps everything in this process: for tests, dry runs and
// replays. What it holds is gone with the process.
func MemoryStores() Stores {
	return Stores{
		Consent:   optin.NewMemory(),
		Windows:   window.NewMemory(),
		Links:     party.NewMemory(),
		Templates: template.NewMemory(),
		Account:   NewAccountMemory(),
		Pace:      pace.NewMemory(),
		Journal:   journal.NewMemory("memory"),
		Acts:      template.NewActs(),
		Outcomes:  category.NewOutcomes(),
	}
}

// AccountMemory is an AccountStore in this process.
type AccountMemory struct {
	mu     sync.RWMutex
	ids    map[string]struct{}
	news   map[string][]AccountNews // by account; news without one under ""
	closed bool
}

// NewAccountMemory makes an empty store.
func NewAccountMemory() *AccountMemory {
	return &AccountMemory{ids: map[string]struct{}{}, news: map[string][]AccountNews{}}
}

var (
	errClosed   = fault("closed")
	errNameless = fault("news of an account need an id and an instant")
)

// Close ends the store; every later call fails.
func (m *AccountMemory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// Note keeps news; repeats of an id change nothing.
func (m *AccountMemory) Note(ctx context.Context, news ...AccountNews) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, n := range news {
		if n.ID == "" || n.At.IsZero() {
			return errNameless
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return errClosed
	}
	for _, n := range news {
		if _, ok := m.ids[n.ID]; ok {
			continue
		}
		m.ids[n.ID] = struct{}{}
		n.At, n.Received, n.Until = micro(n.At), micro(n.Received), micro(n.Until)
		ns := append(slices.Clone(m.news[n.Line.Account]), n)
		slices.SortFunc(ns, olderNews)
		m.news[n.Line.Account] = ns
	}
	return nil
}

// News returns what is known about a line; see [AccountStore].
func (m *AccountMemory) News(ctx context.Context, l party.Line) ([]AccountNews, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.closed {
		return nil, errClosed
	}
	var out []AccountNews
	if l.Account != "" {
		out = append(out, m.news[l.Account]...)
	} else {
		for account, ns := range m.news {
			if account != "" {
				out = append(out, ns...)
			}
		}
	}
	for _, n := range m.news[""] {
		if n.Line.Number == l.Number {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, olderNews)
	return out, nil
}

func olderNews(a, b AccountNews) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// micro is a time as every store keeps it.
func micro(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
