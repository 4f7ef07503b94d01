package category

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// A Reader predicts the category Meta will give a template. It is immutable and
// safe for concurrent use.
type Reader struct {
	lexicon *lexicon
	model   *model
	floor   float64
	sure    float64
	scratch sync.Pool
}

// An Option of a Reader.
type Option func(*settings) error

type settings struct {
	model       []byte
	floor, sure float64
}

// WithUtilityFloor sets the probability below which nothing is called utility.
// It is 0.65 unless set: calling utility what Meta will call marketing costs
// more than the reverse.
func WithUtilityFloor(p float64) Option {
	return func(s *settings) error {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("category: a utility floor of %v is no probability", p)
		}
		s.floor = p
		return nil
	}
}

// WithSureness sets the probability from which a reading is sure, 0.85 unless
// set.
func WithSureness(p float64) Option {
	return func(s *settings) error {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("category: a sureness of %v is no probability", p)
		}
		s.sure = p
		return nil
	}
}

// WithModel uses a model trained elsewhere, in the form of [AppendModel].
func WithModel(b []byte) Option {
	return func(s *settings) error { s.model = bytes.Clone(b); return nil }
}

// NewReader makes the built-in words and model ready.
func NewReader(opts ...Option) (*Reader, error) {
	set := settings{model: builtin, floor: 0.65, sure: 0.85}
	for _, o := range opts {
		if err := o(&set); err != nil {
			return nil, err
		}
	}
	w, err := builtinWords()
	if err != nil {
		return nil, err
	}
	m, err := readModel(set.model)
	if err != nil {
		return nil, err
	}
	r := &Reader{lexicon: &w.lexicon, model: m, floor: set.floor, sure: set.sure}
	r.scratch.New = func() any { return new(scratch) }
	return r, nil
}

// Probability is how likely each category is; the three add up to 1.
type Probability struct {
	Marketing      float64 `json:"MARKETING"`
	Utility        float64 `json:"UTILITY"`
	Authentication float64 `json:"AUTHENTICATION"`
}

// Of is the probability of one category, 0 for others than the three.
func (p Probability) Of(c Category) float64 {
	switch c {
	case Marketing:
		return p.Marketing
	case Utility:
		return p.Utility
	case Authentication:
		return p.Authentication
	}
	return 0
}

// A Reading is what a draft looks like. The zero Reading knows nothing: an
// empty draft gives it.
type Reading struct {
	Category    Category
	Probability Probability
	Sure        bool     // false: a person should look
	Reasons     []Reason // the strongest first, at most eight
	Suggestion  string   // what to change; empty when there is nothing to say
}

// A Reason is one thing that was seen.
type Reason struct {
	Cue    string   // what kind of thing: "discount", "appointment", "carousel" …
	For    Category // what it speaks for
	Where  string   // header, body, footer, buttons[0], components, name
	Span   [2]int   // half-open bytes of that text; both 0 when it is no words
	Weight float64  // how far it moved the reading, in logits; the decisive ones have 100, a survey about nothing less than 0
}

const maxReasons = 8

// Features appends what the model sees of a draft, for training one.
func (r *Reader) Features(dst []Feature, d Draft) []Feature {
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	r.lexicon.look(s, &d)
	return s.values(dst)
}

// Read predicts a draft's category. Components that only one category may have
// decide alone; else the words and the structure are weighed.
func (r *Reader) Read(d Draft) Reading {
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	r.lexicon.look(s, &d)
	if c, why, ok := decisive(&d, s.signed[signCode] || s.signed[signNoShare]); ok {
		return r.decided(&d, s, c, why)
	}
	if len(s.tokens) == 0 {
		return Reading{}
	}
	p := r.model.score(s)
	best := 0
	for c := range classes {
		if p[c] > p[best] {
			best = c
		}
	}
	out := Reading{Category: Category(best + 1), Probability: Probability{p[0], p[1], p[2]}}
	out.Sure = p[best] >= r.sure
	if out.Category == Utility && p[best] < r.floor {
		out.Sure, out.Category = false, Marketing
		if p[2] > p[0] {
			out.Category = Authentication
		}
	}
	out.Sure = out.Sure && !s.clipped
	out.Reasons = r.reasons(&d, s, p)
	out.Suggestion = suggest(&d, s, &out)
	return out
}

