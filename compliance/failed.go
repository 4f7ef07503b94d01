package compliance

import (
	"context"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/outcome"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// Types of what the platform answered about an account, beside Meta's own words
// for restrictions; a [Reinstated] of the same Type takes one back.
const (
	barDirectSendOff = "DIRECT_SEND_OFF" // Direct Send is not enabled; asked again after a day
	barCountry       = "130497"          // Cause is the country that may not be messaged
	barMarketing     = "131063"          // marketing leaves through the marketing endpoint alone
	barPhoneOnly     = "131062"          // Cause is the template that takes phone numbers alone
	barEndpointOnly  = "131061"          // Cause is the template that leaves through the marketing endpoint alone
	barDirectName    = "132021"          // Cause is a name that no Direct Send may give to its template
	barSpam          = "131048"          // the spam limit of the number is reached; asked again after a day
	barEndpointNever = "134102"          // Cause is the template that the marketing endpoint does not take; asked again after a day
)

// askAgain is after how long something is tried again that the platform may have
// changed without telling: Direct Send that was not enabled, a template that the
// marketing endpoint did not take, a spam limit that was reached. One message a
// day finds out.
const askAgain = 24 * time.Hour

// codeBlockedByUs is what the platform answers where the business itself has
// blocked the person.
const codeBlockedByUs = 130403

// Failed is a message that did not reach a person, and what that means for the
// next one.
type Failed struct {
	Message string // wamid, as far as it was told
	Line    party.Line
	To      party.Party
	Group   string
	At      time.Time
	Outcome outcome.Outcome
}

// failed takes in that a message failed: every code for what it teaches, and
// together for what the app has to know.
func (b *batch) failed(ctx context.Context, e Reported, m *Message) error {
	o := outcome.Builtin().Classify(outcome.Answer{Provider: e.Provider, Codes: e.Codes, HTTP: e.HTTP, Text: e.Details})
	if err := b.undo(ctx, e, o); err != nil {
		return err
	}
	if err := b.unspend(ctx, e, m, o); err != nil {
		return err
	}
	b.learned.Failed = append(b.learned.Failed, Failed{Message: e.ID, Line: e.Line, To: e.To, Group: e.Group, At: b.clamp(e.At), Outcome: o})
	var taught []outcome.Effect // a provider's code and Meta's for the same stand side by side
	for _, code := range e.Codes {
		one := outcome.Builtin().Classify(outcome.Answer{Provider: e.Provider, Codes: []int{code}, Text: e.Details})
		if one.Code != code || slices.Contains(taught, one.Effect) {
			continue // the words speak of another one, or it was said already
		}
		taught = append(taught, one.Effect)
		if err := b.teach(ctx, e, m, one); err != nil {
			return err
		}
	}
	return nil
}

// teach writes down what one code teaches. Ids carry the code and the message,
// so that an answer and a failed status that say the same are taken once.
func (b *batch) teach(ctx context.Context, e Reported, m *Message, o outcome.Outcome) error {
	id := itoa(o.Code) + ":" + e.ID
	news := AccountNews{ID: id, Line: e.Line, Kind: Restricted, At: b.clamp(e.At), Received: b.received}
	switch o.Effect {
	case outcome.WindowClosed:
		if err := b.note(ctx, id, window.Closed, e.Line, e.To, e.Group, e.At); err != nil {
			return err
		}
		return b.tell("learned", id, b.clamp(e.At), e.To, map[string]any{"message": b.in.s.printer.wamid(e.ID), "code": o.Code})
	case outcome.MarketingStopped:
		return b.stopped(ctx, id, e)
	case outcome.MarketingRest:
		return b.rests(ctx, id, e)
	case outcome.PairSlowed:
		return b.slowed(ctx, id, e)
	case outcome.PersonUnreachable:
		if e.Group != "" {
			return nil // one member of a group more or less
		}
		k := window.Unreachable
		if o.Code == codeBlockedByUs {
			k = window.Blocked
		}
		return b.note(ctx, id, k, e.Line, e.To, "", e.At)
	case outcome.AccountBarred, outcome.UtilityCapped, outcome.DirectSendBarred:
		news.Kind, news.Type = NumberBarred, itoa(o.Code)
	case outcome.NumberSlowed:
		news.Type, news.Until = barSpam, news.At.Add(askAgain)
	case outcome.DirectSendOff:
		news.Line.Number, news.Type, news.Until = "", barDirectSendOff, news.At.Add(askAgain)
	case outcome.DirectNameTaken:
		if m == nil || m.Kind != Direct || m.Shape.Template == "" {
			return nil
		}
		news.Line.Number, news.Type, news.Cause = "", barDirectName, m.Shape.Template
	case outcome.MarketingElsewhere:
		news.Line.Number, news.Type = "", barMarketing
	case outcome.CountryBarred:
		if news.Type, news.Cause = barCountry, placeOf(e.To); news.Cause == "" {
			return nil
		}
		news.Line.Number = ""
	case outcome.TemplatePhoneOnly, outcome.TemplateMarketingOnly:
		if m == nil || m.Kind != Template {
			return nil
		}
		news.Line.Number, news.Type, news.Cause = "", itoa(o.Code), templateKey(m)
	case outcome.TemplateOrdinaryOnly:
		if m == nil || m.Kind != Template {
			return nil
		}
		news.Line.Number, news.Type, news.Cause, news.Until = "", barEndpointNever, templateKey(m), news.At.Add(askAgain)
	case outcome.TemplatePaused, outcome.TemplateDisabled:
		if m == nil || m.Kind != Template {
			return nil // a status names no template; Meta tells it by another webhook
		}
		status := template.Paused
		if o.Effect == outcome.TemplateDisabled {
			status = template.Disabled
		}
		return b.in.s.stores.Templates.Apply(ctx, template.Change{ID: id, At: news.At, Status: status,
			Ref: template.Ref{Account: m.From.Account, Name: m.Template.Name, Language: m.Template.Language}})
	default:
		return b.callRefused(ctx, e, o.Code)
	}
	return b.in.s.stores.Account.Note(ctx, news)
}

// templateKey names a template in the news of its account.
func templateKey(m *Message) string {
	return m.Template.Name + "/" + template.Language(m.Template.Language)
}

// stopped: the platform says that the person stopped this business's marketing.
func (b *batch) stopped(ctx context.Context, id string, e Reported) error {
	if e.To.IsZero() {
		return errNobody
	}
	ev := optin.Event{ID: id, Kind: optin.PlatformStopped, Handles: e.To.Handles(),
		At: b.clamp(e.At), Received: b.received, Channel: optin.WhatsApp, Line: e.Line, Ref: e.ID}
	done, err := b.in.s.ledger.Record(ctx, ev)
	if err != nil {
		return err
	}
	b.learned.Flights = append(b.learned.Flights, done.Flights...)
	return b.consent(ev, e.To, "marketing")
}
