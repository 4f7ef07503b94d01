package compliance

import (
	"strings"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// categoryGate holds words to the category they are sent under. What the words
// look like is a prediction, so it speaks only where the reading is sure, and of
// the mistakes that cost: marketing under a cheaper category, and codes outside
// authentication. Marketing that reads like a notice costs nothing but money.
type categoryGate struct{}

const (
	ruleCategoryTrue = iota
	rulePurposeKept
	ruleWayOut
	rulePromoBan
)

func (categoryGate) Name() string { return "category" }

func (categoryGate) Rules() []policy.ID {
	return []policy.ID{
		ruleCategoryTrue: "template-category-true",
		rulePurposeKept:  "template-designated-purpose",
		ruleWayOut:       "optout-instructions",
		rulePromoBan:     "promo-ban-2020",
	}
}

func (g categoryGate) Judge(c *Case, r *Results) {
	m, declared := c.Message, categoryOf(c)
	if m.Kind == Call || m.Kind == Freeform && !r.InForce(rulePromoBan) {
		r.OutOfScope(ruleCategoryTrue, rulePurposeKept, ruleWayOut, rulePromoBan)
		return
	}
	like, ok := c.Category.Get()
	if !ok && !c.Category.IsAbsent() {
		r.Fail("category of the words", c.Category.Cause(), rulePromoBan, ruleCategoryTrue, rulePurposeKept, ruleWayOut)
		return
	}
	if !ok {
		like = &Likeness{}
	}
	g.ban(c, declared, like, r)
	if m.Kind == Freeform || declared == category.Unknown {
		r.OutOfScope(ruleCategoryTrue, rulePurposeKept, ruleWayOut)
		return
	}
	r.Clear(ruleCategoryTrue)
	if like.Own.Sure && named(&like.Own) && dearer(declared, like.Own.Category) {
		r.Break(ruleCategoryTrue, Break{Where: wordsAt(m), Kind: like.Own.Category.String(),
			Why: "The words read as " + lower(like.Own.Category) + cuesOf(&like.Own) + ", and are sent as " + lower(declared) + "."})
	}
	g.purpose(m, declared, like, r)
	switch {
	case declared != category.Marketing || m.Kind != Template:
		r.OutOfScope(ruleWayOut)
	case like.WayOut:
		r.Clear(ruleWayOut)
	default:
		r.Break(ruleWayOut, Break{Where: wordsAt(m)})
	}
}

// purpose: values do not turn a notice or a code into an offer.
func (categoryGate) purpose(m *Message, declared category.Category, like *Likeness, r *Results) {
	if m.Kind != Template || declared == category.Marketing {
		r.OutOfScope(rulePurposeKept)
		return
	}
	r.Clear(rulePurposeKept)
	if like.Where != "" && like.Filled.Category == category.Marketing && like.Own.Category != category.Marketing {
		r.Break(rulePurposeKept, Break{Where: like.Where, Span: like.Span})
	}
}

// ban: until September 2021 nothing that promotes left at all.
func (categoryGate) ban(c *Case, declared category.Category, like *Likeness, r *Results) {
	switch {
	case !r.InForce(rulePromoBan):
		r.OutOfScope(rulePromoBan)
	case declared == category.Marketing:
		r.Break(rulePromoBan, Break{Where: wordsAt(c.Message)})
	case like.Filled.Sure && named(&like.Filled) && like.Filled.Category == category.Marketing:
		r.Break(rulePromoBan, Break{Where: wordsAt(c.Message), Why: "The words read as marketing" + cuesOf(&like.Filled) +
			"; until 15 September 2021 the API was for transactions alone."})
	default:
		r.Clear(rulePromoBan)
	}
}

// dearer reports whether words of a category cost, or are held to, more than
// those they are sent as.
func dearer(declared, read category.Category) bool {
	switch declared {
	case category.Utility:
		return read == category.Marketing || read == category.Authentication
	case category.Authentication:
		return read == category.Marketing || read == category.Utility
	}
	return declared == category.Marketing && read == category.Authentication
}

// named reports whether a reading rests on something a person can be shown: a
// component of one category alone, or words that say what that category says.
func named(got *category.Reading) bool {
	for _, x := range got.Reasons {
		if x.For == got.Category && (x.Weight >= 100 || x.Cue != "word" && x.Span[1] > 0) {
			return true
		}
	}
	return false
}

// cuesOf names what was seen, never the words.
func cuesOf(got *category.Reading) string {
	var cues []string
	for _, x := range got.Reasons {
		if x.For == got.Category && x.Cue != "word" && len(cues) < 3 {
			cues = append(cues, x.Cue)
		}
	}
	if len(cues) == 0 {
		return ""
	}
	return " (" + strings.Join(cues, ", ") + ")"
}

func wordsAt(m *Message) string {
	if m.Kind == Template {
		return "template"
	}
	return "text"
}

func lower(c category.Category) string { return strings.ToLower(c.String()) }
