package webhook

import (
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// news is a piece of news about the whole account of the entry.
func (p *parser) news(v jsondoc.Value, kind compliance.NewsKind, more string) compliance.AccountNews {
	return compliance.AccountNews{ID: p.digest(v, more), Line: p.line, Kind: kind, At: p.at(), Received: p.received}
}

// accountUpdate reads what Meta did to an account (account_update webhook
// reference, 2026-09-11).
func (p *parser) accountUpdate(v jsondoc.Value) {
	event := strings.ToUpper(v.Get("event").String())
	violation := strings.ToUpper(word(v.At("violation_info", "violation_type")))
	restrictions := v.Get("restriction_info")
	switch event {
	case "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION":
		switch lifted, lifts := lifts(violation); {
		case restrictions.Len() > 0, !restrictions.None() && restrictions.Kind() != jsondoc.Array:
			p.restrictions(v, restrictions, violation)
		case lifts:
			n := p.news(v, compliance.Reinstated, "")
			n.Type, n.Cause = lifted, violation
			p.emit(n)
		case violation != "":
			n := p.news(v, compliance.Warned, "")
			n.Type = violation
			p.emit(n)
		case event == "ACCOUNT_VIOLATION":
			p.unreadable(v, "violation_info.violation_type", errMissing)
		default:
			p.unreadable(v, "restriction_info", errMissing)
		}
	case "DISABLED_UPDATE":
		p.disabling(v)
	case "ACCOUNT_DELETED":
		n := p.news(v, compliance.Disabled, "")
		n.Type = event
		p.emit(n)
	case "ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED":
		// a business leaves the platform with its app, and comes back: nobody
		// says more, and none of its numbers is named (UNCONFIRMED: read as all)
		n := p.news(v, compliance.Connection, "")
		if n.Type = "CONNECTED"; event == "ACCOUNT_OFFBOARDED" {
			n.Type = "DISCONNECTED"
		}
		p.emit(n)
	case "":
		p.unreadable(v, "event", errMissing)
	default:
		// of PARTNER_… the entry is a portfolio and no account, the others are
		// about terms, prices and linked accounts
		p.nothing(v, "", p.field, "bars nothing and lifts nothing")
	}
}

// lifts says which bar a violation type takes away. The rate limit of Direct
// Send shares its restriction type with the bans, so there only its cause
// tells what ended.
func lifts(violation string) (bar string, ok bool) {
	switch violation {
	case "UTILITY_TEMPLATE_ABUSE_UNBAN":
		return "RESTRICTED_UTILITY_TEMPLATES", true
	case "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY":
		return "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING", true
	case "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_UNBAN":
		return "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES", true
	}
	if cause, ok := strings.CutSuffix(violation, "_RECOVERY"); ok {
		return cause, true
	}
	if cause, ok := strings.CutSuffix(violation, "_UNBAN"); ok {
		return cause, true
	}
	return "", false
}

// restrictions: one webhook may name several, each with its own end. Their ids
// are that of the first with a number behind it, so that a long list is hashed
// once.
func (p *parser) restrictions(v, list jsondoc.Value, violation string) {
	if list.Kind() != jsondoc.Array {
		p.unreadable(v, "restriction_info", errShape)
		return
	}
	first := p.news(v, compliance.Restricted, "0")
	first.Cause = violation
	for i, r := range list.Elements() {
		if p.tooMany {
			return
		}
		n, at := first, "restriction_info["+strconv.Itoa(i)+"]"
		if i > 0 {
			n.ID += ":" + strconv.Itoa(i)
		}
		if n.Type = strings.ToUpper(word(r.Get("restriction_type"))); n.Type == "" {
			p.unreadable(r, at+".restriction_type", errMissing)
			continue
		}
		if until := r.Get("expiration"); !until.None() && until.String() != "" || until.Kind() == jsondoc.Number {
			t, ok := instant(until)
			if seconds, isInt := until.Int(); !ok && !(isInt && seconds == 0) {
				// in force all the same, with an end nobody knows
				p.unreadable(r, at+".expiration", errTime)
			}
			n.Until = t
		}
		p.emit(n)
	}
}

// disabling reads ban_info. The date is English text; the day begins in UTC,
// since nobody says in which zone it is meant.
func (p *parser) disabling(v jsondoc.Value) {
	ban := v.Get("ban_info")
	switch strings.ToUpper(ban.Get("waba_ban_state").String()) {
	case "DISABLE":
		p.emit(p.news(v, compliance.Disabled, ""))
	case "SCHEDULE_FOR_DISABLE":
		n := p.news(v, compliance.Disabling, "")
		if date := ban.Get("waba_ban_date"); !date.None() {
			t, ok := englishDate(date)
			if !ok {
				p.unreadable(v, "ban_info.waba_ban_date", errDate)
			}
			n.Until = t
		}
		p.emit(n)
	case "REINSTATE":
		p.emit(p.news(v, compliance.Reinstated, ""))
	case "":
		p.unreadable(v, "ban_info.waba_ban_state", errMissing)
	default:
		p.unreadable(v, "ban_info.waba_ban_state", errUnknown)
	}
}

func englishDate(v jsondoc.Value) (time.Time, bool) {
	for _, form := range [...]string{"January 2, 2006", "Jan 2, 2006", "January 2 2006", time.DateOnly} {
		if t, err := time.Parse(form, strings.TrimSpace(v.String())); err == nil {
			return t, true
		}
	}
	return instant(v)
}

func (p *parser) review(v jsondoc.Value) {
	n := p.news(v, compliance.Reviewed, "")
	if n.Type = strings.ToUpper(word(v.Get("decision"))); n.Type == "" {
		p.unreadable(v, "decision", errMissing)
		return
	}
	p.emit(n)
}

// numberQuality reads phone_number_quality_update: a limit, which counts for
// the account, and in its old form that a number is flagged, which was Meta's
// word for quality RED until 2025. The number is named as people see it.
func (p *parser) numberQuality(v jsondoc.Value) {
	before := len(p.events)
	limit := v.Get("max_daily_conversations_per_business")
	if limit.None() {
		limit = v.Get("current_limit")
	}
	p.limit(v, limit)
	quality := ""
	switch strings.ToUpper(v.Get("event").String()) {
	case "FLAGGED":
		quality = "RED"
	case "UNFLAGGED":
		quality = "UNKNOWN"
	}
	if id := p.c.Numbers[digits(v.Get("display_phone_number").String())]; quality != "" && id != "" {
		n := p.news(v, compliance.Quality, "quality")
		n.Type, n.Line = quality, party.Line{Account: p.account, Number: id}
		p.emit(n)
	}
	if len(p.events) == before {
		p.nothing(v, "", p.field, "names no limit, and no number that is known by its id")
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func (p *parser) capability(v jsondoc.Value) {
	before := len(p.events)
	limit := v.Get("max_daily_conversations_per_business")
	if limit.None() {
		limit = v.Get("max_daily_conversation_per_phone") // until February 2026
	}
	p.limit(v, limit)
	if len(p.events) == before {
		p.nothing(v, "", p.field, "names no messaging limit")
	}
}

// limit reads a messaging limit: a number, or a tier ("TIER_2K"); -1 is none.
func (p *parser) limit(v, limit jsondoc.Value) {
	if limit.None() {
		return
	}
	count, ok := limit.Int()
	if !ok {
		var people int
		people, ok = compliance.ParseTier(limit.String())
		count = int64(people)
	}
	if !ok || count < -1 || count == 0 || count > 1<<31-1 { // zero would read as none being known
		p.unreadable(v, "max_daily_conversations_per_business", errUnknown)
		return
	}
	n := p.news(v, compliance.Limit, "")
	n.Count = int(count)
	p.emit(n)
}
