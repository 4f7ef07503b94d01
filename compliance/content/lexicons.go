package content

import "github.com/waguard/waguard/compliance/policy"

// lexicons are the phrases a Checker reads with.
type lexicons struct {
	rules *lexicon // those of the rules, and what all of them share
	wants *lexicon // how a customer asks
}

// compileWords compiles the words of a book together with the lists of this package.
func compileWords(book *policy.Book, ds []detector) (w lexicons, err error) {
	b, err := listWords(book, ds)
	if err != nil {
		return w, err
	}
	if w.rules, err = b.compile(); err != nil {
		return w, err
	}
	wants, err := readAll(wantFiles, "wants", func(w wantSet) string { return w.Lang })
	if err != nil {
		return w, err
	}
	b = newBuilder()
	if err := b.wants(wants); err != nil {
		return w, err
	}
	w.wants, err = b.compile()
	return w, err
}

// listWords lists what all but [Checker.Wants] listens to.
func listWords(book *policy.Book, ds []detector) (*builder, error) {
	cues, err := readAll(cueFiles, "cues", func(c cueSet) string { return c.Lang })
	if err != nil {
		return nil, err
	}
	labels, err := readAll(labelFiles, "labels", func(l labelSet) string { return l.Lang })
	if err != nil {
		return nil, err
	}
	asks, err := readAll(askFiles, "asks", func(a askSet) string { return a.Lang })
	if err != nil {
		return nil, err
	}
	topics, err := readAll(topicFiles, "topics", func(t topicSet) string { return t.Lang })
	if err != nil {
		return nil, err
	}
	things, err := readAll(everydayFiles, "everyday", func(e everydaySet) string { return e.Lang })
	if err != nil {
		return nil, err
	}
	b := newBuilder()
	var rules []*policy.Rule
	for _, r := range book.All() {
		if r.Check != policy.Lexical {
			continue
		}
		if err := b.textRule(int16(len(rules)), r); err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	if err := b.cues(cues); err != nil {
		return nil, err
	}
	if err := b.topics(topics, rules); err != nil {
		return nil, err
	}
	if err := b.everyday(things); err != nil {
		return nil, err
	}
	if err := b.labels(labels, ds); err != nil {
		return nil, err
	}
	return b, b.asks(asks)
}
