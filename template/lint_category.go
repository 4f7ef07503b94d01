package template

import (
	"slices"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// decisive is the weight of a reason that leaves no choice: a component only
// one category may have, which other rules tell.
const decisive = 100

// surely is the probability of marketing from which words that hold nothing of
// utility are told, though nothing in them promotes.
const surely = 0.75

// judge compares what a template is declared as with what it reads like.
func (c *linting) judge(r *category.Reading, body int) {
	at := root.component(body).at("text")
	switch {
	case r.Category == category.Authentication:
		c.oneTimeCode(r, at)
	case r.Category != category.Marketing || c.d.Category != category.Utility:
	case len(r.Reasons) > 0 && r.Reasons[0].Weight >= decisive:
	case r.Probability.Utility >= r.Probability.Marketing:
		// Called marketing to be on the safe side: not enough to speak of.
		c.screened()
	default:
		c.promotion(r, at)
	}
}

// oneTimeCode tells that words hand over a code. A reading that is not sure
// counts only where the words name such a code.
func (c *linting) oneTimeCode(r *category.Reading, at spot) {
	span, named := policy.Span{}, false
	for _, x := range r.Reasons {
		if x.For != category.Authentication || x.Span[1] == 0 {
			continue
		}
		named = named || x.Cue == "code"
		if there, ok := c.place(x.Where); ok && (span == policy.Span{} || x.Cue == "code") {
			at, span = there, policy.Span{Start: x.Span[0], End: x.Span[1]}
		}
	}
	if !r.Sure && !named {
		return
	}
	p := c.tell(authContentElsewhere, at, span, "the words hand over a one-time code, and the category is "+c.d.Category.String())
	if !r.Sure {
		p.lower(LintWarning)
	}
}

// promotion tells why a template declared as utility reads like marketing.
func (c *linting) promotion(r *category.Reading, body spot) {
	var promo, again, survey *category.Reason
	useful := false
	fills := slices.ContainsFunc(c.d.Components, func(k Component) bool { n, _ := demand(k.Text); return n > 0 })
	for i := range r.Reasons {
		x := &r.Reasons[i]
		if x.For == category.Utility {
			useful = useful || x.Cue != "word" && x.Cue != "survey"
		}
		if x.For != category.Marketing && x.Cue != "survey" || x.Where == "footer" && x.Cue == "buy" {
			continue // a footer mostly holds the name of the business, which may be a shop's
		}
		switch x.Cue {
		case "cart", "renew", "retargeting":
			again = firstReason(again, x)
		case "survey", "rate":
			if x.Weight > 0 || !fills { // what a placeholder stands for may be the order or visit
				survey = firstReason(survey, x)
			}
		case "word", "nothing-personal", "mostly-placeholder", "no-order-or-request", "picture-header", "video-header", "name", "appreciate":
		default:
			if promo == nil || promo.Span[1] == 0 && x.Span[1] > 0 { // words rather than structure
				promo = x
			}
		}
	}
	if again != nil && promo != nil && (promo.Cue == "buy" || promo.Cue == "buying-call" || promo.Cue == "urgency" || promo.Cue == "explore") {
		promo = nil // the same call
	}
	tell := func(rule lintRule, x *category.Reason, why string) {
		at, span := body, policy.Span{}
		if there, ok := c.place(x.Where); ok {
			at, span = there, policy.Span{Start: x.Span[0], End: x.Span[1]}
		}
		c.tell(rule, at, span, why)
	}
	switch {
	case again != nil:
		tell(catRetargeting, again, "the words take up a purchase that was not made, or a contract that ends")
	case survey != nil && promo == nil && !useful:
		tell(catSurveyGeneric, survey, "the survey names no order, visit or conversation")
	}
	switch {
	case promo != nil:
		tell(catUtilityPromotional, promo, "the words promote ("+promo.Cue+")")
		if useful {
			c.tell(catMixedContent, body, policy.Span{}, "the template is about a transaction or request, and promotes")
		}
	case again == nil && survey == nil && !useful && r.Probability.Marketing >= surely:
		c.tell(catUtilityUnspecific, body, policy.Span{}, "nothing in the words belongs to an order, account or request of the reader, or is essential to know")
	case survey != nil && again == nil && useful && survey.Weight > 0:
		c.tell(catMixedContent, body, policy.Span{}, "the template is about a transaction or request, and asks for more than that")
	}
}

func firstReason(a, b *category.Reason) *category.Reason {
	if a == nil {
		return b
	}
	return a
}
