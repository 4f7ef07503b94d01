package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

type lintOut struct {
	ID       string    `json:"id"`
	Problems []problem `json:"problems"`
}

type problem struct {
	Rule     policy.ID             `json:"rule"`
	Severity template.LintSeverity `json:"severity"`
	Where    string                `json:"where"`
	Span     policy.Span           `json:"span"`
	Why      string                `json:"why"`
	Prevents string                `json:"prevents"`
	Fix      string                `json:"fix"`
}

// linting is one run of the command.
type linting struct {
	*env
	linter          *template.Linter
	asJSON, asSARIF bool
	set             bool // every input is one account's
	log             sarifLog
	code            int
	count           [template.LintError + 1]int
	templates       int
}

func runLint(_ context.Context, e *env, args []string) int {
	f := e.flags("lint")
	asJSON := f.Bool("json", false, "write JSON Lines")
	asSARIF := f.Bool("sarif", false, "write SARIF 2.1.0")
	fix := f.Bool("fix", false, "mend in the files what can be mended safely; standard input is written mended to standard output")
	strict := f.Bool("strict", false, "count warnings as errors")
	set := f.Bool("set", false, "take all lines of an input for templates of one account (folders and exports always are)")
	without := f.String("without", "", "`rules` to leave out, separated by commas")
	country := f.String("country", "", "where the readers are, ISO 3166 `code`, for regulated goods")
	licences := f.String("licence", "", "`verticals` licensed in that country, separated by commas")
	permitted := f.String("permission", "", "`verticals` Meta gave its permission for in that country, separated by commas")
	adults := f.Bool("adults", false, "readers are attested to be of age")
	if code, done := parse(f, args); done {
		return code
	}
	if *asJSON && *asSARIF {
		return e.fail("-json and -sarif exclude each other")
	}
	s, err := wordsSender(*country, *licences, *permitted, *adults)
	if err != nil {
		return e.fail("%v", err)
	}
	opts := []template.LintOption{template.WithContent(contentOf(s, strings.ToUpper(*country)))}
	if *strict {
		opts = append(opts, template.WithStrict())
	}
	for _, id := range strings.FieldsFunc(*without, comma) {
		if !isLintRule(policy.ID(id)) {
			return e.fail("-without: lint has no rule %q", id)
		}
		opts = append(opts, template.WithoutLint(policy.ID(id)))
	}
	l := &linting{env: e, asJSON: *asJSON, asSARIF: *asSARIF, set: *set, log: newSARIF()}
	if l.linter, err = template.NewLinter(opts...); err != nil {
		return e.fail("%v", err)
	}
	if err := l.inputs(f.Args(), *fix); err != nil {
		return e.fail("%v", err)
	}
	switch {
	case *asSARIF:
		err = l.log.write(e.out)
	case !*asJSON && !(*fix && f.NArg() == 0):
		l.summary()
	}
	if err != nil {
		return e.fail("%v", err)
	}
	return l.code
}

func isLintRule(id policy.ID) bool {
	for r := range template.LintRules() {
		if r.ID == id {
			return true
		}
	}
	return false
}

// contentOf reads words by the content rules.
func contentOf(s *compliance.Sender, place string) func(words, lang string) []policy.Violation {
	return func(words, lang string) []policy.Violation {
		tag, _ := language.Parse(strings.ReplaceAll(lang, "_", "-")) // a tag nobody knows helps no more than none
		return s.Read(compliance.Words{Texts: []compliance.Text{{Place: "text", Words: words}}, Locale: tag, Place: place})
	}
}

// inputs reads files, folders or standard input.
func (l *linting) inputs(names []string, fix bool) error {
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		if name == "-" {
			content, err := readAll(l.in)
			if err != nil {
				return fmt.Errorf("standard input: %w", err)
			}
			if fix {
				content = l.mend(content)
				if _, err := l.out.Write(content); err != nil {
					return err
				}
				l.look(l.err, []*source{newSource("standard input", content)}, l.set)
				continue
			}
			l.look(l.out, []*source{newSource("standard input", content)}, l.set)
			continue
		}
		files, folder, err := jsonFiles(name)
		if err != nil {
			return err
		}
		var all []*source
		for _, file := range files {
			content, err := readAllFile(file)
			if err != nil {
				return err
			}
			if fix {
				mended := l.mend(content)
				if !bytes.Equal(mended, content) {
					if err := replaceFile(file, mended); err != nil {
						return err
					}
					fmt.Fprintf(l.err, "wacheck: %s: mended\n", file)
				}
				content = mended
			}
			all = append(all, newSource(file, content))
		}
		l.look(l.out, all, l.set || folder)
	}
	return nil
}

