package template

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// A LintProblem is one rule a definition breaks. It names the place, never the
// words.
type LintProblem struct {
	Rule     policy.ID
	Severity LintSeverity

	// Where is the place as the Graph API's member path: "name",
	// "components[1].text", "components[2].buttons[0].url". Empty: the
	// template as a whole.
	Where string

	// Span is the bytes meant of the string at Where; zero: all of it.
	Span policy.Span

	Why      string
	Prevents string // what happens otherwise: Meta's error code, or a few words
	Fix      string

	// Edit mends the problem by itself where that is safe; nil elsewhere. See
	// [Linter.Fix].
	Edit *Edit
}

// An Edit replaces the bytes of Span in the string at a problem's Where by New,
// or removes the member at Where.
type Edit struct {
	Span   policy.Span
	New    string
	Remove bool
}

// lower makes a problem weigh less than its rule, where the case is milder.
func (p *LintProblem) lower(s LintSeverity) {
	if p.Severity > s {
		p.Severity = s
	}
}

// raise makes a problem weigh more than its rule, where the case is graver.
func (p *LintProblem) raise(s LintSeverity) {
	if p.Severity < s {
		p.Severity = s
	}
}

// A Deletion is a template that was deleted, whose name may still be locked.
type Deletion struct {
	Name string
	At   time.Time
}

// A LintOption changes what a [Linter] looks at.
type LintOption func(*Linter)

// WithStrict makes warnings errors. Advice stays advice.
func WithStrict() LintOption { return func(l *Linter) { l.strict = true } }

// WithoutLint leaves rules out.
func WithoutLint(rules ...policy.ID) LintOption {
	return func(l *Linter) {
		for _, id := range rules {
			l.without[id] = true
		}
	}
}

// WithLanguages replaces the list of language codes Meta supports, for when it
// has grown. See [Languages] for the built-in one.
func WithLanguages(codes ...string) LintOption {
	return func(l *Linter) {
		l.languages = map[string]bool{}
		for _, c := range codes {
			l.languages[c] = true
		}
	}
}

// WithReader uses another reader of what category a template looks like. With
// nil the rules about that are not judged, save for words of promotion, and
// auth-content-elsewhere is not judged either.
func WithReader(r *category.Reader) LintOption {
	return func(l *Linter) { l.reader, l.ownReader = r, true }
}

// WithScreen uses another screen for words of promotion. It is asked where there
// is no reader, or where the reader does not know the language; nil: then
// nothing is.
func WithScreen(s *category.Screen) LintOption {
	return func(l *Linter) { l.screen, l.ownScreen = s, true }
}

// WithContent lets prohibited offers (pol-commerce) and requests for card,
// account or identity numbers (pol-sensitive-identifier) be found, which this
// package cannot do by itself: without it the two are not judged. The function
// is given every text with the template's language, as Meta writes it, and says
// what rules of the book the words break; compliance.Sender.Read is one that can.
// It must be safe for concurrent use.
func WithContent(find func(words, language string) []policy.Violation) LintOption {
	return func(l *Linter) { l.content = find }
}

// WithDeletions tells which templates were deleted while approved, so that a
// name is not reused within 30 days before at. Without it
// tpl-name-locked-after-delete is not judged.
func WithDeletions(at time.Time, all ...Deletion) LintOption {
	return func(l *Linter) {
		for _, d := range all {
			until := d.At.AddDate(0, 0, nameLock)
			if d.Name != "" && at.Before(until) && until.After(l.locked[d.Name]) {
				l.locked[d.Name] = until
			}
		}
	}
}

// A Linter finds in definitions what Meta would refuse, reject or charge
// otherwise. It is immutable and safe for concurrent use.
type Linter struct {
	strict    bool
	without   map[policy.ID]bool
	languages map[string]bool
	locked    map[string]time.Time
	reader    *category.Reader
	screen    *category.Screen
	ownReader bool
	ownScreen bool
	words     *lexicon
	content   func(words, language string) []policy.Violation
	scratch   sync.Pool
}

