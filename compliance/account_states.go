package compliance

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Track is one thing about an account that news move on its own.
type Track string

const (
	TrackAccount     Track = "account"     // is it open?
	TrackNotice      Track = "notice"      // violation notices, each type apart
	TrackReview      Track = "review"      // of the account
	TrackRestriction Track = "restriction" // each type apart, but for those that are steps of a ladder
	TrackUtility     Track = "utility"     // the ladder of misused utility templates
	TrackDirect      Track = "direct-send" // the ladder of misused Direct Send
	TrackAnswer      Track = "answer"      // what the platform answered to a send, each code apart
	TrackConnection  Track = "connection"  // of each number
	TrackHealth      Track = "health"
)

// A State is where one track of an account or number stands.
type State struct {
	Track  Track
	Name   string // as in the table of the package comment
	Type   string // of the news that led there, Meta's word
	Cause  string // violation type behind it, Meta's word
	Number string // empty: the whole account
	Since  time.Time
	Until  time.Time // when waiting alone ends it; zero: when it is lifted
	News   string    // id of the news it comes from

	account string
	cap     time.Time // of used-up: when the cap under it ends
}

// A Bar is a State that weighs on some message.
type Bar struct {
	Track  Track
	State  string // its name
	Type   string
	Cause  string
	Number string    // empty: the whole account
	Until  time.Time // zero: until lifted
	News   string    // id of the news it comes from
}

const (
	utilityCap = "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING" // sends pass until 131064
	utilityBan = "RESTRICTED_UTILITY_TEMPLATES"
	directBan  = "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES"

	// CapWindow is how far back a cap on utility messages counts, and so the
	// time after which an answer that it is used up says nothing any more (Meta,
	// template categorization, 2026-09-11).
	CapWindow = 24 * time.Hour
)

// passing stands in a step for the end that a state carries in itself.
const passing NewsKind = "its end"

// A step is a row of the table by which news move an account. In each track the
// first row that fits the news says how they are read there; of the rows that
// read them so, the one that starts from where the track stands is taken, and
// where none does it stays. Restrictions and answers by type hear what no ladder
// heard; notices hear every notice, since a bare one warns whatever else it means.
type step struct {
	track Track
	kind  NewsKind
	typ   string   // of the news; empty: any. A * stands for any letters
	cause string   // of the news, in the same way
	from  []string // nil: any state
	to    string
}

func in(states ...string) []string { return states }

// first is the state every track starts in and comes back to.
const first = "clear"

