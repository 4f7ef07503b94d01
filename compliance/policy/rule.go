package policy

import (
	"encoding/json"
	"time"
)

// An ID names a rule: lower case words joined by hyphens, never renamed and
// never reused. An app's own rules carry a prefix and a slash ("acme/...").
type ID string

// A Rule is one demand of a policy, with the editions in which it has stood.
// What differs only by date is one rule with several editions.
type Rule struct {
	ID    ID     `json:"id"`
	Area  string `json:"area"`  // the folder it is filed under: permission, identity, data, goods, regulated, law, template, platform
	Phase Phase  `json:"phase"` // when it speaks: send, create, lifecycle, inbound
	Title string `json:"title"` // one line, what is demanded
	Why   string `json:"why"`   // the reason, for the person whose message was held
	Fix   string `json:"fix"`   // what to do about it

	// Prevents is what the platform does otherwise: its error codes, apart with a
	// slash where pages name several, or its word ("PAUSED"). Empty where it says
	// neither. Meta runs its checks in an order of its own, so one body can draw
	// different codes (support page, 2026).
	Prevents string `json:"prevents,omitempty"`

	// Check names the mechanism that decides the rule; see [Check].
	Check Check `json:"check"`

	// Inputs are the facts the rule looks at, in the vocabulary of the package doc.
	Inputs []string `json:"inputs,omitempty"`

	// Aliases are other ids that mean this rule; findings carry ID only.
	Aliases []ID `json:"aliases,omitempty"`

	// Off keeps the rule out of force until an app enables it (the law
	// profiles, which depend on where and what the business is).
	Off bool `json:"off,omitempty"`

	// Unwaivable marks the rules no app may waive or lower: opt-outs, call
	// permission, and the one that says a licence is no defence.
	Unwaivable bool `json:"unwaivable,omitempty"`

	// Verticals lists the declared business verticals that break the rule by
	// themselves: all there is to a rule of Check "vertical", and beside its
	// words for one of Check "text".
	Verticals []string `json:"verticals,omitempty"`

	// Editions are in order of time and do not overlap.
	Editions []Edition `json:"editions"`

	// Text holds what a rule of Check "text" matches, per language.
	Text *Text `json:"text,omitempty"`

	// Examples are texts this rule must and must not match, on its own.
	Examples *Examples `json:"examples,omitempty"`
}

// An Edition is one stretch of time in which a rule stands unchanged: from
// From (inclusive) until Until (exclusive).
type Edition struct {
	From     Day        `json:"from,omitzero"`      // zero: since ever
	Until    Day        `json:"until,omitzero"`     // zero: still in force
	FromBy   bool       `json:"from_by,omitempty"`  // From is the earliest evidence; the rule may be older
	UntilBy  bool       `json:"until_by,omitempty"` // Until is the careful edge of a date known only roughly
	Severity Severity   `json:"severity"`
	Cites    []Citation `json:"cites"`

	// Params are numbers and lists the rule's mechanism reads ("hours": 24,
	// "places": ["AU"]). Their names are the mechanism's.
	Params map[string]json.RawMessage `json:"params,omitempty"`

	Note string `json:"note,omitempty"` // what is unconfirmed, and how it was read
}

// A Citation says where a demand is written and on which day that was read.
type Citation struct {
	Source  string `json:"source"`
	Section string `json:"section,omitempty"`
	URL     string `json:"url,omitempty"`
	Read    Day    `json:"read,omitzero"`
}

// In reports whether the edition is in force at t.
func (e Edition) In(t time.Time) bool {
	return !t.Before(e.From.Time) && (e.Until.IsZero() || t.Before(e.Until.Time))
}

// A Violation is one thing a message was found to break. It names places and
// spans, never the words themselves.
type Violation struct {
	Rule     ID       `json:"rule"`
	Severity Severity `json:"severity"`
	Failed   bool     `json:"failed,omitempty"` // the rule could not be judged; Why says what was missing
	Kind     string   `json:"kind,omitempty"`   // the sort of identifier or good, where the rule has sorts
	Where    string   `json:"where,omitempty"`  // a place: "body", "template.body.2", "consent"
	Span     Span     `json:"span,omitzero"`    // bytes of the text at Where
	// Confidence is how sure a finding about words is; zero where nothing is guessed.
	// It changes no verdict: an app may have somebody look at what is only Possible.
	Confidence Confidence `json:"confidence,omitzero"`
	Why        string     `json:"why"`
	Fix        string     `json:"fix,omitempty"`
	Prevents   string     `json:"prevents,omitempty"` // what the platform does otherwise; see Rule
	Clears     time.Time  `json:"clears,omitzero"`    // when waiting alone would lift it; zero: never
	Since      Day        `json:"since,omitzero"`     // start of the edition in force
	Cites      []Citation `json:"cites,omitempty"`
}

// A Span is a half-open byte range in a text. The zero Span means "not about
// particular words".
type Span struct{ Start, End int }

// A Waiver sets one rule aside for a while, on somebody's word.
type Waiver struct {
	Rule   ID        `json:"rule"`
	Reason string    `json:"reason"`
	Owner  string    `json:"owner"`
	Until  time.Time `json:"until"`
}

// Text is what a text rule matches: per language tag, words and phrases.
// Matching is on tokens of folded text, so a term is written the plain way and
// matches every case, width, accent and look-alike of it.
type Text struct {
	Kind      string             `json:"kind,omitempty"` // reported as Violation.Kind when the term has none
	Languages map[string]Lexicon `json:"languages"`

	// Conduct says that the words do what is barred and trade nothing: an
	// insult, a threat, a group turned away. No sign of selling counts beside a
	// term then, only Sells, which holds whom or what the term is aimed at and
	// has to stand close by.
	Conduct bool `json:"conduct,omitempty"`
}

// A Lexicon holds one language's words for a text rule.
type Lexicon struct {
	Goods   []string `json:"goods,omitempty"`   // name the thing beyond doubt
	Weak    []string `json:"weak,omitempty"`    // name it, or something harmless: need a stronger offer beside them
	Sells   []string `json:"sells,omitempty"`   // offers peculiar to this rule, beside the language's own
	Excuses []string `json:"excuses,omitempty"` // phrases that contain or stand by a term and make it harmless
	Alone   []string `json:"alone,omitempty"`   // phrases that are an offer of the thing by themselves
	Strict  []string `json:"strict,omitempty"`  // goods that stay barred where the edition's "plain" lowers the severity
}

// Examples are the proof a text rule carries with it.
type Examples struct {
	Match []Example `json:"match"`
	Clear []Example `json:"clear"`
}

// An Example is one text with the reason it is there.
type Example struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
	Why  string `json:"why"`
}