// NewLinter makes a Linter. It loads words and a model of twelve languages, which
// takes some tens of milliseconds: make one and keep it.
func NewLinter(opts ...LintOption) (*Linter, error) {
	l := &Linter{without: map[policy.ID]bool{}, languages: supported(), locked: map[string]time.Time{}}
	for _, o := range opts {
		o(l)
	}
	var err error
	if !l.ownReader {
		if l.reader, err = category.NewReader(); err != nil {
			return nil, err
		}
	}
	if !l.ownScreen {
		if l.screen, err = category.NewScreen(); err != nil {
			return nil, err
		}
	}
	if l.words, err = newLexicon(); err != nil {
		return nil, err
	}
	l.scratch.New = func() any { return new(readings) }
	return l, nil
}

// Lint is [Linter.Lint] of a Linter made for this one call. To look at many
// definitions make one with [NewLinter].
func Lint(d *Definition, opts ...LintOption) ([]LintProblem, error) {
	l, err := NewLinter(opts...)
	if err != nil {
		return nil, err
	}
	return l.Lint(d), nil
}

// Lint reports what is wrong with one definition, in the order of its members,
// the gravest first at each place. Nil means nothing was found.
//
// What a definition holds beyond what this package knows is passed over, apart
// from a warning for components and buttons of unknown types.
//
// A template as registered (with an id or a status) may hold what Meta wrote
// itself, such as the wording of authentication templates; that is no problem.
func (l *Linter) Lint(d *Definition) []LintProblem {
	c := linting{Linter: l, d: d, auth: d.Category == category.Authentication, registered: d.ID != "" || d.Status != ""}
	c.template()
	c.components(d.Components, root)
	c.formats()
	c.meaning()
	for i := range c.found {
		if l.strict && c.found[i].Severity == LintWarning {
			c.found[i].Severity = LintError
		}
	}
	sortProblems(c.found)
	return c.found
}

// LintJSON is [ParseDefinition] and Lint. It sees the language as it is
// written, which ParseDefinition brings into one form; the definition returned
// has it as written too, for [Linter.Fix] to mend. Faults of the JSON itself are
// an [*Error].
func (l *Linter) LintJSON(b []byte) (Definition, []LintProblem, error) {
	d, err := ParseDraft(b)
	if err != nil {
		return Definition{}, nil, err
	}
	return d, l.Lint(&d), nil
}

// ParseDraft is [ParseDefinition] for definitions a person wrote: it leaves the
// language as it is written ("en-US"), for the linter to see.
func ParseDraft(b []byte) (Definition, error) {
	d, err := ParseDefinition(b)
	if err != nil {
		return d, err
	}
	if strings.Contains(d.Ref.Language, "_") && bytes.Contains(b, []byte("-")) {
		var as struct {
			Language string `json:"language"`
		}
		if json.Unmarshal(b, &as) == nil && Language(as.Language) == d.Ref.Language {
			d.Ref.Language = as.Language
		}
	}
	return d, nil
}

// LintAll reports what is wrong with each of the definitions of one account,
// and among them: names used twice in a language, and bodies that repeat another
// one. The answer has one list per definition, in order.
func (l *Linter) LintAll(defs []Definition) [][]LintProblem {
	found := make([][]LintProblem, len(defs))
	names, bodies := map[Ref]bool{}, map[string]bool{}
	for i := range defs {
		d := &defs[i]
		found[i] = l.Lint(d)
		c := linting{Linter: l, d: d}
		if key := (Ref{d.Ref.Account, d.Ref.Name, Language(d.Ref.Language)}); key.Name != "" {
			if names[key] {
				c.tell(tplNameLanguageUnique, root.at("name"), policy.Span{}, "another template before it has this name and language")
			}
			names[key] = true
		}
		if n, key := wording(d); key != "" && d.Category != category.Authentication {
			key = d.Ref.Account + "\x00" + key
			if bodies[key] {
				c.tell(bodyDuplicate, root.component(n).at("text"), policy.Span{}, "a template before it has this body and footer")
			}
			bodies[key] = true
		}
		if len(c.found) > 0 {
			found[i] = append(found[i], c.found...)
			sortProblems(found[i])
		}
	}
	return found
}