// steps is the whole table (Meta, policy enforcement, 2025-11-04; account_update
// webhook, 2026-09-11; template categorization, 2026-09-11; Direct Send, 2026-08).
var steps = []step{
	{TrackAccount, Disabling, "", "", in("clear", "to-be-disabled"), "to-be-disabled"},
	{TrackAccount, passing, "", "", in("to-be-disabled"), "disabled"},
	{TrackAccount, Disabled, "", "", nil, "disabled"},

	{TrackUtility, Warned, "UTILITY_TEMPLATE_ABUSE", "", in("clear", "warned", "served"), "warned"},
	{TrackUtility, Warned, "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT", "", in("clear", "warned", "served", "capped"), "capped"},
	{TrackUtility, Restricted, utilityCap, "", in("clear", "warned", "served", "capped"), "capped"},
	{TrackUtility, Restricted, utilityCap, "", in("used-up"), "used-up"},
	{TrackUtility, NumberBarred, "131064", "", in("clear", "warned", "served", "capped", "used-up"), "used-up"},
	{TrackUtility, Restricted, utilityBan, "", in("clear", "warned", "capped", "used-up", "suspended"), "suspended"},
	{TrackUtility, Restricted, utilityBan, "", in("served", "suspended-again"), "suspended-again"},
	{TrackUtility, passing, "", "", in("used-up"), "capped"},
	{TrackUtility, passing, "", "", in("capped"), "clear"},
	{TrackUtility, passing, "", "", in("suspended", "suspended-again"), "served"},
	{TrackUtility, Reinstated, utilityCap, "", in("capped", "used-up"), "clear"},
	{TrackUtility, Reinstated, utilityBan, "", in("suspended", "suspended-again"), "served"},

	{TrackDirect, Warned, "DIRECT_SEND_*_WARN", "", in("clear", "warned", "served"), "warned"},
	{TrackDirect, Warned, "DIRECT_SEND_*_STRIKE_1", "", in("clear", "warned", "served"), "warned"},
	{TrackDirect, Warned, "DIRECT_SEND_*_STRIKE_2", "", in("clear", "warned", "served"), "warned"},
	{TrackDirect, Warned, "DIRECT_SEND_*_RATE_LIMIT", "", in("clear", "warned", "served", "capped"), "capped"},
	{TrackDirect, Warned, "DIRECT_SEND_*_OFFBOARD", "", nil, "offboarded"},
	{TrackDirect, Restricted, directBan, "*_RATE_LIMIT", in("clear", "warned", "served", "capped"), "capped"},
	{TrackDirect, Restricted, directBan, "*_RATE_LIMIT", in("used-up"), "used-up"},
	{TrackDirect, Restricted, directBan, "*_STRIKE_2", in("clear", "warned", "served", "capped", "used-up", "struck", "struck-again"), "struck-again"},
	{TrackDirect, Restricted, directBan, "*_OFFBOARD", nil, "offboarded"},
	{TrackDirect, Restricted, directBan, "*", in("clear", "warned", "served", "capped", "used-up", "struck"), "struck"},
	{TrackDirect, NumberBarred, "131064", "", in("capped", "used-up"), "used-up"},
	{TrackDirect, NumberBarred, "139200", "", in("clear", "warned", "served", "capped", "used-up"), "struck"},
	{TrackDirect, passing, "", "", in("used-up"), "capped"},
	{TrackDirect, passing, "", "", in("capped"), "clear"},
	{TrackDirect, passing, "", "", in("struck", "struck-again"), "served"},
	{TrackDirect, Reinstated, "DIRECT_SEND_*_RATE_LIMIT", "", in("capped", "used-up"), "clear"},
	{TrackDirect, Reinstated, directBan, "", in("capped", "used-up", "struck", "struck-again", "offboarded"), "served"},

	{TrackNotice, Warned, "", "", nil, "noted"},

	{TrackRestriction, Restricted, "", "", nil, "restricted"},
	{TrackRestriction, passing, "", "", in("restricted"), "clear"},

	{TrackReview, Reviewed, "REJECTED", "", nil, "rejected"},
	{TrackReview, Reviewed, "APPROVED", "", nil, "approved"},
	{TrackReview, Reviewed, "PENDING", "", in("clear", "approved", "deferred", "pending"), "pending"},
	{TrackReview, Reviewed, "DEFERRED", "", in("clear", "approved", "deferred", "pending"), "deferred"},

	{TrackAnswer, NumberBarred, "", "", nil, "barred"},

	{TrackConnection, Connection, "CONNECTED", "", nil, "clear"},
	{TrackConnection, Connection, "FLAGGED", "", nil, "clear"},
	{TrackConnection, Connection, "RESTRICTED", "", nil, "restricted"},
	{TrackConnection, Connection, "", "", nil, "cut-off"},

	{TrackHealth, Health, "AVAILABLE", "", nil, "clear"},
	{TrackHealth, Health, "LIMITED", "", nil, "limited"},
	{TrackHealth, Health, "", "", nil, "blocked"},
}

// heardBy are the steps by what they hear, in the order of the table.
var heardBy = func() map[NewsKind][]*step {
	by := map[NewsKind][]*step{}
	for i := range steps {
		by[steps[i].kind] = append(by[steps[i].kind], &steps[i])
	}
	return by
}()

// AccountAt works out what stands at an instant from the news of an account.
// News come in any order and as often as they like: their own times decide, and
// of what has one time a lifting comes first, so that a bar beside it holds.
func AccountAt(news []AccountNews, at time.Time) Account {
	var a Account
	if !slices.IsSortedFunc(news, inForce) {
		news = slices.SortedFunc(slices.Values(news), inForce)
	}
	for i := range news {
		n := &news[i]
		if n.At.After(at) {
			break
		}
		if i > 0 && n.ID == news[i-1].ID {
			continue
		}
		a.Known = true
		switch n.Kind {
		case Quality:
			a.rated(n)
		case Limit:
			a.tier = Tier{People: n.Count, At: n.At, News: n.ID}
		case Verification:
			a.verified = strings.ToUpper(n.Type)
		case Reinstated:
			a.lift(n)
		default:
			a.move(n)
		}
	}
	for i := range a.States {
		a.States[i].pass(at)
	}
	a.States = slices.DeleteFunc(a.States, func(s State) bool { return s.Name == first })
	for i := range a.States {
		s := &a.States[i]
		if effectOf(s.Track, s.Name, s.Type) == nil {
			continue
		}
		b := Bar{Track: s.Track, State: s.Name, Type: s.Type, Cause: s.Cause, Number: s.Number, Until: s.Until, News: s.News}
		if s.Name == "to-be-disabled" {
			b.Until = time.Time{} // waiting for that day lifts nothing
		}
		a.Bars = append(a.Bars, b)
	}
	return a
}

// inForce is the order in which news count.
func inForce(a, b AccountNews) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return cmp.Or(a.rank()-b.rank(), strings.Compare(a.ID, b.ID))
}

func (n *AccountNews) rank() int {
	if n.Kind == Reinstated || n.Kind == Reviewed && n.Type == "APPROVED" {
		return 0
	}
	return 1
}

