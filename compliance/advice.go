package compliance

import (
	"context"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

// misuse is the ladder of utility templates that promote, as Meta's page on template
// categorization tells it (2026-09-11): what each step means, and what follows it.
// Keys are the states of [TrackUtility]; see the package comment.
var misuse = map[string]struct {
	severity policy.Severity
	why, fix string
	least    time.Duration // how long it lasts at least, where Meta names no end
}{
	"warned": {policy.Warn, "Meta warned the account for utility templates that promote: from now on it moves a template to marketing without a day's notice, and the next step caps utility messages",
		"find the templates that promote (wacheck lint, cat-utility-promotional) and register them as marketing", 0},
	"capped": {policy.Warn, "Meta caps the account's utility messages in a moving 24 hours for at least seven days; what is over the cap is refused (131064), and the next step makes every utility template marketing for seven days",
		"send what promotes as marketing, and utility messages only where they are needed", 7 * 24 * time.Hour},
	"used-up": {policy.Warn, "the cap on the account's utility messages is used up (131064), and the next step makes every utility template marketing for seven days",
		"wait until earlier messages leave the moving 24 hours", 0},
	"suspended": {policy.Warn, "the account's utility templates are marketing now: no new ones can be registered and no reviews asked for; a second time it lasts 30 days, and then every account of the portfolio follows",
		"have consent to marketing where these templates go, and mend them meanwhile", 7 * 24 * time.Hour},
	"suspended-again": {policy.Warn, "the account's utility templates are marketing for the second time, which lasts 30 days; the next step is the same for every account of the portfolio",
		"have consent to marketing where these templates go, and mend them meanwhile", 30 * 24 * time.Hour},
	"served": {policy.Note, "the restriction of the account's utility templates has ended; whether they are utility again Meta does not say, and the next one lasts 30 days",
		"read the listing again (package template/graph) before counting on any category", 0},
}

// Advice is what a person should know about an account's templates now: that of its
// [template.Shelf], and where the account stands on Meta's ladder for misused utility
// templates, under rule account-not-restricted. None of it stops a send.
func (s *Sender) Advice(ctx context.Context, account string) ([]template.Advice, error) {
	now := s.now().UTC()
	shelf, err := s.Shelf(ctx, account)
	if err != nil {
		return nil, err
	}
	news, err := s.stores.Account.News(ctx, party.Line{Account: account})
	if err != nil {
		return nil, err
	}
	var all []template.Advice
	for _, st := range AccountAt(news, now).States {
		step, told := misuse[st.Name]
		if st.Track != TrackUtility || !told {
			continue
		}
		at := st.Until
		if at.IsZero() && step.least > 0 {
			at = st.Since.Add(step.least)
		}
		all = append(all, template.Advice{Ref: template.Ref{Account: account}, At: at, Problem: template.Problem{
			Rule: "account-not-restricted", Severity: step.severity, Where: "account", Why: step.why, Fix: step.fix}})
	}
	return append(all, shelf.Advice(now)...), nil
}