// jsonFiles is a file, or what a folder holds.
func jsonFiles(name string) (files []string, folder bool, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, false, err
	}
	if !info.IsDir() {
		return []string{name}, false, nil
	}
	err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && slices.Contains([]string{".json", ".jsonl", ".ndjson"}, strings.ToLower(filepath.Ext(path))) {
			files = append(files, path)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: no .json, .jsonl or .ndjson file", name)
	}
	return files, true, err
}

// look judges the templates of some sources and tells what is found, in order.
// Together they are one account's, or each export is.
func (l *linting) look(w writer, all []*source, together bool) {
	var defs []template.Definition
	var place [][2]int // of each definition: source and item
	found := map[[2]int][]template.LintProblem{}
	judge := func() {
		for i, ps := range l.linter.LintAll(defs) {
			found[place[i]] = ps
		}
		defs, place = defs[:0], place[:0]
	}
	parsed := map[[2]int]*template.Definition{}
	for i, s := range all {
		for j := range s.items {
			it := &s.items[j]
			if it.err != nil {
				continue
			}
			d, err := template.ParseDraft(it.raw)
			if err != nil {
				it.err = l.inFile(s, it, err)
				continue
			}
			if it.id == "" {
				if it.id = d.ID; it.id == "" {
					it.id = d.Ref.Name
				}
			}
			parsed[[2]int{i, j}] = &d
			defs, place = append(defs, d), append(place, [2]int{i, j})
			if !together && !s.export {
				judge()
			}
		}
		if !together {
			judge()
		}
	}
	judge()
	for i, s := range all {
		for j := range s.items {
			it := &s.items[j]
			if it.err != nil {
				l.unreadable(w, s, it)
				continue
			}
			l.tell(w, s, it, parsed[[2]int{i, j}], found[[2]int{i, j}])
		}
	}
}

func (l *linting) unreadable(w writer, s *source, it *item) {
	l.code = failed
	switch {
	case l.asJSON:
		encode(w, lineError{it.id, it.err.Error()})
	case l.asSARIF:
		l.log.notify(s, it)
		fallthrough
	default:
		fmt.Fprintf(l.err, "wacheck: %s: %v\n", s.name, it.err)
	}
}

func (l *linting) tell(w writer, s *source, it *item, d *template.Definition, all []template.LintProblem) {
	l.templates++
	out := lintOut{ID: it.id, Problems: []problem{}}
	for _, p := range all {
		l.count[p.Severity]++
		if p.Severity == template.LintError && l.code == clean {
			l.code = blocking
		}
		out.Problems = append(out.Problems, problem{p.Rule, p.Severity, p.Where, p.Span, p.Why, p.Prevents, p.Fix})
	}
	switch {
	case l.asJSON:
		encode(w, out)
	case l.asSARIF:
		for _, p := range out.Problems {
			l.log.add(s, it, p)
		}
	default:
		for _, p := range out.Problems {
			l.print(w, s, it, d, p)
		}
	}
}

// print shows a problem the way compilers do: what, where, the words with marks
// beneath them, what it prevents and what to do.
func (l *linting) print(w writer, s *source, it *item, d *template.Definition, p problem) {
	colour := [...]string{template.LintAdvice: blue, template.LintWarning: yellow, template.LintError: red}[p.Severity]
	r := s.region(it, p)
	fmt.Fprintf(w, "%s: %s\n", l.paint(colour, p.Severity.String()+"["+string(p.Rule)+"]"), p.Why)
	fmt.Fprintf(w, "  --> %s:%d:%d %s (%s)\n", s.name, r.line, r.column, shown(orTemplate(p.Where)), shown(strings.TrimSpace(d.Ref.Name+" "+d.Ref.Language)))
	if text, ok := s.textAt(it, p.Where); ok {
		gutter := fmt.Sprintf("%4d", r.line)
		l.excerpt(w, gutter, text, p.Span, colour)
	}
	fmt.Fprintf(w, "   = prevents: %s\n   = fix: %s\n\n", p.Prevents, p.Fix)
}

func encode(w writer, v any) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
}

func orTemplate(where string) string {
	if where == "" {
		return "template"
	}
	return where
}

func (l *linting) summary() {
	fmt.Fprintf(l.out, "%s: %s, %s, %s\n", plural(l.templates, "template"),
		plural(l.count[template.LintError], "error"), plural(l.count[template.LintWarning], "warning"), plural(l.count[template.LintAdvice], "piece of advice"))
}

func plural(n int, word string) string {
	switch {
	case n == 1:
		return "1 " + word
	case word == "piece of advice":
		return fmt.Sprintf("%d pieces of advice", n)
	}
	return fmt.Sprintf("%d %ss", n, word)
}
