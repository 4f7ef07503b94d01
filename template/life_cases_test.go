package template_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

// A lifeCase is what is known of an account and either an act that is about to be
// done or, without one, what there is to be told, written by hand.
type lifeCase struct {
	Why       string            `json:"why"`
	At        time.Time         `json:"at"`
	Read      time.Time         `json:"read"` // of when the templates are; zero: the day before At
	Limit     int               `json:"limit"`
	Templates []json.RawMessage `json:"templates"`
	Changes   []lifeChange      `json:"changes"`
	Acts      []lifeAct         `json:"acts"`
	Do        *struct {
		Create int             `json:"create"`
		Edit   json.RawMessage `json:"edit"`
		Delete *struct{ Name, ID string }
	} `json:"do"`
	Found []lifeWant `json:"found"`
}

type lifeChange struct {
	Name, Language string
	At             time.Time
	Status         template.Status
	Notice         string
	Quality        string
	Category       category.Category
	Was            category.Category
	Next           category.Category
	NextAt         time.Time `json:"next_at"`
}

type lifeAct struct {
	Kind           template.ActKind
	Name, Language string
	At             time.Time
	Status         template.Status
	Definition     *template.Definition
	Count          int // as many, a second apart; zero: one
}

type lifeWant struct {
	Rule     policy.ID       `json:"rule"`
	Severity policy.Severity `json:"severity"`
	Where    string          `json:"where"`
	Template string          `json:"template"`
	At       time.Time       `json:"at"`
}

const lifeCases = "../testdata/life"

func (c lifeCase) why() string { return c.Why }

// shelf is what the case knows, through the stores.
func (c *lifeCase) shelf(t *testing.T) *template.Shelf {
	t.Helper()
	const account = "100200300400500"
	ctx := t.Context()
	catalog, acts := template.NewMemory(), template.NewActs()
	read := c.Read
	if read.IsZero() {
		read = c.At.AddDate(0, 0, -1)
	}
	for _, raw := range c.Templates {
		d, err := template.ParseDefinition(raw)
		require.NoError(t, err)
		d.Ref.Account = account
		require.NoError(t, catalog.Put(ctx, read, d))
	}
	for i, n := range c.Changes {
		require.NoError(t, catalog.Apply(ctx, template.Change{ID: fmt.Sprint(i), Ref: template.Ref{Account: account, Name: n.Name, Language: n.Language}, At: n.At,
			Status: n.Status, Notice: n.Notice, Quality: n.Quality, Category: n.Category, Was: n.Was, Next: n.Next, NextAt: n.NextAt}))
	}
	for i, a := range c.Acts {
		for n := range max(1, a.Count) {
			require.NoError(t, acts.Note(ctx, template.Act{ID: fmt.Sprint(i, ".", n), Kind: a.Kind, Ref: template.Ref{Account: account, Name: a.Name, Language: a.Language},
				At: a.At, Status: a.Status, Definition: a.Definition}))
		}
	}
	s, err := template.NewShelf(ctx, account, catalog, acts)
	require.NoError(t, err)
	s.Limit = c.Limit
	return s
}

func TestLifeCases(t *testing.T) {
	files, err := filepath.Glob(lifeCases + "/*/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			c := readCase[lifeCase](t, file)
			s := c.shelf(t)
			got := []lifeWant{}
			add := func(p template.Problem, name string, at time.Time) {
				require.NotEmpty(t, p.Why)
				require.NotEmpty(t, p.Fix)
				got = append(got, lifeWant{p.Rule, p.Severity, p.Where, name, at})
			}
			switch {
			case c.Do == nil:
				for _, a := range s.Advice(c.At) {
					add(a.Problem, a.Ref.Name, a.At)
				}
			case c.Do.Edit != nil:
				d, err := template.ParseDefinition(c.Do.Edit)
				require.NoError(t, err)
				for _, p := range s.CheckEdit(&d, c.At) {
					add(p, "", time.Time{})
				}
			case c.Do.Delete != nil:
				for _, p := range s.CheckDelete(c.Do.Delete.Name, c.Do.Delete.ID) {
					add(p, "", time.Time{})
				}
			default:
				for _, p := range s.CheckCreate(c.Do.Create, c.At) {
					add(p, "", time.Time{})
				}
			}
			if diff := cmp.Diff(c.Found, got); diff != "" {
				t.Errorf("%s\n(-written +found)\n%s", c.Why, diff)
			}
		})
	}
}

// TestLifeCensus holds the rules of the lifecycle, the rule book and the cases to
// each other.
func TestLifeCensus(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	judged := map[policy.ID]bool{}
	for id := range template.LifeRules() {
		require.False(t, judged[id], "%s stands twice", id)
		judged[id] = true
		i, ok := book.Index(id)
		require.True(t, ok, "%s is not in the rule book", id)
		rule := book.Rule(i)
		require.Equal(t, policy.Lifecycle, rule.Phase, id)
		require.Equal(t, policy.Gate, rule.Check, "%s is judged", id)
		severity := rule.Editions[len(rule.Editions)-1].Severity
		bothWays(t, lifeCases, id, func(file string) bool {
			found := false
			for _, w := range readCase[lifeCase](t, file).Found {
				if w.Rule == id {
					require.LessOrEqual(t, w.Severity, severity, "%s weighs more than the book says", file)
					found = true
				}
			}
			return found
		})
	}
	for _, r := range book.All() {
		if r.Phase == policy.Lifecycle && r.Area == "template" {
			require.True(t, judged[r.ID], "%s is a rule of the lifecycle, and nobody judges it", r.ID)
		}
	}
	for _, dir := range must(filepath.Glob(lifeCases + "/*-*")) {
		require.True(t, judged[policy.ID(filepath.Base(dir))], "%s holds cases of no rule", dir)
	}
}
