package compliance

import (
	"context"
	"sort"
	"sync"

	"github.com/waguard/waguard/compliance/journal"
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
		Journal:   journal.NewMemory("memory"),
	}
}

// AccountMemory is an AccountStore in this process.
type AccountMemory struct {
	mu   sync.RWMutex
	ids  map[string]struct{}
	news map[string][]AccountNews // by account, or by number under an empty account
}

// NewAccountMemory makes an empty store.
func NewAccountMemory() *AccountMemory {
	return &AccountMemory{ids: map[string]struct{}{}, news: map[string][]AccountNews{}}
}

// Note keeps news; repeats of an id change nothing.
func (m *AccountMemory) Note(ctx context.Context, news ...AccountNews) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range news {
		if _, ok := m.ids[n.ID]; ok {
			continue
		}
		m.ids[n.ID] = struct{}{}
		n.At, n.Received, n.Until = n.At.UTC(), n.Received.UTC(), n.Until.UTC()
		k := accountKey(n.Line)
		ns := append(m.news[k], n)
		sort.SliceStable(ns, func(i, j int) bool {
			if !ns[i].At.Equal(ns[j].At) {
				return ns[i].At.Before(ns[j].At)
			}
			return ns[i].ID < ns[j].ID
		})
		m.news[k] = ns
	}
	return nil
}

// News returns what is known about the account of a line, and about its number
// from news that named no account.
func (m *AccountMemory) News(ctx context.Context, l party.Line) ([]AccountNews, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	byAccount, byNumber := []AccountNews(nil), []AccountNews(nil)
	if l.Account != "" {
		byAccount = m.news["a"+l.Account]
	}
	if l.Number != "" {
		byNumber = m.news["n"+l.Number]
	}
	if len(byAccount)+len(byNumber) == 0 {
		return nil, nil
	}
	out := make([]AccountNews, 0, len(byAccount)+len(byNumber))
	out = append(append(out, byAccount...), byNumber...)
	if len(byNumber) > 0 {
		sort.SliceStable(out, func(i, j int) bool { return out[i].At.Before(out[j].At) })
	}
	return out, nil
}

func accountKey(l party.Line) string {
	if l.Account != "" {
		return "a" + l.Account
	}
	return "n" + l.Number
}
