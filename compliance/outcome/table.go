package outcome

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

//go:embed codes.json
var codes []byte

// Builtin is the table this release carries. It is shared and never changes.
var Builtin = sync.OnceValue(func() *Table {
	t, err := Parse(codes)
	if err != nil {
		panic(err) // a fault of the release; the tests read it too
	}
	return t
})

// Providers whose codes no other provider uses, so that a code alone names them.
// Those of others count only where the [Answer] names its provider.
var unmistakable = []string{"meta", "twilio", guard}

// guard is whose codes the refusals of this library's own guard carry, in whatever
// provider's shape they come.
const guard = "waguard"

// ownCodes is what the codes of other providers stay below.
const ownCodes = 100_000

// A Table is a list of outcomes and how to recognise them. It is safe for
// concurrent use.
type Table struct {
	rows  []row
	codes map[string]map[int][]int // provider, code → rows
	http  map[int]int
	text  []phrase
}

type row struct {
	provider string
	ranges   [][2]int
	text     []string
	out      Outcome
}

type phrase struct {
	words string
	row   int
}

// line is one outcome as the file has it.
type line struct {
	Provider string   `json:"provider"` // default meta
	Codes    []int    `json:"codes"`
	Ranges   [][2]int `json:"ranges"` // codes from and to, both inclusive
	Text     []string `json:"text"`   // recognises it where no code does; beside another row's code, tells the two apart
	HTTP     []int    `json:"http"`   // recognises it where neither code nor text does
	Class    Class    `json:"class"`
	Of       Subject  `json:"of"`
	After    string   `json:"after"`
	Grows    float64  `json:"grows"`
	Own      bool     `json:"own"`
	Maybe    bool     `json:"maybe"`
	Effect   Effect   `json:"effect"`
	Means    string   `json:"means"`
	Do       string   `json:"do"`
	Note     string   `json:"note"`
	Cites    []string `json:"cites"` // keys of sources
}

