package content

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// A Text is words a person will read, with the place they stand in.
type Text struct {
	Place string // "body", "header", "button.0", "template.body", "card.1.body"
	Words string
	// Values are the byte ranges of Words that were filled in by the caller
	// (template parameters); nil for a text that is all one.
	Values [][2]int
}

// Confidence is how sure a finding is, so that an app can hold back what is certain
// and have somebody look at the rest.
type Confidence uint8

const (
	Unrated  Confidence = iota // by a rule that does not say
	Possible                   // the words together mean it, and no phrase names it; or digits that fit, and little else
	Likely                     // a phrase and what stands around it, or a number that its label names
	Certain                    // phrase and message agree clearly, or the number can hardly be anything else
)

var confidences = [...]string{"unrated", "possible", "likely", "certain"}

func (c Confidence) String() string {
	if int(c) < len(confidences) {
		return confidences[c]
	}
	return "unknown"
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

	Confidence Confidence
}

// A Report is what Check found. Failed names rules that could not be run.
type Report struct {
	Findings []Finding
	Failed   []policy.ID
}

// Redact returns the texts with what was found masked: within a finding everything
// but spaces and punctuation becomes mask, a character each, so that the number of letters
// and digits can still be told. Texts are told apart by their places; a finding in a place
// that no text has, or outside its bytes, masks nothing. [Checker.Check] tells of one message
// at most 16 offers a rule and 256 numbers of a sort; what stands beyond is not masked. The
// texts given are left as they are.
func Redact(texts []Text, findings []Finding, mask rune) []Text {
	out := slices.Clone(texts)
	for i := range out {
		t := &out[i]
		hide := make([]bool, len(t.Words))
		found := false
		for _, f := range findings {
			if f.Place != t.Place || f.Span.Start < 0 || f.Span.Start > f.Span.End || f.Span.End > len(t.Words) {
				continue
			}
			for k := f.Span.Start; k < f.Span.End; k++ {
				hide[k], found = true, true
			}
		}
		if !found {
			continue
		}
		var b strings.Builder
		for k := 0; k < len(t.Words); {
			r, size := utf8.DecodeRuneInString(t.Words[k:])
			switch {
			case !hide[k]:
				b.WriteString(t.Words[k : k+size])
			case unicode.IsSpace(r) || unicode.IsPunct(r):
				b.WriteRune(r)
			default:
				b.WriteRune(mask)
			}
			k += size
		}
		t.Words, t.Values = b.String(), nil
	}
	return out
}
