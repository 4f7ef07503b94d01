package template

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// Check compares values with the template they are for and reports what Meta
// would refuse, before it does. The instant decides what has expired and, with
// an announced change, which category counts. Nil means nothing was found; a
// clean check allocates nothing.
//
// One cause is one problem: a button filled under the wrong index is not also
// one that lacks its value. That the template exists is for the caller to
// know, and its status for [CheckStatus].
//
// Components, buttons and parameters of types this package does not know are
// passed over, since Meta adds some every year.
func Check(d *Definition, f *Filled, at time.Time) []Problem {
	c := checker{
		at:    at,
		auth:  d.CategoryAt(at) == category.Authentication || d.authentication(),
		offer: d.component("LIMITED_TIME_OFFER") != nil,
	}
	c.components(d.Components, f.Parts, place{card: -1})
	if c.auth {
		c.code(d.Components, f.Parts)
	}
	c.library(d, f.Parts)
	return c.found
}

type checker struct {
	at    time.Time
	auth  bool // an authentication template
	offer bool // beside a limited-time offer
	found []Problem
}

// A place is where something stands; it becomes words only when needed.
type place struct {
	card int // -1: in no card
	part string
	n    int // of a button, or of a value counted from one
	nth  bool
}

func (p place) of(part string) place { return place{card: p.card, part: part} }

func (p place) at(n int) place {
	p.n, p.nth = n, true
	return p
}

func (p place) String() string {
	var b strings.Builder
	b.WriteString("template")
	if p.card >= 0 {
		b.WriteString(".card." + strconv.Itoa(p.card))
	}
	if p.part != "" {
		b.WriteString("." + p.part)
	}
	if p.nth {
		b.WriteString("." + strconv.Itoa(p.n))
	}
	return b.String()
}

// broken adds a problem, once per rule and place, and returns it.
func (c *checker) broken(r rule, p place, span policy.Span, why string) *Problem {
	where := p.String()
	for i := range c.found {
		if c.found[i].Rule == table[r].ID && c.found[i].Where == where {
			return &c.found[i]
		}
	}
	c.found = append(c.found, Problem{Rule: table[r].ID, Where: where, Span: span, Why: why, Fix: table[r].Fix})
	return &c.found[len(c.found)-1]
}

func (c *checker) components(all []Component, parts []Part, in place) {
	var offer, carousel, buttons bool
	for i := range all {
		k := &all[i]
		switch {
		case is(k.Type, "HEADER"):
			c.header(k, partOf(parts, "header"), in.of("header"))
		case is(k.Type, "BODY"):
			limit, r := c.bodyLimit(all, in)
			c.text(bodyText(k, c.auth), partOf(parts, "body"), in.of("body"), limit, r)
		case is(k.Type, "FOOTER"):
			c.text(k.Text, partOf(parts, "footer"), in.of("footer"), maxFooter, renderedLength)
		case is(k.Type, "LIMITED_TIME_OFFER"):
			offer = true
			c.offerButton(all, in)
			c.expiry(k, partOf(parts, "limited_time_offer"), in.of("limited_time_offer"))
		case is(k.Type, "BUTTONS"):
			buttons = true
			c.buttons(k.Buttons, parts, in)
		case is(k.Type, "CAROUSEL"):
			carousel = true
			c.carousel(k, partOf(parts, "carousel"), in)
		}
	}
	// What is filled and not registered.
	for i := range parts {
		p := &parts[i]
		known, at := true, place{}
		switch {
		case is(p.Type, "header"):
			known, at = find(all, "HEADER") != nil, in.of("header")
		case is(p.Type, "body"):
			known, at = find(all, "BODY") != nil, in.of("body")
		case is(p.Type, "footer"):
			known, at = find(all, "FOOTER") != nil, in.of("footer")
		case is(p.Type, "limited_time_offer"):
			known, at = offer, in.of("limited_time_offer")
		case is(p.Type, "carousel"):
			known, at = carousel, in.of("carousel")
		case is(p.Type, "button"):
			if !buttons && len(p.Values) > 0 {
				c.broken(paramUnexpected, in.of("button").at(max(0, p.Index)), policy.Span{}, "the template has no buttons, and parameters for one were given")
			}
			continue
		case is(p.Type, "call_permission_request"):
			known, at = false, in.of("call_permission_request")
		default:
			continue
		}
		switch {
		case !known && len(p.Values)+len(p.Cards) > 0:
			c.broken(paramUnexpected, at, policy.Span{}, "the template takes no parameters there, and some were given")
		case known && partOf(parts, p.Type) != p:
			c.broken(paramUnexpected, at, policy.Span{}, "the part is filled twice")
		}
	}
}

// bodyLimit is how long a body may become beside the other components. For a
// body that stands alone it is the length from which Meta's own pages disagree;
// see length.
func (c *checker) bodyLimit(all []Component, in place) (int, rule) {
	switch {
	case in.card >= 0:
		return maxCard, carouselBody
	case c.offer:
		return maxOffer, renderedLength
	case len(all) == 1:
		return maxLoneBody, renderedLength
	}
	if b := find(all, "BUTTONS"); b != nil {
		for i := range b.Buttons {
			if is(b.Buttons[i].Type, "SPM") {
				return maxCard, renderedLength
			}
		}
	}
	return maxBody, renderedLength
}

