package compliance_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/template"
)

func outcomes(t *testing.T, s compliance.Stores) (all []category.Outcome) {
	t.Helper()
	for o, err := range s.Outcomes.Outcomes(context.Background(), "") {
		require.NoError(t, err)
		all = append(all, o)
	}
	return all
}

func kinds(t *testing.T, s compliance.Stores) (all []template.ActKind) {
	t.Helper()
	for a, err := range s.Acts.Acts(context.Background(), "A1") {
		require.NoError(t, err)
		all = append(all, a.Kind)
	}
	return all
}

// What Meta decides is kept beside what the words look like, whichever way it is
// told.
func TestDecisionsAreKept(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	all := outcomes(t, s.stores)
	require.Len(t, all, 2, "both templates of the listing")
	require.Equal(t, category.Outcome{Account: "A1", Template: "sale", Lang: "en", Predicted: category.Marketing, Sure: all[0].Sure, Decided: category.Marketing, By: category.Listed, At: noon.Add(-time.Hour)}, all[0])

	shipped := template.Ref{Account: "A1", Name: "shipped", Language: "en"}
	news := func(id string, h int, edit func(*template.Change)) compliance.Event {
		c := template.Change{ID: id, Ref: shipped, At: noon.Add(time.Duration(h) * time.Minute)}
		edit(&c)
		return compliance.TemplateNews{Change: c}
	}
	s.clock.Set(noon.Add(time.Hour))
	_, err := s.Inbox().Receive(ctx, news("repeats", 1, func(c *template.Change) { c.Status, c.Category = "FLAGGED", category.Utility }))
	require.NoError(t, err)
	require.Len(t, outcomes(t, s.stores), 2, "a status webhook repeats the category, and decides nothing")
	_, err = s.Inbox().Receive(ctx, news("done", 2, func(c *template.Change) { c.Was, c.Category = category.Utility, category.Marketing }))
	require.NoError(t, err)
	all = outcomes(t, s.stores)
	require.Len(t, all, 3)
	require.Equal(t, category.Recorded, all[2].By)
	require.Equal(t, category.Marketing, all[2].Decided)
	require.Equal(t, category.Utility, all[2].Predicted)

	draft := definition(t, "survey", "UTILITY", "How was order {{1}} for you?")
	draft.ID, draft.Status = "", ""
	held, err := s.Inbox().Submitted(ctx, s.clock.Now(), draft, []byte(`{"id":"77","status":"PENDING","category":"MARKETING"}`))
	require.NoError(t, err)
	require.Equal(t, category.Marketing, held.Category, "the category of the answer, not of the request")
	require.Equal(t, template.Pending, held.Status)
	var created category.Outcome
	for _, o := range outcomes(t, s.stores) {
		if o.By == category.Created {
			created = o
		}
	}
	require.Equal(t, category.Utility, created.Declared)
	require.Equal(t, category.Marketing, created.Decided)

	var c category.Confusion
	require.NoError(t, c.AddLatest(s.stores.Outcomes.Outcomes(ctx, "A1")))
	require.Equal(t, 3, c.Total(), "one for each template: the youngest decision")
	require.Equal(t, 2, c.Count(category.Utility, category.Marketing), "the notice and the survey")

	for _, bad := range []string{`{"status":"PENDING"}`, `[]`, `{"id":{}}`, ``} {
		_, err := s.Inbox().Submitted(ctx, s.clock.Now(), draft, []byte(bad))
		require.Error(t, err, bad)
	}
}

