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

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

// Kinds of rows in waguard_template_record.
const (
	actRecord     = "act"
	outcomeRecord = "outcome"
)

// note is a row on its way into waguard_template_record.
type note struct {
	id, account, body string
	at                int64
}

// recordID names what a row is about, however long its parts are.
func recordID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

var putRecord = "INSERT INTO waguard_template_record (scope, kind, id, account, at, body) VALUES (?, ?, ?, ?, ?, ?)" +
	" ON CONFLICT (scope, kind, id) DO UPDATE SET " + younger("waguard_template_record", "account", "body")

// putRecords stores rows; of two with one id the younger stays.
func (db *DB) putRecords(ctx context.Context, op, kind string, rows []note) error {
	return db.write(ctx, op, func(s *session) error {
		for _, r := range rows {
			_, err := s.exec(context.Background(), putRecord, db.scope, kind, r.id, r.account, r.at, long(r.body))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// records lists rows of a kind in an order, each made of its body: all, or those of
// an account and, with loose, those without one.
func records[T any](ctx context.Context, db *DB, op, kind, account string, loose bool, open func(body string) (T, error), order func(a, b T) int) iter.Seq2[T, error] {
	query, args := "SELECT body FROM waguard_template_record WHERE scope = ? AND kind = ?", []any{db.scope, kind}
	switch {
	case account != "" && loose:
		query, args = query+" AND account IN (?, '')", append(args, account)
	case account != "":
		query, args = query+" AND account = ?", append(args, account)
	}
	read := func() (all []T, err error) {
		err = db.read(ctx, op, func(ctx context.Context, s *session) error {
			all = nil
			return s.query(ctx, func(rows *sql.Rows) error {
				var body string
				if err := rows.Scan(&body); err != nil {
					return err
				}
				one, err := open(body)
				all = append(all, one)
				return err
			}, query, args...)
		})
		slices.SortFunc(all, order)
		return all, err
	}
	return listing(read, func(one T) T { return one })
}

// actBody is an act with its definition as it is, and not in the Graph API's form.
type actBody struct {
	template.Act
	Definition *plain `json:",omitzero"`
}

// acts is template.Acts.
type acts struct{ db *DB }

var _ template.Acts = acts{}

// Note stores acts.
func (a acts) Note(ctx context.Context, all ...template.Act) error {
	rows := make([]note, len(all))
	for i, act := range all {
		if err := act.Check(); err != nil {
			return err
		}
		if !sound(act.ID, string(act.Kind), act.Ref.Account, act.Ref.Name, act.Ref.Language, string(act.Status)) {
			return fmt.Errorf("sqlstore: acts: act %d: a text in it is no UTF-8", i)
		}
		act.At, act.Ref.Language = whole(act.At), template.Language(act.Ref.Language)
		if act.Definition != nil {
			d := *act.Definition
			d.Ref.Account, d.Ref.Language = act.Ref.Account, template.Language(d.Ref.Language)
			d.NextAt, d.Since, d.Moved, d.AsOf = whole(d.NextAt), whole(d.Since), whole(d.Moved), whole(d.AsOf)
			act.Definition = &d
		}
		body, err := encode(actBody{act, (*plain)(act.Definition)})
		if err != nil {
			return fmt.Errorf("sqlstore: acts: act %d: %w", i, err)
		}
		rows[i] = note{recordID(act.ID), act.Ref.Account, body, micro(act.At)}
	}
	return a.db.putRecords(ctx, "acts: note", actRecord, rows)
}

// Acts reads what the app did.
func (a acts) Acts(ctx context.Context, account string) iter.Seq2[template.Act, error] {
	open := func(body string) (template.Act, error) {
		var act actBody
		err := json.Unmarshal([]byte(body), &act)
		act.Act.Definition = (*template.Definition)(act.Definition)
		return act.Act, err
	}
	return records(ctx, a.db, "acts: list", actRecord, account, true, open,
		func(a, b template.Act) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}

// outcomes is category.Outcomes.
type outcomes struct{ db *DB }

var _ category.Outcomes = outcomes{}

// Note stores outcomes.
func (o outcomes) Note(ctx context.Context, all ...category.Outcome) error {
	rows := make([]note, len(all))
	for i, out := range all {
		if err := out.Check(); err != nil {
			return err
		}
		if !sound(out.Account, out.Template, out.Lang, string(out.By)) {
			return fmt.Errorf("sqlstore: outcomes: outcome %d: a text in it is no UTF-8", i)
		}
		out.At = whole(out.At)
		body, err := encode(out)
		if err != nil {
			return fmt.Errorf("sqlstore: outcomes: outcome %d: %w", i, err)
		}
		rows[i] = note{recordID(out.Account, out.Template, out.Lang, string(out.By)), out.Account, body, micro(out.At)}
	}
	return o.db.putRecords(ctx, "outcomes: note", outcomeRecord, rows)
}

// Outcomes reads what was decided.
func (o outcomes) Outcomes(ctx context.Context, account string) iter.Seq2[category.Outcome, error] {
	open := func(body string) (out category.Outcome, err error) {
		err = json.Unmarshal([]byte(body), &out)
		return out, err
	}
	return records(ctx, o.db, "outcomes: list", outcomeRecord, account, false, open, category.CompareOutcomes)
}