func (c *checker) header(k *Component, p *Part, at place) {
	if k.Format == "" || is(k.Format, "TEXT") {
		c.text(k.Text, p, at, maxHeader, renderedLength)
		return
	}
	want := k.Format
	switch strings.ToUpper(k.Format) {
	case "IMAGE", "VIDEO", "GIF", "DOCUMENT", "LOCATION", "PRODUCT":
	default:
		return // a format Meta added since
	}
	switch {
	case p == nil || len(p.Values) == 0:
		c.broken(headerMedia, at, policy.Span{}, "the header is registered as "+strings.ToUpper(want)+", and none was given")
	case len(p.Values) > 1:
		c.broken(paramCount, at, policy.Span{}, "the header takes one parameter, and "+strconv.Itoa(len(p.Values))+" were given")
	default:
		// A GIF is an MP4 and is sent as a video or, on the marketing endpoint, as what it is.
		v := &p.Values[0]
		switch {
		case !is(v.Type, want) && !(is(want, "GIF") && is(v.Type, "video")):
			c.broken(paramType, at, policy.Span{}, "the header is registered as "+strings.ToUpper(want)+", and another type was given")
		case !v.shows():
			c.broken(headerMedia, at, policy.Span{}, "the header is registered as "+strings.ToUpper(want)+", and the parameter given names none")
		}
	}
}

// text checks a text and the values for it.
func (c *checker) text(text string, p *Part, at place, limit int, tooLong rule) {
	var values []Value
	if p != nil {
		values = p.Values
	}
	need, named := demand(text)
	if need == 0 {
		if len(values) > 0 {
			c.broken(paramUnexpected, at, policy.Span{}, "the text has no placeholder, and "+valuesGiven(len(values)))
		}
		return
	}
	whole := len(values) == need
	if named {
		whole = c.names(text, values, need, at)
	} else {
		for i := range values {
			if values[i].Name != "" {
				c.broken(paramStyle, at.at(i+1), policy.Span{}, "the template's parameters are numbered, and this one was given a name")
				break
			}
		}
		if !whole {
			c.count(need, len(values), at)
		}
	}
	for i := range values {
		c.value(&values[i], at.at(i+1))
	}
	if whole {
		c.length(text, values, named, at, limit, tooLong)
	}
}

// names compares the names given with the names registered.
func (c *checker) names(text string, values []Value, need int, at place) (whole bool) {
	nameless, strange := 0, 0
	for i := range values {
		v := &values[i]
		switch {
		case v.Name == "":
			nameless++
			if nameless == 1 {
				c.broken(paramStyle, at.at(i+1), policy.Span{}, "the template's parameters are named, and this one has no parameter_name")
			}
		case !asks(text, v.Name):
			strange++
			c.broken(paramStyle, at.at(i+1), policy.Span{}, "no placeholder of the template has this parameter_name")
		case pick(v.Name, true, values) != i:
			strange++
			c.broken(paramStyle, at.at(i+1), policy.Span{}, "this parameter_name was given before")
		}
	}
	if nameless > 0 || strange > 0 {
		// A wrong name leaves a placeholder empty: one cause. Only a number
		// that would be wrong under right names too is another.
		if len(values) < need {
			c.count(need, len(values), at)
		}
		return false
	}
	if len(values) != need {
		c.count(need, len(values), at)
		return false
	}
	return true
}

// asks reports whether a text has a placeholder of that name.
func asks(text, name string) bool {
	for x := (scanner{text: text}); x.next(); {
		if x.token == name {
			return true
		}
	}
	return false
}

func (c *checker) count(need, given int, at place) {
	c.broken(paramCount, at, policy.Span{}, "the text takes "+counted(need, "value")+", and "+valuesGiven(given))
}

func counted(n int, word string) string {
	if n == 1 {
		return "one " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func valuesGiven(n int) string {
	switch n {
	case 0:
		return "none was given"
	case 1:
		return "one was given"
	}
	return strconv.Itoa(n) + " were given"
}

// value checks one value of a header, body or footer text.
func (c *checker) value(v *Value, at place) {
	if !is(v.Type, "text") && !is(v.Type, "currency") && !is(v.Type, "date_time") {
		if c.auth {
			c.broken(authContent, at, policy.Span{}, "an authentication template takes text alone")
		} else {
			c.broken(paramType, at, policy.Span{}, "the placeholder takes a text, an amount or a date, and another type was given")
		}
		return
	}
	if strings.TrimSpace(v.Text) == "" {
		c.broken(paramEmpty, at, policy.Span{}, "the value is blank")
		return
	}
	if span, what := blanks(v.Text); what != "" {
		c.broken(paramWhitespace, at, span, "the value holds "+what)
	}
	if c.auth {
		c.authValue(v.Text, at)
	}
}

// blanks finds the first white space Meta refuses in a value.
func blanks(s string) (policy.Span, string) {
	run := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\n', '\r':
			return policy.Span{Start: i, End: i + 1}, "a line break"
		case '\t':
			return policy.Span{Start: i, End: i + 1}, "a tab"
		case ' ':
			if run++; run > maxSpaces {
				end := i + 1
				for end < len(s) && s[end] == ' ' {
					end++
				}
				return policy.Span{Start: i + 1 - run, End: end}, "more than four spaces in a row"
			}
			continue
		}
		run = 0
	}
	return policy.Span{}, ""
}