// decided is the reading of a draft whose structure leaves no choice.
func (r *Reader) decided(d *Draft, s *scratch, c Category, why Reason) Reading {
	out := Reading{Category: c, Sure: !s.clipped, Reasons: []Reason{why}}
	const certain = 0.998
	p := [classes]float64{(1 - certain) / 2, (1 - certain) / 2, (1 - certain) / 2}
	p[c-1] = certain
	out.Probability = Probability{p[0], p[1], p[2]}
	out.Suggestion = suggest(d, s, &out)
	return out
}

// decisive looks for what only one category may have. A button that copies a
// code is a coupon unless the words speak of a code to sign in with.
func decisive(d *Draft, speaksOfCode bool) (Category, Reason, bool) {
	for i := range d.Buttons {
		cue, c := "", Marketing
		switch t := d.Buttons[i].Type; {
		case same(t, "OTP"):
			cue, c = "otp-button", Authentication
		case same(t, "COPY_CODE") && !speaksOfCode:
			cue = "coupon-code"
		case same(t, "CATALOG"):
			cue = "catalog"
		case same(t, "MPM"):
			cue = "multi-product"
		case same(t, "SPM"):
			cue = "single-product"
		}
		if cue != "" {
			return c, Reason{Cue: cue, For: c, Where: place(partButtons + i), Weight: 100}, true
		}
	}
	for _, n := range d.Components {
		cue, c := "", Marketing
		switch {
		case same(n, "CAROUSEL"):
			cue = "carousel"
		case same(n, "LIMITED_TIME_OFFER"):
			cue = "limited-time-offer"
		case same(n, "ADD_SECURITY_RECOMMENDATION"), same(n, "CODE_EXPIRATION_MINUTES"):
			cue, c = "code-member", Authentication
		}
		if cue != "" {
			return c, Reason{Cue: cue, For: c, Where: "components", Weight: 100}, true
		}
	}
	if same(d.HeaderFormat, "PRODUCT") {
		return Marketing, Reason{Cue: "product-header", For: Marketing, Where: "header", Weight: 100}, true
	}
	return Unknown, Reason{}, false
}

// structureCues names the structure worth telling a person.
var structureCues = [fStructures]struct {
	cue   string
	side  Category
	where string
}{
	fNoPlaceholder:     {"nothing-personal", Marketing, "body"},
	fMostlyPlaceholder: {"mostly-placeholder", Marketing, "body"},
	fPercentDiscount:   {"percent-off", Marketing, "body"},
	fShout:             {"capitals", Marketing, "body"},
	fExclaimTwice:      {"exclamation-marks", Marketing, "body"},
	fManyEmoji:         {"emoji", Marketing, "body"},
	fPromoCode:         {"promotional-code", Marketing, "body"},
	fImage:             {"picture-header", Marketing, "header"},
	fVideo:             {"video-header", Marketing, "header"},
	fDocument:          {"document-header", Utility, "header"},
	fPromoName:         {"name", Marketing, "name"},
	fNothing:           {"no-order-or-request", Marketing, "body"},
}

