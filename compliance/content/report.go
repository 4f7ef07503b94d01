package content

import "github.com/waguard/waguard/compliance/policy"

// A Text is words a person will read, with the place they stand in.
type Text struct {
	Place string // "body", "header", "button.0", "template.body", "card.1.body"
	Words string
	// Values are the byte ranges of Words that were filled in by the caller
	// (template parameters); nil for a text that is all one.
	Values [][2]int
}

// A Finding is one match. It names the place and the bytes, never the words.
type Finding struct {
	Rule     policy.ID
	Kind     string          // the identifier or good, where the rule has several
	Severity policy.Severity // zero: the severity of the rule's edition in force
	Place    string
	Span     policy.Span // bytes of the original text, on rune boundaries
	Why      string
	Fix      string
	Strict   bool // of the goods the rule bars in every message, where it bars the rest only beside a commerce feature
}

// A Report is what Check found. Failed names rules that could not be run.
type Report struct {
	Findings []Finding
	Failed   []policy.ID
}
