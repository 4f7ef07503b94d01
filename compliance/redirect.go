package compliance

import (
	"context"
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

// ruleRedirect asks for the talk to be moved when a customer brings up goods that
// must not be traded here (Meta, how to comply with the messaging and commerce
// policies, read 2026-11-21).
const ruleRedirect policy.ID = "goods-customer-redirect"

// A Redirect is a customer who asked for goods the policy bars: the app should
// answer that this is not the place, and name another one. Nothing is held for
// it; an answer that offers the goods is held by the rule about them.
type Redirect struct {
	Message string // wamid
	From    party.Party
	Line    party.Line
	At      time.Time
	Rule    policy.ID   // that bars the goods
	Kind    string      // of goods
	Span    policy.Span // of the words that name them, in bytes of the message's text
	Why     string
	Fix     string
}

// redirect reads whether a message asks for barred goods. Goods that the business
// may trade with this person, in their place and with its licences, are none.
func (b *batch) redirect(ctx context.Context, e Wrote) error {
	s := b.in.s
	i, ok := s.prepared.book.Index(ruleRedirect)
	if !ok || e.Text == "" {
		return nil
	}
	sheet := s.prepared.book.At(b.clamp(e.At))
	if _, waived := sheet.Waived(i); waived || !sheet.InForce(i) {
		return nil
	}
	found := s.prepared.checker.Wants(e.Text, language.Und, nil)
	if len(found) == 0 {
		return nil
	}
	c := Case{Now: b.clamp(e.At), Message: &Message{Kind: Freeform, From: e.Line, To: e.From}, Business: &s.business, Rules: sheet, Place: placeOf(e.From)}
	for k, f := range found {
		if slices.ContainsFunc(found[:k], func(o content.Finding) bool { return o.Rule == f.Rule }) {
			continue // one word about one kind of goods
		}
		if j, ok := s.prepared.book.Index(f.Rule); !ok || !sheet.InForce(j) || sheet.Severity(j) != policy.Block {
			continue
		}
		if vertical := regulated(f.Rule); vertical != "" {
			if st, err := s.ledger.Standing(ctx, e.From, c.Now); err == nil {
				c.Consent = Known(st)
			}
			if exempt(&c, vertical) {
				continue
			}
		}
		rule := s.prepared.book.Rule(i)
		b.learned.Redirects = append(b.learned.Redirects, Redirect{Message: e.ID, From: e.From, Line: e.Line, At: c.Now,
			Rule: f.Rule, Kind: f.Kind, Span: f.Span, Why: rule.Why, Fix: rule.Fix})
		if err := b.tell("learned", "wants:"+e.ID+":"+string(f.Rule), c.Now, e.From, map[string]string{"event": "asked-for", "rule": string(f.Rule)}); err != nil {
			return err
		}
	}
	return nil
}
