package optin

import (
	"fmt"
	"sync"
)

// IntentLevel says how surely a customer's words are a stop. The zero level is
// "not read" and has no text form. Levels up to IntentCertain are ordered.
type IntentLevel uint8

const (
	_             IntentLevel = iota
	IntentNone                // not about stopping
	IntentAsk                 // unclear: a person should ask
	IntentLikely              // probably a stop: hold marketing and ask
	IntentCertain             // a stop: record it
	IntentStart               // wants messages again
)

var intentLevels = [...]string{IntentNone: "none", IntentAsk: "ask", IntentLikely: "likely", IntentCertain: "certain", IntentStart: "start"}

// String returns the level's word, or "unread" for the zero level.
func (l IntentLevel) String() string {
	if l == 0 || int(l) >= len(intentLevels) {
		return "unread"
	}
	return intentLevels[l]
}

// MarshalText writes the level's word. The zero level is an error.
func (l IntentLevel) MarshalText() ([]byte, error) {
	if l == 0 || int(l) >= len(intentLevels) {
		return nil, fmt.Errorf("optin: intent level %d has no text form", l)
	}
	return []byte(intentLevels[l]), nil
}

// UnmarshalText reads certain, likely, ask, none or start.
func (l *IntentLevel) UnmarshalText(b []byte) error {
	for i, w := range intentLevels {
		if w != "" && w == string(b) {
			*l = IntentLevel(i)
			return nil
		}
	}
	return fmt.Errorf("optin: unknown intent level (%d bytes)", len(b))
}

// IntentScope is how much a stop ends. It is empty for IntentNone and
// IntentAsk.
type IntentScope string

const (
	ScopeAll       IntentScope = "all"       // every message
	ScopeMarketing IntentScope = "marketing" // offers, promotions, advertising
	ScopeTopic     IntentScope = "topic"     // one named kind of message
)

// An Intent is what a customer's words say about receiving messages.
type Intent struct {
	Level IntentLevel `json:"level"`
	Scope IntentScope `json:"scope,omitempty"`
	Topic string      `json:"topic,omitempty"` // the customer's own word, when Scope is ScopeTopic
	Why   string      `json:"why"`             // which reading applied, never the text
	Span  [2]int      `json:"span"`            // half-open bytes of the text that decided it
	Lang  string      `json:"lang,omitempty"`  // language whose words decided it, empty when none did
}

// MaxIntentBytes is how much of a text is read. A longer text is read up to the
// last whole character within it: people say stop at the beginning, and what
// follows is usually a forwarded message.
const MaxIntentBytes = 4096

// An IntentReader tells whether what a customer wrote is a stop. It works from
// word lists, one per language, and a small grammar shared by all of them; it
// is built once, never changes and is safe for concurrent use. A small linear
// model that has seen whole sentences gives a second opinion: it lifts what the
// words missed to likely, ask or start, and lowers what they took too literally. Only
// words make a stop certain. A start that no words made has an empty Lang: whoever
// brings consent back should ask first, as compliance.Inbox does.
//
// No rule asks for a keyword: WhatsApp's Business Messaging Policy, section 1,
// and 47 CFR 64.1200(a)(10) both accept any reasonable wording. The words the
// latter names (stop, quit, end, revoke, opt out, cancel, unsubscribe) are
// certain on their own.
type IntentReader struct {
	lex   *lexicon
	model *intentModel
	pool  sync.Pool // *scan
}

// An IntentOption changes how NewReader builds.
type IntentOption func(*intentConfig)

type intentConfig struct {
	langs map[string]bool
	model []byte
	own   bool // model is the caller's
}

// IntentModel uses a model trained elsewhere, in the form of
// [AppendIntentModel]. Nil reads by words and grammar alone.
func IntentModel(b []byte) IntentOption {
	return func(c *intentConfig) { c.model, c.own = b, true }
}

// IntentLanguages limits the reader to some languages (ISO 639 codes such as
// "en"). A code without built-in words is an error of NewReader. Without this
// option every built-in language is read.
func IntentLanguages(codes ...string) IntentOption {
	return func(c *intentConfig) {
		if c.langs == nil {
			c.langs = map[string]bool{}
		}
		for _, l := range codes {
			c.langs[l] = true
		}
	}
}

// NewReader loads the built-in words. Loading is strict: a word list with an
// unknown or repeated field is an error.
func NewReader(opts ...IntentOption) (*IntentReader, error) {
	var c intentConfig
	for _, o := range opts {
		o(&c)
	}
	lex, err := loadLexicon(c.langs)
	if err != nil {
		return nil, err
	}
	r := &IntentReader{lex: lex}
	switch {
	case !c.own:
		r.model, err = builtinModel()
	case c.model != nil:
		r.model, err = readIntentModel(c.model)
	}
	if err != nil {
		return nil, err
	}
	r.pool.New = func() any { return new(scan) }
	return r, nil
}

// Languages lists the languages read, sorted.
func (r *IntentReader) Languages() []string {
	out := make([]string, len(r.lex.langs))
	copy(out, r.lex.langs)
	return out
}

// Read reads a customer's message. langHint is a BCP 47 tag or empty; it helps
// with short texts and never rules a language out. Read does not allocate.
func (r *IntentReader) Read(text, langHint string) Intent {
	return r.read(r.model, text, langHint)
}

func (r *IntentReader) read(m *intentModel, text, langHint string) Intent {
	s := r.pool.Get().(*scan)
	in := r.lex.read(s, m, text, langHint)
	s.buf.Reset() // lets go of the text
	r.pool.Put(s)
	return in
}

// ReadButton reads a pressed button: its payload, as the app defined it
// ("STOP-PROMOS", "opt_out_marketing"), and the title the customer saw. Either
// may be empty. A press is deliberate, so a probable stop counts as certain; a
// payload and a title that contradict each other are IntentAsk. Both are labels and
// no sentences, and are read by words and grammar alone. Span is zero.
func (r *IntentReader) ReadButton(payload, title, lang string) Intent {
	p := r.read(nil, splitPayload(payload), lang)
	t := r.read(nil, title, lang)
	in := p
	switch {
	case p.Level == IntentStart && t.Level >= IntentLikely && t.Level != IntentStart,
		t.Level == IntentStart && p.Level >= IntentLikely && p.Level != IntentStart:
		in = Intent{Level: IntentAsk, Why: whyButtonMixed}
	case t.Level > p.Level:
		in = t
	}
	if in.Level == IntentLikely {
		in.Level = IntentCertain
	}
	in.Span = [2]int{}
	return in
}

// splitPayload parts an identifier into words: underscores are separators
// already, so only camel case is left.
func splitPayload(p string) string {
	at := -1
	for i := 1; i < len(p); i++ {
		if p[i] >= 'A' && p[i] <= 'Z' && p[i-1] >= 'a' && p[i-1] <= 'z' {
			at = i
			break
		}
	}
	if at < 0 {
		return p
	}
	out := make([]byte, 0, len(p)+8)
	for i := 0; i < len(p); i++ {
		if i > 0 && p[i] >= 'A' && p[i] <= 'Z' && p[i-1] >= 'a' && p[i-1] <= 'z' {
			out = append(out, ' ')
		}
		out = append(out, p[i])
	}
	return string(out)
}