// length checks how long a text becomes with its values.
func (c *checker) length(text string, values []Value, named bool, at place, limit int, r rule) {
	upper := len(text) // in bytes, which are never fewer than characters
	for x := (scanner{text: text}); x.next(); {
		if i := pick(x.token, named, values); i >= 0 {
			upper += len(values[i].Text)
		}
	}
	least := limit
	if limit == maxLoneBody {
		least = maxBody
	}
	if upper <= least {
		return
	}
	n := utf8.RuneCountInString(text)
	for x := (scanner{text: text}); x.next(); {
		if i := pick(x.token, named, values); i >= 0 {
			n += utf8.RuneCountInString(values[i].Text) - utf8.RuneCountInString(text[x.start:x.end])
		}
	}
	switch {
	case n > limit:
		c.broken(r, at, policy.Span{}, tooLong(n, limit))
	case n > least:
		why := tooLong(n, least) + "; a body that stands alone may be longer by Meta's changelog of 2022, which no page of today repeats"
		c.broken(r, at, policy.Span{}, why).Severity = policy.Warn
	}
}

func tooLong(n, limit int) string {
	return fmt.Sprintf("with its values it comes to %d characters, and %d are allowed", n, limit)
}

// expiry checks the end of a limited-time offer.
func (c *checker) expiry(k *Component, p *Part, at place) {
	if p == nil || len(p.Values) == 0 {
		// An offer that says it has no end needs none; one that says nothing does.
		if has := part(k.Extra["limited_time_offer"], "has_expiration"); len(has) == 0 || has[0] != 'f' {
			c.broken(offerExpiry, at, policy.Span{}, "the offer's end was not given")
		}
		return
	}
	if len(p.Values) > 1 {
		c.broken(paramCount, at, policy.Span{}, "the offer takes one parameter, and "+valuesGiven(len(p.Values)))
		return
	}
	v := &p.Values[0]
	if !is(v.Type, "limited_time_offer") {
		c.broken(paramType, at, policy.Span{}, "the offer takes a parameter of type limited_time_offer, and another type was given")
		return
	}
	ms, ok := whole(part(v.Raw, "expiration_time_ms"))
	switch {
	case !ok:
		c.broken(offerExpiry, at, policy.Span{}, "expiration_time_ms is missing or no whole number")
	case ms < inSeconds || ms >= inMicroseconds:
		c.broken(offerExpiry, at, policy.Span{}, "expiration_time_ms is not in milliseconds")
	case ms <= c.at.UnixMilli():
		c.broken(offerExpiry, at, policy.Span{}, "the offer has ended")
	}
}

// inSeconds parts milliseconds from seconds, and inMicroseconds from anything
// finer: as milliseconds they are a day in 1973 and one in the year 5138, as seconds
// and microseconds the other way round.
const (
	inSeconds      = 100_000_000_000
	inMicroseconds = 1000 * inSeconds
)

// whole reads a whole number, bare or quoted.
func whole(raw json.RawMessage) (int64, bool) {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	return n, err == nil
}

func (c *checker) carousel(k *Component, p *Part, in place) {
	var cards []FilledCard
	if p != nil {
		cards = p.Cards
	}
	at := in.of("carousel")
	wrong := false
	if products(k) {
		if wrong = len(cards) < minCards || len(cards) > maxCards; wrong {
			c.broken(carouselCount, at, policy.Span{}, fmt.Sprintf("a product carousel takes %d to %d cards, and %s", minCards, maxCards, valuesGiven(len(cards))))
		}
	} else if wrong = len(cards) != len(k.Cards); wrong {
		c.broken(carouselCount, at, policy.Span{}, fmt.Sprintf("the template has %s, and %s", counted(len(k.Cards), "card"), valuesGiven(len(cards))))
	}
	var seen [maxIndex/64 + 1]uint64
	for i := range cards {
		n := cardIndex(cards, i)
		card := cardFor(k, n)
		switch {
		case card == nil || n > maxIndex || products(k) && n >= maxCards:
			if !wrong {
				c.broken(carouselCount, place{card: n}, policy.Span{}, "the template has no card of this card_index")
			}
			continue
		case seen[n/64]&(1<<(n%64)) != 0:
			if !wrong {
				c.broken(carouselCount, place{card: n}, policy.Span{}, "this card_index was given before")
			}
			continue
		}
		seen[n/64] |= 1 << (n % 64)
		c.components(card.Components, cards[i].Parts, place{card: n})
	}
}
