package sqlstore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/template"
)

// templates is template.Catalog: definitions and news as they came.
// template.Fold says what they come to.
type templates struct{ db *DB }

var _ template.Catalog = templates{}

// plain is a Definition without its Graph API form: that form is Meta's and
// reorders what it does not know, this one gives back what was put.
type plain template.Definition

// put is a definition on its way into the database.
type put struct {
	d    template.Definition
	body string
}

var putTemplate = "INSERT INTO waguard_template (scope, name, language, account, id, at, body) VALUES (?, ?, ?, ?, ?, ?, ?)" +
	" ON CONFLICT (scope, name, language, account) DO UPDATE SET " + younger("waguard_template", "id", "body")

// younger sets columns of a row that is there already to those of one that is not
// older, and last its instant, by which the others are decided: MariaDB sets one
// after the other.
func younger(table string, columns ...string) string {
	var set []string
	for _, c := range append(columns, "at") {
		set = append(set, c+" = CASE WHEN excluded.at >= "+table+".at THEN excluded."+c+" ELSE "+table+"."+c+" END")
	}
	return strings.Join(set, ", ")
}

// Put stores definitions; of two the younger stays.
func (t templates) Put(ctx context.Context, at time.Time, defs ...template.Definition) error {
	if at.IsZero() {
		return fmt.Errorf("%w: the definitions have no instant", template.ErrIncomplete)
	}
	puts := make([]put, len(defs))
	for i, d := range defs {
		if d.Ref.Name == "" || d.Ref.Language == "" {
			return fmt.Errorf("%w: definition %d has no name or no language", template.ErrIncomplete, i)
		}
		d.Ref.Language = template.Language(d.Ref.Language)
		d.AsOf = time.Time{} // the row has it
		d.NextAt, d.Since, d.Moved = whole(d.NextAt), whole(d.Since), whole(d.Moved)
		body, err := encode(plain(d))
		if err != nil {
			return fmt.Errorf("sqlstore: templates: definition %d: %w", i, err)
		}
		if !sound(d.Ref.Name, d.Ref.Language, d.Ref.Account, d.ID) {
			return fmt.Errorf("sqlstore: templates: definition %d: a text in it is no UTF-8", i)
		}
		puts[i] = put{d, body}
	}
	return t.db.write(ctx, "templates: put", func(s *session) error {
		for _, p := range puts {
			_, err := s.exec(context.Background(), putTemplate, t.db.scope, p.d.Ref.Name, p.d.Ref.Language, p.d.Ref.Account, p.d.ID, micro(at), long(p.body))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Apply stores news, each once.
func (t templates) Apply(ctx context.Context, changes ...template.Change) error {
	type news struct{ digest, body string }
	list := make([]news, len(changes))
	changes = append([]template.Change(nil), changes...)
	for i := range changes {
		c := &changes[i]
		if c.Template == "" && (c.Ref.Name == "" || c.Ref.Language == "") {
			return fmt.Errorf("%w: change %d names no template", template.ErrIncomplete, i)
		}
		if c.At.IsZero() {
			return fmt.Errorf("%w: change %d has no instant", template.ErrIncomplete, i)
		}
		if !sound(c.ID, c.Template, c.Ref.Account, c.Ref.Name, c.Ref.Language, string(c.Status), c.Reason, c.Quality, c.Notice) || !soundWords(c.Words) {
			return fmt.Errorf("sqlstore: templates: change %d: a text in it is no UTF-8", i)
		}
		c.At, c.NextAt, c.Ref.Language = whole(c.At), whole(c.NextAt), template.Language(c.Ref.Language)
		body, err := encode(c)
		if err != nil {
			return fmt.Errorf("sqlstore: templates: change %d: %w", i, err)
		}
		list[i] = news{t.digest(body), body}
	}
	return t.db.write(ctx, "templates: apply", func(s *session) error {
		for i, n := range list {
			c := &changes[i]
			body := t.db.seal.lock(templateNews, n.body, n.digest, c.Template, c.Ref.Name, c.Ref.Language, micro(c.At))
			_, err := s.exec(context.Background(), "INSERT INTO waguard_template_news (scope, digest, template, name, language, at, body)"+
				" VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				t.db.scope, n.digest, c.Template, c.Ref.Name, c.Ref.Language, micro(c.At), long(body))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func soundWords(w *template.Words) bool {
	if w == nil {
		return true
	}
	for _, b := range w.Buttons {
		if !sound(b.Type, b.Text, b.URL, b.Phone) {
			return false
		}
	}
	return sound(w.Header, w.Body, w.Footer)
}

// digest names news by what they say. They may be a client's answer to one
// message, and then its id is in them.
func (t templates) digest(body string) string {
	if t.db.seal != nil {
		return t.db.seal.look("template news", body)
	}
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// definition is one row of waguard_template.
type definition struct {
	account string
	at      int64
	d       template.Definition
}

// Find reads the definitions of a name with all that is told about them, and
// folds the one that answers.
func (t templates) Find(ctx context.Context, r template.Ref) (template.Definition, bool, error) {
	scope, language := t.db.scope, template.Language(r.Language)
	const query = "SELECT 1, account, at, '', '', '', '', body FROM waguard_template WHERE scope = ? AND name = ? AND language = ?" +
		" UNION ALL SELECT 2, '', at, digest, template, name, language, body FROM waguard_template_news WHERE scope = ? AND name = ? AND language = ?" +
		" UNION ALL SELECT 2, '', n.at, n.digest, n.template, n.name, n.language, n.body FROM waguard_template d JOIN waguard_template_news n ON n.scope = d.scope AND n.template = d.id" +
		" WHERE d.scope = ? AND d.name = ? AND d.language = ? AND d.id <> ''"
	var defs []definition
	var changes []template.Change
	err := t.db.read(ctx, "templates: find", func(ctx context.Context, s *session) error {
		defs, changes = nil, nil
		return s.query(ctx, func(rows *sql.Rows) error {
			var what int
			var d definition
			var digest, id, name, language, body string
			if err := rows.Scan(&what, &d.account, &d.at, &digest, &id, &name, &language, &body); err != nil {
				return err
			}
			if what == 2 {
				body, err := t.db.seal.unlock(templateNews, body, digest, id, name, language, d.at)
				if err != nil {
					return err
				}
				changes = append(changes, template.Change{})
				return json.Unmarshal([]byte(body), &changes[len(changes)-1])
			}
			if err := json.Unmarshal([]byte(body), (*plain)(&d.d)); err != nil {
				return err
			}
			defs = append(defs, d)
			return nil
		}, query, scope, r.Name, language, scope, r.Name, language, scope, r.Name, language)
	})
	if err != nil {
		return template.Definition{}, false, err
	}
	d, err := choose(defs, r.Account)
	if d == nil || err != nil {
		return template.Definition{}, false, err
	}
	return template.Fold(d.d, fromMicro(d.at), changes), true, nil
}

// Definitions reads all templates of a scope with all that is told about them,
// in one statement, and folds them one by one.
func (t templates) Definitions(ctx context.Context, account string) iter.Seq2[template.Definition, error] {
	return listing(func() ([]func() template.Definition, error) { return t.list(ctx, account) }, func(fold func() template.Definition) template.Definition { return fold() })
}

// listing yields what a read finds, as each is made of it, or why it failed.
func listing[R, T any](read func() ([]R, error), as func(R) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		all, err := read()
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		for _, r := range all {
			if !yield(as(r), nil) {
				return
			}
		}
	}
}

// list reads what there is, and returns how each definition is folded, in order.
func (t templates) list(ctx context.Context, account string) ([]func() template.Definition, error) {
	const query = "SELECT 1, account, name, language, at, '', '', body FROM waguard_template WHERE scope = ?" +
		" UNION ALL SELECT 2, '', name, language, at, digest, template, body FROM waguard_template_news WHERE scope = ?"
	type name struct{ name, language string }
	var defs []definition
	var byName map[name][]template.Change
	var byID map[string][]template.Change
	err := t.db.read(ctx, "templates: list", func(ctx context.Context, s *session) error {
		defs, byName, byID = nil, map[name][]template.Change{}, map[string][]template.Change{}
		return s.query(ctx, func(rows *sql.Rows) error {
			var what int
			var d definition
			var n name
			var digest, id, body string
			if err := rows.Scan(&what, &d.account, &n.name, &n.language, &d.at, &digest, &id, &body); err != nil {
				return err
			}
			if what == 1 {
				defs = append(defs, d)
				return json.Unmarshal([]byte(body), (*plain)(&defs[len(defs)-1].d))
			}
			body, err := t.db.seal.unlock(templateNews, body, digest, id, n.name, n.language, d.at)
			if err != nil {
				return err
			}
			var c template.Change
			if err := json.Unmarshal([]byte(body), &c); err != nil {
				return err
			}
			if id != "" {
				byID[id] = append(byID[id], c)
			}
			if n.name != "" {
				byName[n] = append(byName[n], c)
			}
			return nil
		}, query, t.db.scope, t.db.scope)
	})
	if err != nil {
		return nil, err
	}
	own := map[name]bool{}
	for _, d := range defs {
		if d.account == account && account != "" {
			own[name{d.d.Ref.Name, d.d.Ref.Language}] = true
		}
	}
	slices.SortFunc(defs, func(a, b definition) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.d.Ref.Name, b.d.Ref.Name), cmp.Compare(a.d.Ref.Language, b.d.Ref.Language))
	})
	var out []func() template.Definition
	for _, d := range defs {
		n := name{d.d.Ref.Name, d.d.Ref.Language}
		if account != "" && d.account != account && (d.account != "" || own[n]) {
			continue
		}
		out = append(out, func() template.Definition {
			// what is told by both stands in both lists, and counts once
			return template.Fold(d.d, fromMicro(d.at), slices.Concat(byName[n], byID[d.d.ID]))
		})
	}
	return out, nil
}

// choose says which of the definitions of one name answers for an account.
func choose(defs []definition, account string) (*definition, error) {
	var loose *definition
	for i := range defs {
		switch defs[i].account {
		case account:
			if account != "" {
				return &defs[i], nil
			}
			loose = &defs[i]
		case "":
			loose = &defs[i]
		}
	}
	switch {
	case account != "" || len(defs) == 0:
		return loose, nil
	case len(defs) > 1:
		return nil, template.ErrAmbiguous
	}
	return &defs[0], nil
}