func TestActsAreKept(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	sent := func() {
		_, err := s.Do(ctx, notice(asha), func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wamid.1"}, nil })
		require.NoError(t, err)
	}
	sent()
	sent()
	require.Equal(t, []template.ActKind{template.Used}, kinds(t, s.stores), "once a day")
	s.clock.Set(noon.AddDate(0, 0, 1))
	sent()
	shelf, err := s.Shelf(ctx, "A1")
	require.NoError(t, err)
	require.Len(t, shelf.Acts, 1)
	require.Equal(t, s.clock.Now(), shelf.Acts[0].At, "the last use is what counts")

	shipped := template.Ref{Account: "A1", Name: "shipped", Language: "en"}
	edited := definition(t, "shipped", "UTILITY", "Your order {{1}} left our store today.")
	require.NoError(t, s.Inbox().Did(ctx, template.Act{ID: "edit-1", Kind: template.Edited, Ref: shipped, At: s.clock.Now(), Definition: &edited}))
	d, _, err := s.stores.Templates.Find(ctx, shipped)
	require.NoError(t, err)
	require.Equal(t, template.Pending, d.Status, "an edit is reviewed")
	require.Contains(t, d.Components[0].Text, "store")
	shelf, err = s.Shelf(ctx, "A1")
	require.NoError(t, err)
	left, next := shelf.Edits(shipped, s.clock.Now())
	require.Zero(t, left)
	require.Equal(t, s.clock.Now().Add(24*time.Hour), next)

	require.NoError(t, s.Inbox().Did(ctx, template.Act{ID: "gone-1", Kind: template.Removed, Ref: template.Ref{Account: "A1", Name: "sale", Language: "en"}, At: s.clock.Now()}))
	require.Equal(t, compliance.Deny, s.Check(ctx, offer(asha)).Verdict)
	shelf, err = s.Shelf(ctx, "A1")
	require.NoError(t, err)
	require.NotEmpty(t, shelf.Deletions())
	require.ErrorIs(t, s.Inbox().Did(ctx, template.Act{Kind: template.Appealed, Ref: shipped, At: s.clock.Now()}), template.ErrIncomplete)
}

// Apps whose stores keep neither lose nothing else.
func TestWithoutRecords(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, func(s *compliance.Stores) { s.Acts, s.Outcomes = nil, nil })
	_, err := s.Do(ctx, notice(asha), func(context.Context) (compliance.Ack, error) { return compliance.Ack{}, nil })
	require.NoError(t, err)
	require.NoError(t, s.Inbox().Templates(ctx, noon, definition(t, "sale", "MARKETING", "Hi {{1}}, all coats are 20% off this week.")))
	_, err = s.Inbox().Submitted(ctx, noon, definition(t, "a", "UTILITY", "Your order {{1}} left."), []byte(`{"id":"5","status":"PENDING"}`))
	require.NoError(t, err)
	_, err = s.Shelf(ctx, "A1")
	require.NoError(t, err)
}

// brokenList is a catalog that lists nothing but trouble.
type brokenList struct {
	template.Catalog
	do func(context.Context) error
}

func (b brokenList) Definitions(ctx context.Context, _ string) iter.Seq2[template.Definition, error] {
	return func(yield func(template.Definition, error) bool) { yield(template.Definition{}, b.do(ctx)) }
}

// A refusal for want of a window names the template to send instead.
func TestTheWindowRuleNamesATemplate(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	fix := func(s *shop, m compliance.Message) string {
		t.Helper()
		d := s.Check(ctx, m)
		require.Equal(t, compliance.Deny, d.Verdict)
		for _, v := range d.Violations {
			if v.Rule == "template-only-initiation" || v.Rule == "service-window-24h" {
				return v.Fix
			}
		}
		t.Fatal("the window rule is not broken")
		return ""
	}
	words := reply(asha, "Your order 8812 left our warehouse today.")
	require.Contains(t, fix(s, words), "shipped (en, utility) says these very words")
	require.Contains(t, fix(s, reply(asha, "Good news: order 8812 left our big warehouse today at noon.")), "shipped (en, utility) says much the same")
	french := words
	french.Locale = language.French
	require.NotContains(t, fix(s, french), "shipped", "another language")

	s.clock.Set(noon.Add(2 * time.Minute))
	_, err := s.Inbox().Receive(ctx, compliance.TemplateNews{Change: template.Change{ID: "p", Ref: template.Ref{Account: "A1", Name: "shipped", Language: "en"}, At: noon.Add(time.Minute), Status: template.Paused}})
	require.NoError(t, err)
	require.NotContains(t, fix(s, words), "shipped", "it is paused now")

	for name, do := range misbehave {
		broken := newShop(t, func(s *compliance.Stores) { s.Templates = brokenList{s.Templates, do} })
		require.Equal(t, "Send an approved template, with the opt-in it needs. Free-form messages can follow once the person answers.", fix(broken, words), "%s: the refusal stands without it", name)
	}
	us := reply(asha, "Hi Asha, all coats are 20% off this week.")
	us.To.Phone = "+12025550123"
	require.NotContains(t, fix(newShop(t, nil), us), "sale", "a marketing template would not arrive")
	require.True(t, errors.Is(s.Inbox().Templates(ctx, time.Time{}), template.ErrIncomplete))
}
