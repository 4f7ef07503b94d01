package compliance

import (
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// Words are texts to be read on their own, before there is a message.
type Words struct {
	Texts    []Text
	Locale   language.Tag
	Place    string // where the reader is, ISO 3166 alpha-2; empty: not known, so no country exception
	Commerce bool   // shown with a catalogue, product or payment
}

// Read says what the words break, by the rules in force now and with what the
// business declares: prohibited goods, sensitive data, and for a regulated good
// every condition that is not met. It is for editors and linters; a message is
// judged by Do and Check, which know much more.
func (s *Sender) Read(w Words) []policy.Violation {
	c := s.newCase(&Message{Kind: Freeform, Commerce: w.Commerce, Locale: w.Locale}, s.now().UTC())
	c.Place = w.Place
	var rep content.Report
	s.prepared.checker.Check(w.Texts, w.Locale, &rep)
	c.Content = Known(rep)
	return s.judge.words(&c)
}

// words runs the gates that look at words alone.
func (j *Judge) words(c *Case) []policy.Violation {
	r := &Results{sheet: c.Rules, statuses: make([]policy.Status, j.book.Len())}
	copy(r.statuses, j.bench(c.Rules).statuses)
	for i := range j.gates {
		switch j.gates[i].Gate.(type) {
		case *contentGate, regulatedGate:
			j.run(&j.gates[i], c, r)
		}
	}
	policy.Sort(r.found)
	return r.found
}