// wording is what Meta compares templates by, and the index of the body. It is
// empty without a body.
func wording(d *Definition) (body int, key string) {
	text, footer := "", ""
	for i := range d.Components {
		switch k := &d.Components[i]; {
		case is(k.Type, "BODY"):
			body, text = i, k.Text
		case is(k.Type, "FOOTER"):
			footer = k.Text
		}
	}
	if strings.TrimSpace(text) == "" {
		return 0, ""
	}
	return body, strings.Join(strings.Fields(text), " ") + "\x00" + strings.Join(strings.Fields(footer), " ")
}

// linting is the look at one definition.
type linting struct {
	*Linter
	d          *Definition
	auth       bool
	registered bool // read back from Meta
	found      []LintProblem

	// styles of placeholders met, for tpl-parameter-format-mixed
	numbered, named bool
	mixedAt         spot
	mixedSpan       policy.Span
}

// maxProblems bounds what is told of one definition: nobody reads more.
const maxProblems = 500

// tell adds a problem and returns it for changing.
func (c *linting) tell(r lintRule, at spot, span policy.Span, why string) *LintProblem {
	row := &lintTable[r]
	if c.without[row.ID] || len(c.found) == maxProblems {
		return &LintProblem{} // told to nobody
	}
	c.found = append(c.found, LintProblem{Rule: row.ID, Severity: row.Severity, Where: at.String(), Span: span, Why: why, Prevents: row.Prevents, Fix: row.Fix})
	return &c.found[len(c.found)-1]
}

func (c *linting) edit(p *LintProblem, e Edit) { p.Edit = &e }

// sortProblems puts problems into the order in which a person reads a template.
func sortProblems(all []LintProblem) {
	slices.SortStableFunc(all, func(a, b LintProblem) int {
		if n := comparePlaces(a.Where, b.Where); n != 0 {
			return n
		}
		if n := int(b.Severity) - int(a.Severity); n != 0 {
			return n
		}
		return a.Span.Start - b.Span.Start
	})
}

// comparePlaces orders member paths: members of the template before its
// components, and components by number.
func comparePlaces(a, b string) int {
	ca, cb := strings.HasPrefix(a, "components"), strings.HasPrefix(b, "components")
	if ca != cb {
		if ca {
			return 1
		}
		return -1
	}
	for a != "" && b != "" {
		na, ra := leadingNumber(a)
		nb, rb := leadingNumber(b)
		switch {
		case na >= 0 && nb >= 0 && na != nb:
			return na - nb
		case na >= 0 && nb >= 0:
			a, b = ra, rb
		case a[0] != b[0]:
			return int(a[0]) - int(b[0])
		default:
			a, b = a[1:], b[1:]
		}
	}
	return len(a) - len(b)
}

func leadingNumber(s string) (n int, rest string) {
	i := 0
	for i < len(s) && !notDigit(rune(s[i])) && i < 9 {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 {
		return -1, s
	}
	return n, s[i:]
}

// Fix mends what can be mended without asking anybody: runs of spaces and
// blank lines, spaces within placeholders, the spelling of the language, members
// that do nothing. It returns the mended copy and what is wrong with it still.
func (l *Linter) Fix(d *Definition) (Definition, []LintProblem) {
	mended := d.clone()
	found := l.Lint(&mended)
	for range 4 { // an edit can uncover another
		if !apply(&mended, found) {
			break
		}
		found = l.Lint(&mended)
	}
	return mended, found
}

// apply makes the edits of problems, the last of each text first, and reports
// whether there were any.
func apply(d *Definition, all []LintProblem) (any bool) {
	byPlace := map[string][]*Edit{}
	for i := range all {
		if all[i].Edit != nil {
			byPlace[all[i].Where] = append(byPlace[all[i].Where], all[i].Edit)
		}
	}
	for _, where := range slices.Sorted(maps.Keys(byPlace)) {
		edits := byPlace[where]
		if edits[0].Remove {
			delete(d.Extra, where)
			any = true
			continue
		}
		s := textAt(d, where)
		if s == nil {
			continue
		}
		slices.SortFunc(edits, func(a, b *Edit) int { return b.Span.Start - a.Span.Start })
		until := len(*s)
		for _, e := range edits {
			if e.Span.Start < 0 || e.Span.Start > e.Span.End || e.Span.End > until {
				continue // overlaps the one after it: the next round sees it again
			}
			*s = (*s)[:e.Span.Start] + e.New + (*s)[e.Span.End:]
			until = e.Span.Start
			any = true
		}
	}
	return any
}
