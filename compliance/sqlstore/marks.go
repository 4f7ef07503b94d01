package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
)

// marks is window.Store. A group stands under an empty scheme.
type marks struct{ db *DB }

// markNames is what is sealed of a mark, where its columns hold hashes.
type markNames struct {
	ID      string         `json:"id"`
	Handles []party.Handle `json:"handles,omitempty"`
	Group   string         `json:"group,omitempty"`
}

var (
	_ window.Store    = marks{}
	_ party.Forgetter = marks{}
)

func (m marks) keys(p window.Place) []party.Handle {
	if p.Group != "" {
		return []party.Handle{{Value: p.Group}}
	}
	return p.Handles
}

// Note stores marks, and drops what can no longer matter beside them.
func (m marks) Note(ctx context.Context, list ...window.Mark) error {
	normal := make([]window.Mark, len(list))
	names := make([]string, len(list))
	for i := range list {
		k, err := list[i].Normal()
		if err != nil {
			return err
		}
		if !sound(k.ID, k.Place.Group, k.Place.Line.Account, k.Place.Line.Number) {
			return &window.MarkError{Reason: "a text in it is no UTF-8"}
		}
		for _, h := range k.Place.Handles {
			if !sound(h.Scheme, h.Value) {
				return &window.MarkError{ID: k.ID, Reason: "a handle is no UTF-8"}
			}
		}
		switch {
		case m.db.seal != nil:
			names[i], err = encode(markNames{k.ID, k.Place.Handles, k.Place.Group})
		case len(k.Place.Handles) > 1:
			names[i], err = encode(k.Place.Handles)
		}
		if err != nil {
			return err
		}
		normal[i] = k
	}
	return m.db.write(ctx, "marks: note", func(s *session) error {
		for i := range normal {
			for _, key := range m.keys(normal[i].Place) {
				if err := m.keep(s, &normal[i], m.db.seal.handle(key), names[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// keep stores a mark under a handle as the columns have it.
func (m marks) keep(s *session, k *window.Mark, key party.Handle, names string) error {
	ctx, line, id := context.Background(), k.Place.Line, m.db.seal.id("mark", k.ID)
	names = m.db.seal.lock(markBody, names, line.Number, key.Scheme, key.Value, id, int(k.Kind), micro(k.At), micro(k.Received), line.Account)
	n, err := s.exec(ctx, "INSERT INTO waguard_mark (scope, number, scheme, value, id, kind, at, received, account, handles)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		m.db.scope, line.Number, key.Scheme, key.Value, id, int(k.Kind), micro(k.At), micro(k.Received), line.Account, long(names))
	if err != nil || n == 0 {
		return err
	}
	const of = "scope = ? AND number = ? AND scheme = ? AND value = ? AND kind = ?"
	args := []any{m.db.scope, line.Number, key.Scheme, key.Value, int(k.Kind)}
	args = append(args, args...)
	// the marks of the kind that its Keep does not name
	keep := k.Kind.Keep()
	gone := "(at, id) < (SELECT at, id FROM waguard_mark WHERE " + of + " ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?)"
	args = append(args, keep.Last-1)
	if keep.For > 0 {
		gone += " AND at < (SELECT MAX(at) FROM waguard_mark WHERE " + of + ") - ?"
		args = append(append(args, args[:5]...), keep.For.Microseconds())
	}
	_, err = s.exec(ctx, "DELETE FROM waguard_mark WHERE "+of+" AND "+gone, args...)
	return err
}

// Marks reads a conversation, by (At, ID).
func (m marks) Marks(ctx context.Context, p window.Place) ([]window.Mark, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	keys := m.db.seal.handles(distinct(m.keys(p)))
	const one = markColumns + " AND number = ? AND scheme = ? AND value = ?"
	var out []window.Mark
	err := m.db.read(ctx, "marks: read", func(ctx context.Context, s *session) error {
		out = nil
		return chunks(len(keys), 4, min(m.db.words.params, 400), func(from, to int) error {
			args := make([]any, 0, 4*(to-from))
			for _, key := range keys[from:to] {
				args = append(args, m.db.scope, p.Line.Number, key.Scheme, key.Value)
			}
			return s.query(ctx, func(rows *sql.Rows) error {
				k, _, err := m.scan(rows)
				out = append(out, k)
				return err
			}, one+strings.Repeat(" UNION ALL "+one, to-from-1), args...)
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b window.Mark) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return slices.CompactFunc(out, func(a, b window.Mark) bool { return a.ID == b.ID }), nil
}

const markColumns = "SELECT number, scheme, value, id, kind, at, received, account, handles FROM waguard_mark WHERE scope = ?"

// scan reads a row of markColumns: the mark, and its id as the column has it.
func (m marks) scan(rows *sql.Rows) (k window.Mark, id string, err error) {
	var key party.Handle
	var at, received int64
	var names string
	line := &k.Place.Line
	if err := rows.Scan(&line.Number, &key.Scheme, &key.Value, &id, &k.Kind, &at, &received, &line.Account, &names); err != nil {
		return k, "", err
	}
	k.ID, k.At, k.Received = id, fromMicro(at), fromMicro(received)
	if m.db.seal != nil {
		plain, err := m.db.seal.unlock(markBody, names, line.Number, key.Scheme, key.Value, id, int(k.Kind), at, received, line.Account)
		if err != nil {
			return k, "", err
		}
		var whole markNames
		if err := json.Unmarshal([]byte(plain), &whole); err != nil {
			return k, "", err
		}
		k.ID, k.Place.Handles, k.Place.Group = whole.ID, whole.Handles, whole.Group
		return k, id, nil
	}
	switch {
	case key.Scheme == "":
		k.Place.Group = key.Value
	case names == "":
		k.Place.Handles = []party.Handle{key}
	default:
		err = json.Unmarshal([]byte(names), &k.Place.Handles)
	}
	return k, id, err
}

// Forget removes every mark that names one of the handles.
func (m marks) Forget(ctx context.Context, hs []party.Handle) error {
	hs = m.db.seal.handles(distinct(hs))
	return m.db.write(ctx, "marks: forget", func(s *session) error {
		for _, h := range hs {
			if err := m.forget(s, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget takes a handle as the columns have it.
func (m marks) forget(s *session, h party.Handle) error {
	ctx, scope := context.Background(), m.db.scope
	type row struct {
		number, id string
		under      []party.Handle
	}
	var found []row
	err := s.query(ctx, func(rows *sql.Rows) error {
		k, id, err := m.scan(rows)
		found = append(found, row{k.Place.Line.Number, id, m.db.seal.handles(k.Place.Handles)})
		return err
	}, markColumns+" AND scheme = ? AND value = ?", scope, h.Scheme, h.Value)
	if err != nil {
		return err
	}
	for _, r := range found {
		for _, h := range r.under {
			if _, err := s.exec(ctx, "DELETE FROM waguard_mark WHERE scope = ? AND number = ? AND scheme = ? AND value = ? AND id = ?",
				scope, r.number, h.Scheme, h.Value, r.id); err != nil {
				return err
			}
		}
	}
	return nil
}
