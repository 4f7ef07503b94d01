package compliancetest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

func TestAccountMemory(t *testing.T) {
	AccountStore(t, func(*testing.T) compliance.AccountStore { return compliance.NewAccountMemory() })
}

// badAccount is a store that breaks one duty.
type badAccount struct {
	*compliance.AccountMemory
	note func(b *badAccount, ctx context.Context, news []compliance.AccountNews) error
	news func(b *badAccount, ctx context.Context, l party.Line) ([]compliance.AccountNews, error)
	mu   sync.Mutex
	kept []compliance.AccountNews
}

func (b *badAccount) Note(ctx context.Context, news ...compliance.AccountNews) error {
	if b.note != nil {
		return b.note(b, ctx, news)
	}
	return b.AccountMemory.Note(ctx, news...)
}

func (b *badAccount) News(ctx context.Context, l party.Line) ([]compliance.AccountNews, error) {
	if b.news != nil {
		return b.news(b, ctx, l)
	}
	return b.AccountMemory.News(ctx, l)
}

// Each duty of the kit can fail: a store that breaks it is noticed.
func TestTheKitNoticesABadStore(t *testing.T) {
	bad := map[int]*badAccount{
		1: {news: func(b *badAccount, ctx context.Context, l party.Line) ([]compliance.AccountNews, error) {
			ns, err := b.AccountMemory.News(ctx, l)
			for i := range ns {
				ns[i].Cause = ""
			}
			return ns, err
		}},
		2: {note: func(b *badAccount, _ context.Context, news []compliance.AccountNews) error {
			b.kept = append(b.kept, news...)
			return nil
		}, news: func(b *badAccount, context context.Context, l party.Line) ([]compliance.AccountNews, error) {
			return b.kept, nil
		}},
		3: {news: func(*badAccount, context.Context, party.Line) ([]compliance.AccountNews, error) {
			return []compliance.AccountNews{{ID: "made up"}}, nil
		}},
		4: {news: func(b *badAccount, ctx context.Context, l party.Line) ([]compliance.AccountNews, error) {
			return b.AccountMemory.News(ctx, party.Line{Account: strings.ToUpper(l.Account), Number: l.Number})
		}},
		5: {news: func(b *badAccount, ctx context.Context, l party.Line) ([]compliance.AccountNews, error) {
			ns, err := b.AccountMemory.News(ctx, l)
			slices.Reverse(ns)
			return ns, err
		}},
		6: {note: func(b *badAccount, _ context.Context, news []compliance.AccountNews) error {
			return b.AccountMemory.Note(context.Background(), news...)
		}},
		7: {news: func(b *badAccount, ctx context.Context, l party.Line) ([]compliance.AccountNews, error) {
			ns, err := b.AccountMemory.News(ctx, l)
			if err != nil && ctx.Err() == nil {
				return nil, nil
			}
			return ns, err
		}},
		8: {note: func(b *badAccount, ctx context.Context, news []compliance.AccountNews) error {
			b.mu.Lock()
			late := b.kept
			b.kept = slices.Clone(news)
			b.mu.Unlock()
			return b.AccountMemory.Note(ctx, late...) // written with the next call
		}},
		9: {note: func(b *badAccount, ctx context.Context, news []compliance.AccountNews) error {
			var sound []compliance.AccountNews
			for _, n := range news {
				if n.ID != "" && !n.At.IsZero() {
					sound = append(sound, n)
				}
			}
			return b.AccountMemory.Note(ctx, sound...)
		}},
	}
	for _, d := range accountDuties {
		b, ok := bad[d.number]
		require.True(t, ok, "duty %d is never broken", d.number)
		b.AccountMemory = compliance.NewAccountMemory()
		require.Error(t, d.check(t.Context(), b), "duty %d (%s)", d.number, d.name)
	}
}

