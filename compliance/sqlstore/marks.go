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
	handles := make([]string, len(list))
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
		if len(k.Place.Handles) > 1 {
			if handles[i], err = encode(k.Place.Handles); err != nil {
				return err
			}
		}
		normal[i] = k
	}
	return m.db.write(ctx, "marks: note", func(s *session) error {
		for i := range normal {
			for _, key := range m.keys(normal[i].Place) {
				if err := m.keep(s, &normal[i], key, handles[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (m marks) keep(s *session, k *window.Mark, key party.Handle, handles string) error {
	ctx, line := context.Background(), k.Place.Line
	n, err := s.exec(ctx, "INSERT INTO waguard_mark (scope, number, scheme, value, id, kind, at, received, account, handles)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		m.db.scope, line.Number, key.Scheme, key.Value, k.ID, int(k.Kind), micro(k.At), micro(k.Received), line.Account, long(handles))
	if err != nil || n == 0 {
		return err
	}
	const of = "scope = ? AND number = ? AND scheme = ? AND value = ? AND kind = ?"
	args := []any{m.db.scope, line.Number, key.Scheme, key.Value, int(k.Kind)}
	args = append(args, args...)
	if k.Kind == window.Ad || k.Kind == window.Replied {
		_, err = s.exec(ctx, "DELETE FROM waguard_mark WHERE "+of+" AND at < (SELECT MAX(at) FROM waguard_mark WHERE "+of+") - ?",
			append(args, window.Lookback.Microseconds())...)
		return err
	}
	_, err = s.exec(ctx, "DELETE FROM waguard_mark WHERE "+of+" AND (at, id) < (SELECT at, id FROM waguard_mark WHERE "+of+
		" ORDER BY at DESC, id DESC LIMIT 1)", args...)
	return err
}

// Marks reads a conversation, by (At, ID).
func (m marks) Marks(ctx context.Context, p window.Place) ([]window.Mark, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	keys := distinct(m.keys(p))
	const one = "SELECT scheme, value, id, kind, at, received, account, handles FROM waguard_mark" +
		" WHERE scope = ? AND number = ? AND scheme = ? AND value = ?"
	args := make([]any, 0, 4*len(keys))
	for _, key := range keys {
		args = append(args, m.db.scope, p.Line.Number, key.Scheme, key.Value)
	}
	var out []window.Mark
	err := m.db.read(ctx, "marks: read", func(ctx context.Context, s *session) error {
		out = nil
		return s.query(ctx, func(rows *sql.Rows) error {
			var k window.Mark
			var key party.Handle
			var at, received int64
			var handles sql.RawBytes
			if err := rows.Scan(&key.Scheme, &key.Value, &k.ID, &k.Kind, &at, &received, &k.Place.Line.Account, &handles); err != nil {
				return err
			}
			k.At, k.Received, k.Place.Line.Number = fromMicro(at), fromMicro(received), p.Line.Number
			switch {
			case key.Scheme == "":
				k.Place.Group = key.Value
			case len(handles) == 0:
				k.Place.Handles = []party.Handle{key}
			default:
				if err := json.Unmarshal(handles, &k.Place.Handles); err != nil {
					return err
				}
			}
			out = append(out, k)
			return nil
		}, one+strings.Repeat(" UNION ALL "+one, len(keys)-1), args...)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b window.Mark) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return slices.CompactFunc(out, func(a, b window.Mark) bool { return a.ID == b.ID }), nil
}

// Forget removes every mark that names one of the handles.
func (m marks) Forget(ctx context.Context, hs []party.Handle) error {
	hs = distinct(hs)
	return m.db.write(ctx, "marks: forget", func(s *session) error {
		for _, h := range hs {
			if err := m.forget(s, h); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m marks) forget(s *session, h party.Handle) error {
	ctx, scope := context.Background(), m.db.scope
	type row struct {
		number, id string
		beside     []party.Handle // the handles it stands under, where they are several
	}
	var found []row
	err := s.query(ctx, func(rows *sql.Rows) error {
		var r row
		var handles sql.RawBytes
		if err := rows.Scan(&r.number, &r.id, &handles); err != nil {
			return err
		}
		if len(handles) > 0 {
			if err := json.Unmarshal(handles, &r.beside); err != nil {
				return err
			}
		}
		found = append(found, r)
		return nil
	}, "SELECT number, id, handles FROM waguard_mark WHERE scope = ? AND scheme = ? AND value = ?", scope, h.Scheme, h.Value)
	if err != nil {
		return err
	}
	for _, r := range found {
		for _, o := range append(r.beside, h) {
			if _, err := s.exec(ctx, "DELETE FROM waguard_mark WHERE scope = ? AND number = ? AND scheme = ? AND value = ? AND id = ?",
				scope, r.number, o.Scheme, o.Value, r.id); err != nil {
				return err
			}
		}
	}
	return nil
}
