package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
)

// Limits of a rule set that is read from files. They bound what a mistaken or
// hostile directory can cost; the built-in book stays far below them.
const (
	MaxFile  = 256 << 10 // bytes of one rule file
	MaxRules = 10_000    // rule files of one set
)

// A Problem is one mistake in one rule.
type Problem struct {
	File  string // as named in the file system; "rule <id>" when the rule did not come from a file
	Line  int    // counted from 1; 0 when the rule did not come from a file
	Field string // "editions[0].severity"; empty for the file as a whole
	Msg   string
}

// Error is the problem on one line:
//
//	policy: goods/goods-x.json:12: editions[0].severity: unknown severity "blok" (note, warn or block)
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString("policy: " + p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Field != "" {
		b.WriteString(": " + p.Field)
	}
	b.WriteString(": " + p.Msg)
	return strings.Map(oneLine, b.String())
}

// oneLine keeps a problem on one line whatever a file name or a key holds.
func oneLine(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// A LoadError holds every problem of a rule set, in order of file and line. No
// rule of such a set is used.
type LoadError struct{ Problems []Problem }

// Error is every problem, one a line.
func (e *LoadError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each problem to errors.As.
func (e *LoadError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

// Load reads a set of rules, one a file, filed as <area>/<id>.json. An app's
// own rule "acme/no-sunday" is filed as <area>/acme/no-sunday.json. The rules
// come back sorted by id.
//
// The reader is strict: what it does not know it refuses, and it tells every
// mistake of every file at once, as a [*LoadError]. Files whose name begins
// with a dot or an underscore and files called README.md are passed over; any
// other file that is no rule is a mistake too, since a rule that is silently
// not read holds no message. An error of the file system itself is returned
// as it is, wrapped.
func Load(fsys fs.FS) ([]Rule, error) {
	var rules []Rule
	var places []place
	var problems []Problem
	var space bytes.Buffer
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case name != "." && (base[0] == '.' || base[0] == '_'):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir(), base == "README.md":
			return nil
		case len(rules) == MaxRules:
			return fmt.Errorf("more than %d rule files", MaxRules)
		}
		r, at, ps, err := loadFile(fsys, name, &space)
		if err != nil {
			return err
		}
		rules, places, problems = append(rules, r), append(places, at), append(problems, ps...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("policy: load rules: %w", err)
	}
	if len(rules) == 0 {
		return nil, fmt.Errorf("policy: load rules: no rule file found")
	}
	problems = append(problems, taken(rules, places)...)
	if len(problems) > 0 {
		slices.SortStableFunc(problems, func(a, b Problem) int {
			return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
		return nil, &LoadError{problems}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return rules, nil
}

// loadFile reads one rule file, by way of a buffer that all files share. The error is
// the file system's; mistakes in the file are problems.
func loadFile(fsys fs.FS, name string, space *bytes.Buffer) (Rule, place, []Problem, error) {
	var r Rule
	whole := func(msg string) []Problem { return []Problem{{File: name, Line: 1, Msg: msg}} }
	area, rest, filed := strings.Cut(name, "/")
	id, isJSON := strings.CutSuffix(rest, ".json")
	if !filed || !isJSON {
		return r, place{}, whole("no rule file: rules are filed as <area>/<id>.json"), nil
	}
	f, err := fsys.Open(name)
	if err != nil {
		return r, place{}, nil, err
	}
	defer f.Close()
	space.Reset()
	if _, err := space.ReadFrom(io.LimitReader(f, MaxFile+1)); err != nil {
		return r, place{}, nil, fmt.Errorf("%s: %w", name, err)
	}
	data := space.String()
	if len(data) > MaxFile {
		return r, place{}, whole(fmt.Sprintf("larger than %d KiB", MaxFile>>10)), nil
	}
	d := &reading{data: data, file: name}
	d.read(&r)
	if r.ID != "" && string(r.ID) != id {
		d.reportAt("id", fmt.Sprintf("is %q, but the file is named for %q", r.ID, id))
	}
	if r.Area != "" && r.Area != area {
		d.reportAt("area", fmt.Sprintf("is %q, but the file lies under %q", r.Area, area))
	}
	if !d.bad[""] {
		check(&r, d.reportAt)
	}
	return r, place{name, d.lineOf}, d.problems, nil
}

// lineOf is the line of a field, or of what holds it.
func (d *reading) lineOf(field string) int {
	return 1 + strings.Count(d.data[:d.offset(field)], "\n")
}

// A place says where a rule came from.
type place struct {
	file   string
	lineOf func(field string) int
}

// taken finds ids and aliases that more than one rule claims.
func taken(rules []Rule, places []place) []Problem {
	var ps []Problem
	owner := map[ID]int{}
	claim := func(i int, field string, id ID) {
		if j, ok := owner[id]; ok && j != i {
			ps = append(ps, Problem{places[i].file, places[i].lineOf(field), field, fmt.Sprintf("%q is taken by %s", id, places[j].file)})
			return
		}
		owner[id] = i
	}
	for i, r := range rules {
		if r.ID != "" {
			claim(i, "id", r.ID)
		}
	}
	for i, r := range rules {
		for k, a := range r.Aliases {
			claim(i, fmt.Sprintf("aliases[%d]", k), a)
		}
	}
	return ps
}