// move takes every track that news speak of a step on.
func (a *Account) move(n *AccountNews) {
	var heard *step // the row that says how the track at hand reads them
	var taken, ladder bool
	for _, row := range heardBy[n.Kind] {
		if heard == nil || heard.track != row.track {
			if !like(row.typ, n.Type) || !like(row.cause, n.Cause) || ladder && row.track.apart() && row.track != TrackNotice {
				continue
			}
			heard, taken, ladder = row, false, ladder || !row.track.apart()
		} else if taken || row.typ != heard.typ || row.cause != heard.cause {
			continue
		}
		s := a.state(row.track, n)
		s.pass(n.At)
		if taken = row.starts(s); taken {
			s.step(row, n)
		}
	}
}

// lift takes back what news of a reinstatement name, or all of it; that of a
// number takes back what is said of the number alone. How a number is connected
// and what health it has only their own news say.
func (a *Account) lift(n *AccountNews) {
	for i := range a.States {
		s := &a.States[i]
		if n.Line.Number != "" && n.Line.Number != s.Number || n.Line.Account != s.account && s.account != "" {
			continue // it speaks of another
		}
		s.pass(n.At)
		switch {
		case s.Track == TrackConnection || s.Track == TrackHealth:
		case n.Type == "", s.Track.apart() && (n.Type == s.Type || n.Type == s.Cause):
			*s = State{Track: s.Track, Name: first, Type: s.Type, Cause: s.Cause, Number: s.Number, account: s.account}
		default:
			for _, row := range heardBy[Reinstated] {
				if row.track == s.Track && row.typ != "" && like(row.typ, n.Type) && row.starts(s) {
					s.Name, s.Since, s.Until, s.News = row.to, n.At, time.Time{}, n.ID
					break
				}
			}
		}
	}
}

// apart reports whether a track runs once for each type and cause of news.
func (t Track) apart() bool { return t == TrackNotice || t == TrackRestriction || t == TrackAnswer }

// state finds where a track stands, and starts it where nothing moved it yet.
func (a *Account) state(t Track, n *AccountNews) *State {
	number := n.Line.Number
	if t == TrackUtility || t == TrackDirect {
		number = "" // the ladders are the account's, whichever number was answered
	}
	for i := range a.States {
		s := &a.States[i]
		if s.Track == t && s.account == n.Line.Account && s.Number == number && (!t.apart() || s.Type == n.Type && s.Cause == n.Cause) {
			return s
		}
	}
	s := State{Track: t, Name: first, Number: number, account: n.Line.Account}
	if t.apart() {
		s.Type, s.Cause = n.Type, n.Cause
	}
	a.States = append(a.States, s)
	return &a.States[len(a.States)-1]
}

func (row *step) starts(s *State) bool { return row.from == nil || slices.Contains(row.from, s.Name) }

// step goes from one state to the next. What is said again of a state makes it
// last longer and never shorter; only the day of a disabling is that of the
// newest announcement.
func (s *State) step(row *step, n *AccountNews) {
	next := State{Track: s.Track, Name: row.to, Type: n.Type, Cause: n.Cause, Number: s.Number, Since: n.At, Until: n.Until, News: n.ID, account: s.account}
	switch {
	case row.to == "used-up" && n.Kind == Restricted: // the cap under it lasts longer
		s.cap = later(s.cap, n.Until)
		return
	case row.to == "used-up":
		next.Until, next.cap = n.At.Add(CapWindow), s.cap
		switch s.Name {
		case "capped":
			next.cap = s.Until
		case "used-up":
		default: // of a cap nobody told us about: no more is known than this
			next.cap = next.Until
		}
		if !next.cap.IsZero() && next.cap.Before(next.Until) {
			next.Until = next.cap
		}
	case row.to == s.Name && row.to != "to-be-disabled":
		next.Since, next.Until = s.Since, later(s.Until, n.Until)
	}
	*s = next
}

// later is the later of two ends; a zero one never comes.
func later(a, b time.Time) time.Time {
	if a.IsZero() || b.IsZero() {
		return time.Time{}
	}
	if b.After(a) {
		return b
	}
	return a
}

// pass takes the steps that time alone takes. A state with an end and no row for
// it ends clear.
func (s *State) pass(at time.Time) {
	for !s.Until.IsZero() && !at.Before(s.Until) {
		next, until := first, time.Time{}
		for _, row := range heardBy[passing] {
			if row.track == s.Track && row.starts(s) {
				next = row.to
				break
			}
		}
		if s.Name == "used-up" {
			until = s.cap
		}
		s.Name, s.Since, s.Until = next, s.Until, until
	}
}

// like reports whether a word is as a pattern says.
func like(pattern, word string) bool {
	head, tail, open := strings.Cut(pattern, "*")
	if !open {
		return pattern == "" || pattern == word
	}
	return len(word) >= len(head)+len(tail) && strings.HasPrefix(word, head) && strings.HasSuffix(word, tail)
}