// Parse reads a table in the form of codes.json. A fault names the outcome it
// stands in, counted from 0.
func Parse(data []byte) (*Table, error) {
	var file struct {
		Sources  map[string]policy.Citation `json:"sources"`
		Outcomes []line                     `json:"outcomes"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("outcome: %w", err)
	}
	t := &Table{codes: map[string]map[int][]int{}, http: map[int]int{}}
	for i := range file.Outcomes {
		if err := t.add(&file.Outcomes[i], file.Sources); err != nil {
			return nil, fmt.Errorf("outcome: outcomes[%d]: %w", i, err)
		}
	}
	slices.SortStableFunc(t.text, func(a, b phrase) int { return len(b.words) - len(a.words) })
	return t, nil
}

func (t *Table) add(l *line, sources map[string]policy.Citation) error {
	r := row{provider: l.Provider, ranges: l.Ranges, out: Outcome{Class: l.Class, Of: l.Of, Grows: l.Grows, Own: l.Own, Maybe: l.Maybe,
		Effect: l.Effect, Means: l.Means, Do: l.Do, Note: l.Note}}
	if r.provider == "" {
		r.provider = "meta"
	}
	if l.After != "" {
		d, err := time.ParseDuration(l.After)
		if err != nil || d <= 0 {
			return fmt.Errorf("after: no time")
		}
		r.out.After = d
	}
	switch {
	case len(l.Codes)+len(l.Ranges)+len(l.HTTP) == 0:
		return fmt.Errorf("codes: recognised by nothing")
	case l.Class == Unknown:
		return fmt.Errorf("class: is missing")
	case !slices.Contains([]Subject{Message, Person, Template, Number, Account}, l.Of):
		return fmt.Errorf("of: is about nothing known")
	case !effects[l.Effect]:
		return fmt.Errorf("effect: is unknown")
	case l.Means == "" || l.Do == "":
		return fmt.Errorf("means, do: are missing")
	case l.Grows != 0 && (l.Grows <= 1 || r.out.After == 0):
		return fmt.Errorf("grows: needs a first wait, and a factor above 1")
	case len(l.Cites) == 0:
		return fmt.Errorf("cites: is missing")
	}
	for _, key := range l.Cites {
		c, ok := sources[key]
		if !ok || c.Source == "" || c.Read.IsZero() {
			return fmt.Errorf("cites: %q is no source with a day", key)
		}
		r.out.Cites = append(r.out.Cites, c)
	}
	for _, w := range l.Text {
		if w = strings.TrimSpace(w); w == "" || w != strings.ToLower(w) {
			return fmt.Errorf("text: is written in lower case")
		}
		r.text = append(r.text, w)
	}
	n := len(t.rows)
	t.rows = append(t.rows, r)
	byCode := t.codes[r.provider]
	if byCode == nil {
		byCode = map[int][]int{}
		t.codes[r.provider] = byCode
	}
	for _, c := range l.Codes {
		for _, other := range byCode[c] {
			if len(t.rows[other].text) == 0 { // only words above tell two of one code apart
				return fmt.Errorf("codes: %d stands above", c)
			}
		}
		byCode[c] = append(byCode[c], n)
	}
	for _, status := range l.HTTP {
		if _, ok := t.http[status]; ok {
			return fmt.Errorf("http: %d stands above", status)
		}
		t.http[status] = n
	}
	for _, w := range r.text {
		t.text = append(t.text, phrase{w, n})
	}
	return nil
}

// An Answer is what a provider said to a send, as far as it is known. Its zero
// value is an answer that says nothing.
type Answer struct {
	Provider string // meta, twilio, gupshup; empty: told by the code, where no other provider uses it
	Codes    []int  // error codes
	HTTP     int    // status; 0: not known
	Text     string // title, message or details of the error
}

// Classify says what an answer means. A code decides before a text and a text
// before an HTTP status; of several codes the gravest does: one that stops the
// number before one about the template, that before one about the person.
func (t *Table) Classify(a Answer) Outcome {
	text := strings.ToLower(a.Text)
	var worst Outcome
	known := false
	for _, c := range append(slices.Clone(a.Codes), mentioned(text)...) {
		if o, ok := t.byCode(a.Provider, c, text); ok && (!known || o.Class > worst.Class) {
			worst, known = o, true
		}
	}
	if known {
		return worst
	}
	if len(a.Codes) == 0 && text != "" {
		for _, p := range t.text {
			if strings.Contains(text, p.words) && t.speaks(p.row, a.Provider) {
				return t.rows[p.row].out
			}
		}
	}
	// a 2xx with a code nobody knows is still a refusal, and says nothing more
	if n, ok := t.http[a.HTTP]; ok {
		return t.rows[n].out
	}
	return Outcome{}
}

// Code says what one code means, of the Cloud API or of a provider whose codes
// are its own; ok is false for a code that is not in the table.
func (t *Table) Code(code int) (o Outcome, ok bool) { return t.byCode("", code, "") }

func (t *Table) speaks(n int, provider string) bool {
	return provider == "" || t.rows[n].provider == provider
}

// byCode finds the row of a code; where several share it, the text decides.
func (t *Table) byCode(provider string, code int, text string) (Outcome, bool) {
	providers := unmistakable
	if provider != "" {
		// many pass the platform's codes on; its small ones may be another's own
		providers = []string{provider, guard}
		if code > ownCodes || provider == "360dialog" {
			providers = append(providers, "meta")
		}
	}
	for _, p := range providers {
		best := -1
		for _, n := range t.codes[p][code] {
			r := &t.rows[n]
			switch {
			case slices.ContainsFunc(r.text, func(w string) bool { return strings.Contains(text, w) }) && len(t.codes[p][code]) > 1:
				best = n
			case best < 0 && (len(r.text) == 0 || len(t.codes[p][code]) == 1):
				best = n
			}
		}
		for n := range t.rows {
			if best >= 0 {
				break
			}
			for _, span := range t.rows[n].ranges {
				if t.rows[n].provider == p && span[0] <= code && code <= span[1] {
					best = n
				}
			}
		}
		if best >= 0 {
			o := t.rows[best].out
			o.Code = code
			return o, true
		}
	}
	return Outcome{}, false
}

// mentioned are the codes a text names as the platform writes them: "(#131056) …".
func mentioned(text string) (codes []int) {
	for {
		_, rest, found := strings.Cut(text, "(#")
		if !found || len(codes) >= 8 {
			return codes
		}
		text = rest
		n, digits := 0, 0
		for digits < len(text) && digits < 8 && text[digits] >= '0' && text[digits] <= '9' {
			n = n*10 + int(text[digits]-'0')
			digits++
		}
		if digits > 0 && strings.HasPrefix(text[digits:], ")") {
			codes = append(codes, n)
		}
	}
}

// Rows lists the outcomes of the table with what they are recognised by, in the
// order of the file: for documentation and for tests.
func (t *Table) Rows() []Row {
	rows := make([]Row, len(t.rows))
	for n, r := range t.rows {
		rows[n] = Row{Provider: r.provider, Ranges: r.ranges, Text: r.text, Outcome: r.out}
	}
	for _, byCode := range t.codes {
		for c, list := range byCode {
			for _, n := range list {
				rows[n].Codes = append(rows[n].Codes, c)
			}
		}
	}
	for status, n := range t.http {
		rows[n].HTTP = append(rows[n].HTTP, status)
	}
	for n := range rows {
		slices.Sort(rows[n].Codes)
		slices.Sort(rows[n].HTTP)
	}
	return rows
}

// A Row is one outcome with what it is recognised by.
type Row struct {
	Provider string
	Codes    []int
	Ranges   [][2]int
	HTTP     []int
	Text     []string
	Outcome  Outcome
}
