package compliancetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/replay"
)

// An Option changes what Run runs with.
type Option func(*config)

type config struct {
	book   *policy.Book
	opts   []replay.Option
	prefix string
	doors  []namedDoor
	only   func(path string) bool
}

// configured is what options come to, with the book made ready once.
func configured(t *testing.T, opts []Option) (c config) {
	t.Helper()
	for _, o := range opts {
		o(&c)
	}
	ready, err := compliance.Prepare(c.book)
	if err != nil {
		t.Fatal(err)
	}
	c.book = ready.Book()
	c.opts = append(c.opts, replay.WithPrepared(ready))
	return c
}

// With judges by a book of the app's own and for its business.
func With(book *policy.Book, b compliance.Business) Option {
	return func(c *config) {
		c.book = book
		c.opts = append(c.opts, replay.WithBusiness(b))
	}
}

// Sender passes options to the Sender, such as an app's own gates.
func Sender(opts ...compliance.Option) Option {
	return func(c *config) { c.opts = append(c.opts, replay.WithSender(opts...)) }
}

// Own limits the census to rules whose id begins with a prefix ("acme/"): the
// app vouches for its own rules, and the library for the built-in ones. Without
// it the census covers the whole book.
func Own(prefix string) Option { return func(c *config) { c.prefix = prefix } }

// updateVar is the environment variable that regenerates goldens.
const updateVar = "WAGUARD_GOLDEN"

// Run runs the cases and flows under a folder, and the census over them.
func Run(t *testing.T, dir string, opts ...Option) {
	t.Helper()
	c := configured(t, opts)
	update := os.Getenv(updateVar) == "update"
	if update && os.Getenv("CI") != "" {
		t.Fatalf("%s: goldens are not regenerated in CI", updateVar)
	}
	r := &runner{config: c, dir: dir, update: update}
	t.Run("cases", r.cases)
	t.Run("flows", r.flows)
	if r.ran == 0 && !t.Failed() {
		t.Fatalf("no cases and no flows ran under %s: what is not there proves nothing", dir)
	}
	if !t.Failed() {
		t.Run("census", func(t *testing.T) {
			for _, gap := range r.census() {
				t.Error(gap)
			}
		})
	}
}

type runner struct {
	config
	dir    string
	update bool
	ran    int
	seen   map[policy.ID][]outcome

	enabled map[policy.ID][]replay.Option // for the cases of a rule that is switched off
}

// optsFor are the options for the cases of a rule: one that is written switched
// off is switched on for them.
func (r *runner) optsFor(rule *policy.Rule) ([]replay.Option, error) {
	if !rule.Off {
		return r.opts, nil
	}
	if opts, ok := r.enabled[rule.ID]; ok {
		return opts, nil
	}
	book, err := r.book.Enable(rule.ID)
	if err != nil {
		return nil, err
	}
	ready, err := compliance.Prepare(book)
	if err != nil {
		return nil, err
	}
	opts := append(slices.Clone(r.opts), replay.WithPrepared(ready))
	r.enabled[rule.ID] = opts
	return opts, nil
}

// files lists the files below a folder that match, by path; a folder that is
// not there holds none.
func files(dir string, match func(string) bool) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) && p == dir {
				return fs.SkipAll
			}
			return err
		}
		if !d.IsDir() && match(p) {
			names = append(names, p)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

const goldenExt = ".golden.json"

func (r *runner) cases(t *testing.T) {
	root := filepath.Join(r.dir, "cases")
	names, err := files(root, func(p string) bool { return strings.HasSuffix(p, ".json") })
	if err != nil {
		t.Fatal(err)
	}
	r.seen, r.enabled = map[policy.ID][]outcome{}, map[policy.ID][]replay.Option{}
	for _, name := range names {
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		if strings.HasSuffix(name, goldenExt) {
			if _, err := os.Stat(strings.TrimSuffix(name, goldenExt) + ".json"); err != nil {
				t.Errorf("%s: a golden without a case", rel)
			}
			continue
		}
		t.Run(strings.TrimSuffix(rel, ".json"), func(t *testing.T) { r.one(t, name, rel) })
	}
}

// one runs one case: against what a person expected, then against the golden.
func (r *runner) one(t *testing.T, name, rel string) {
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := replay.ReadCase(raw)
	if err != nil {
		t.Fatal(err)
	}
	if c.Why == "" || c.Expect == nil {
		t.Fatal("a case says why it is there and what to expect")
	}
	id, ok := ruleOf(rel)
	if !ok {
		t.Fatalf("cases lie in <area>/<rule-id>/<name>.json")
	}
	i, ok := r.book.Index(id)
	if !ok || r.book.Rule(i).ID != id {
		t.Fatalf("no rule %s in the book", id)
	}
	if area, _, _ := strings.Cut(rel, "/"); area != r.book.Rule(i).Area {
		t.Errorf("rule %s is of area %s", id, r.book.Rule(i).Area)
	}
	opts, err := r.optsFor(r.book.Rule(i))
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Run(t.Context(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Expect.Check(&d); err != nil {
		t.Errorf("not as expected (%s):\n%v", c.Why, err)
	}
	r.ran++
	r.seen[id] = append(r.seen[id], outcomeOf(id, c.Event.At, &d))
	r.golden(t, strings.TrimSuffix(name, ".json")+goldenExt, &d)
}

// ruleOf reads the rule out of a case's path: an app's own ids hold a slash.
func ruleOf(rel string) (policy.ID, bool) {
	parts := strings.Split(path.Dir(rel), "/")
	if len(parts) < 2 {
		return "", false
	}
	return policy.ID(strings.Join(parts[1:], "/")), true
}

// golden compares the whole Decision, without what changes when a rule is
// added: the digest of the book, the print, and the status of every rule that
// found nothing (a case names the ones that have to be clear itself), and
// without what it costs and how sure a finding is, which are no verdict: a model
// that is trained anew is as sure of something else.
func (r *runner) golden(t *testing.T, name string, d *compliance.Decision) {
	t.Helper()
	shown := *d
	shown.Book, shown.Print, shown.ID = "", "", ""
	shown.Statuses = nil
	shown.Violations = slices.Clone(d.Violations)
	for i := range shown.Violations {
		shown.Violations[i].Confidence = 0
	}
	shown.Until, shown.Price = time.Time{}, compliance.Price{}
	for _, s := range d.Statuses {
		if s.Status > policy.Clear {
			shown.Statuses = append(shown.Statuses, s)
		}
	}
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(shown); err != nil {
		t.Fatal(err)
	}
	if r.update && !t.Failed() {
		if err := os.WriteFile(name, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no golden; make it with %s=update", updateVar)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(want), bytes.TrimSpace(got.Bytes())) {
		t.Errorf("the Decision is not the golden's:\n%s", firstDifference(want, got.Bytes()))
	}
}

func firstDifference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return "line " + itoa(i+1) + "\n- " + a + "\n+ " + b
		}
	}
	return "white space only"
}
