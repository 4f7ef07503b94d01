package compliance

import (
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

// builtinGates are the gates of the library. Numbers and lists come out of the
// book once, here, and not on the way of a message. A Sender spends by the paces
// that its gate judges by.
func builtinGates(book *policy.Book, words []policy.ID, screen *category.Screen, scope optin.PlatformScope, paces *paces) ([]Gate, error) {
	blocked, err := params[[]string](book, "recipient-unreachable", "places")
	if err != nil {
		return nil, err
	}
	rest, err := params[aWhile](book, "recipient-unreachable", "rest")
	if err != nil {
		return nil, err
	}
	direct, err := newDirectLimits(book)
	if err != nil {
		return nil, err
	}
	callLimit, err := params[int](book, "account-not-restricted", "call_min_limit")
	if err != nil {
		return nil, err
	}
	calls, err := newCallGate(book)
	if err != nil {
		return nil, err
	}
	ai, err := params[[]string](book, "ai-provider-primary", "carve_outs")
	if err != nil {
		return nil, err
	}
	states, err := wordSets(book, "optin-states-communication", "says")
	if err != nil {
		return nil, err
	}
	consent := consentGate{switchScope: scope, screen: screen, states: states}
	law, err := newLawGate(book, consent.confirms)
	if err != nil {
		return nil, err
	}
	hours, err := newHoursGate(book)
	if err != nil {
		return nil, err
	}
	// the gates whose subject a fact is come first: what is not known is told
	// once, by the first that misses it
	return []Gate{
		newTemplateGate(),
		windowGate{},
		accountGate{callLimit},
		consent,
		calls,
		messageGate{blocked, rest, direct},
		businessGate{ai},
		newContentGate(words),
		categoryGate{},
		sharingGate{},
		honestGate{},
		regulatedGate{},
		law,
		paceGate{paces},
		hours,
	}, nil
}

// BuiltinJudge makes a Judge with the library's own gates, for judging Cases
// whose facts are in hand already; checker answers for the rules about words.
// A Sender makes its own.
func BuiltinJudge(book *policy.Book, business *Business, checker *content.Checker, more ...Gate) (*Judge, error) {
	screen, err := category.NewScreen()
	if err != nil {
		return nil, err
	}
	paces, err := newPaces(book)
	if err != nil {
		return nil, err
	}
	gates, err := builtinGates(book, slices.Collect(checker.Rules()), screen, optin.WholeBusiness, paces)
	if err != nil {
		return nil, err
	}
	return NewJudge(book, business, append(gates, more...)...)
}

// byEdition is one parameter of a rule in each of its editions.
type byEdition[T any] struct {
	from  []policy.Day
	value []T
}

// in returns the value in an edition, zero for none.
func (b byEdition[T]) in(e *policy.Edition) (v T) {
	if e == nil {
		return v
	}
	for i := range b.from {
		if b.from[i].Equal(e.From.Time) {
			return b.value[i]
		}
	}
	return v
}

func params[T any](book *policy.Book, id policy.ID, name string) (b byEdition[T], err error) {
	i, ok := book.Index(id)
	if !ok {
		return b, nil
	}
	rule := book.Rule(i)
	for k := range rule.Editions {
		e := &rule.Editions[k]
		v, found, err := policy.Param[T](e, name)
		if err != nil {
			return b, fmt.Errorf("compliance: rule %s: %w", id, err)
		}
		if found {
			b.from, b.value = append(b.from, e.From), append(b.value, v)
		}
	}
	return b, nil
}

// aWhile is a stretch of time as rules write it.
type aWhile struct {
	Hours int `json:"hours"`
}

func (w aWhile) duration() time.Duration { return time.Duration(w.Hours) * time.Hour }