func TestCensusNamesWhatIsMissing(t *testing.T) {
	day := policy.DayOf(2026, 3, 1)
	rule := policy.Rule{ID: "acme/own", Area: "permission", Phase: policy.Send, Check: policy.Gate, Title: "t", Why: "w", Fix: "f",
		Editions: []policy.Edition{{From: day, Severity: policy.Warn, Cites: []policy.Citation{{Source: "s"}}}}}
	book, err := policy.NewBook([]policy.Rule{rule})
	require.NoError(t, err)
	r := &runner{config: config{book: book, prefix: "acme/"}}
	require.Equal(t, []string{"acme/own: no case breaks it", "acme/own: no case is in scope and clear", "acme/own: no case on each side of 2026-03-01"}, r.census())

	r.seen = map[policy.ID][]outcome{"acme/own": {{day.Add(1), policy.Warned}, {day.Add(2), policy.Clear}}}
	require.Equal(t, []string{"acme/own: no case on each side of 2026-03-01"}, r.census())
	r.seen["acme/own"] = append(r.seen["acme/own"], outcome{day.Add(-1), policy.NotInForce})
	require.Empty(t, r.census())
	r.prefix = "other/"
	r.seen = nil
	require.Empty(t, r.census(), "an app vouches for its own rules")
}

// An app's folder: one case with its golden, and one flow.
func TestRunAsAnAppDoes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		p := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o755))
		require.NoError(t, os.WriteFile(p, []byte(text), 0o644))
	}
	write("cases/permission/acme/quiet/held.json", `{"why":"the app's rule holds it","given":[{"at":"2026-11-25T08:00:00Z","webhook":{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"2"},"contacts":[{"wa_id":"447700900123"}],"messages":[{"from":"447700900123","id":"wamid.1","timestamp":"1795593600","type":"text","text":{"body":"Hi"}}]}}]}]}}],
		"at":"2026-11-25T08:01:00Z","phone_number_id":"2","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"quiet, please"}},"expect":{"verdict":"deny","rules":["acme/quiet"]}}`)
	write("flows/nobody.jsonl", `{"at":"2026-11-25T08:00:00Z","id":"s1","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"hello"}}}`)
	write("flows/nobody.expect.json", `{"why":"nobody wrote","sends":{"s1":{"verdict":"deny","rules":["template-only-initiation"]}}}`)

	book, err := policy.Builtin()
	require.NoError(t, err)
	book, err = book.With(policy.Rule{ID: "acme/quiet", Area: "permission", Phase: policy.Send, Check: policy.Gate, Title: "Not when asked to be quiet", Why: "The app says so.", Fix: "Wait.",
		Editions: []policy.Edition{{Severity: policy.Block, Cites: []policy.Citation{{Source: "handbook"}}}}})
	require.NoError(t, err)

	names, err := files(filepath.Join(dir, "cases"), func(p string) bool { return strings.HasSuffix(p, ".json") })
	require.NoError(t, err)
	require.Len(t, names, 1)
	id, ok := ruleOf("permission/acme/quiet/held.json")
	require.True(t, ok)
	require.Equal(t, policy.ID("acme/quiet"), id)

	t.Setenv("CI", "")
	t.Setenv(updateVar, "update")
	Run(t, dir, With(book, compliance.Business{}), Sender(compliance.WithGate(quiet{})), Own("none/"))
	golden, err := os.ReadFile(filepath.Join(dir, "cases/permission/acme/quiet/held.golden.json"))
	require.NoError(t, err, "the golden of a case that passed is made")
	require.Contains(t, string(golden), `"acme/quiet"`)
	require.NotContains(t, string(golden), "quiet, please", "no words in a Decision")

	t.Setenv(updateVar, "")
	Run(t, dir, With(book, compliance.Business{}), Sender(compliance.WithGate(quiet{})), Own("none/"))
}

// quiet is an app's own gate.
type quiet struct{}

func (quiet) Name() string       { return "quiet" }
func (quiet) Rules() []policy.ID { return []policy.ID{"acme/quiet"} }

func (quiet) Judge(c *compliance.Case, r *compliance.Results) {
	r.Clear(0)
	for _, t := range c.Message.Texts {
		if strings.Contains(t.Words, "quiet") {
			r.Break(0, compliance.Break{Where: t.Place})
		}
	}
}