// reasons are the signs and words that moved the reading, towards what it came
// to and against it.
func (r *Reader) reasons(d *Draft, s *scratch, p [classes]float64) []Reason {
	out := make([]Reason, 0, 2*maxReasons)
	var told [128]bool
	for _, x := range s.seen {
		side := signs[x.sign].side
		if side == Unknown || told[x.sign] {
			continue
		}
		w := r.lean(s, signAt+int(x.sign), side, p)
		if w <= 0.05 && x.sign != signSurvey { // a survey's side hangs on what it is about
			continue
		}
		told[x.sign] = true
		out = append(out, s.reason(cueName(x.sign), side, w, x.start, x.end))
		if len(out) == 2*maxReasons {
			break
		}
	}
	out = dropDoubles(out)
	for _, x := range s.spots {
		if x.group != groupDense || x.bucket >= fStructures || structureCues[x.bucket].cue == "" {
			continue
		}
		c := structureCues[x.bucket]
		if x.bucket == fPercentDiscount {
			c.where = place(int(s.percent))
		}
		if w := r.lean(s, int(x.bucket), c.side, p); w > 0.1 {
			out = append(out, Reason{Cue: c.cue, For: c.side, Where: c.where, Weight: w})
		}
	}
	out = r.wordReasons(out, s, p)
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	return out[:min(len(out), maxReasons)]
}

// cueName is a sign's name for people: the coarse rows go by the name of what
// they hold, and turns of phrase are no more than words.
func cueName(sign int16) string {
	if sign >= firstTurn {
		return "word"
	}
	switch n := signs[sign].name; n {
	case "price-row":
		return "offer"
	case "urge-row":
		return "buying-call"
	case "winback-row":
		return "retargeting"
	case "greet-row":
		return "greeting"
	default:
		return n
	}
}

// lean is how far a dense bucket moves the reading towards a side, away from the
// likeliest other.
func (r *Reader) lean(s *scratch, bucket int, side Category, p [classes]float64) float64 {
	return r.model.leans(s, spot{bucket: uint32(bucket), group: groupDense}, int(side)-1, rival(int(side)-1, p))
}

// rival is the likeliest class but c.
func rival(c int, p [classes]float64) int {
	b := (c + 1) % classes
	if o := (c + 2) % classes; p[o] > p[b] {
		b = o
	}
	return b
}

// dropDoubles keeps the heavier of reasons that name the same words.
func dropDoubles(rs []Reason) []Reason {
	keep := rs[:0]
	for i, a := range rs {
		double := false
		for j, b := range rs {
			if i != j && a.Where == b.Where && a.For == b.For && a.Span[0] < b.Span[1] && b.Span[0] < a.Span[1] &&
				(b.Weight > a.Weight || b.Weight == a.Weight && j < i) {
				double = true
				break
			}
		}
		if !double {
			keep = append(keep, a)
		}
	}
	return keep
}

// wordReasons adds the three words that weighed most among those no sign names.
func (r *Reader) wordReasons(out []Reason, s *scratch, p [classes]float64) []Reason {
	best := 0
	for c := range classes {
		if p[c] > p[best] {
			best = c
		}
	}
	other := rival(best, p)
	var top [3]struct {
		token int
		w     float64
	}
	for i, w := range r.model.leanings(s, best, other) {
		if s.tokens[i].kind == kindPlaceholder || w < 0.15 {
			continue
		}
		for k := range top {
			if w > top[k].w {
				copy(top[k+1:], top[k:len(top)-1])
				top[k].token, top[k].w = i, w
				break
			}
		}
	}
	for _, t := range top {
		if t.w == 0 {
			continue
		}
		k := &s.tokens[t.token]
		named := slices.ContainsFunc(s.seen, func(x seen) bool { return x.start < k.end && k.start < x.end })
		if !named {
			out = append(out, s.reason("word", Category(best+1), t.w, k.start, k.end))
		}
	}
	return out
}

func (s *scratch) reason(cue string, side Category, w float64, start, end int32) Reason {
	part, from, to := s.buffer.Origin(int(start), int(end))
	return Reason{Cue: cue, For: side, Where: place(part), Span: [2]int{from, to}, Weight: w}
}

var places = func() (names [partButtons + MaxButtons]string) {
	names[partHeader], names[partBody], names[partFooter] = "header", "body", "footer"
	for i := range MaxButtons {
		names[partButtons+i] = fmt.Sprintf("buttons[%d]", i)
	}
	return names
}()

func place(part int) string { return places[min(part, len(places)-1)] }
