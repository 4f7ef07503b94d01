package sqlstore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/party"
)

// links is party.Links. One set of handles is one bond, however often it is
// seen; which of its handles still belong is kept with it, so that asking is a
// walk over rows that hold.
type links struct{ db *DB }

var (
	_ party.Links     = links{}
	_ party.Forgetter = links{}
	_ party.Historian = links{}
)

func byName(a, b party.Handle) int {
	return cmp.Or(strings.Compare(a.Scheme, b.Scheme), strings.Compare(a.Value, b.Value))
}

// bond names a set of handles, in order.
func (l links) bond(handles []party.Handle) string {
	if l.db.seal == nil {
		return bondOf(handles)
	}
	texts := make([]string, 0, 2*len(handles))
	for _, h := range handles {
		texts = append(texts, h.Scheme, h.Value)
	}
	return l.db.seal.look("bond", texts...)
}

// bondOf is the name of a bond that is not sealed.
func bondOf(handles []party.Handle) string {
	h := sha256.New()
	for _, n := range handles {
		fmt.Fprintf(h, "%d:%s%d:%s", len(n.Scheme), n.Scheme, len(n.Value), n.Value)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Join stores what was seen together.
func (l links) Join(ctx context.Context, joins ...party.Join) error {
	joins = slices.Clone(joins)
	for i := range joins {
		j := &joins[i]
		if err := j.Validate(); err != nil {
			return err
		}
		if !soundHandles(j.Handles...) || !sound(j.ID) {
			return &party.LinkError{What: "join", ID: "", Reason: "a text in it is no UTF-8"}
		}
		j.Handles = distinct(j.Handles)
		slices.SortFunc(j.Handles, byName)
	}
	return l.db.write(ctx, "links: join", func(s *session) error {
		for _, j := range joins {
			if err := l.join(s, j); err != nil {
				return err
			}
		}
		return nil
	})
}

func soundHandles(hs ...party.Handle) bool {
	return !slices.ContainsFunc(hs, func(h party.Handle) bool { return !sound(h.Scheme, h.Value) })
}

// join stores a join whose handles are in order, each once.
func (l links) join(s *session, j party.Join) error {
	ctx, scope := context.Background(), l.db.scope
	n, err := s.exec(ctx, "INSERT INTO waguard_join_id (scope, id) VALUES (?, ?) ON CONFLICT DO NOTHING", scope, l.db.seal.id("join", j.ID))
	if err != nil || n == 0 {
		return err
	}
	if len(j.Handles) < 2 {
		return nil
	}
	bond, at := l.bond(j.Handles), micro(j.At)
	for _, h := range j.Handles {
		sealed, origin := "", j.ID
		if l.db.seal != nil {
			name := h
			h = l.db.seal.handle(h)
			sealed = l.db.seal.lock(bondHandle, name.Value, h.Scheme, h.Value, bond)
			origin = l.db.seal.lock(bondOrigin, j.ID, h.Scheme, h.Value, bond, at)
		}
		// MariaDB assigns from left to right: what is compared comes last
		if _, err := s.exec(ctx, "INSERT INTO waguard_bond (scope, scheme, value, bond, at, live, handle, began, origin) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)"+
			" ON CONFLICT (scope, scheme, value, bond) DO UPDATE SET at = CASE WHEN excluded.at > waguard_bond.at THEN excluded.at ELSE waguard_bond.at END,"+
			" origin = CASE WHEN excluded.began < waguard_bond.began THEN excluded.origin ELSE waguard_bond.origin END,"+
			" began = CASE WHEN excluded.began < waguard_bond.began THEN excluded.began ELSE waguard_bond.began END",
			scope, h.Scheme, h.Value, bond, at, long(sealed), at, long(origin)); err != nil {
			return err
		}
	}
	_, err = s.exec(ctx, l.settle(l.db.words.by("waguard_bond_members"))+" WHERE scope = ? AND bond = ?", scope, bond)
	return err
}

// settle works out which handles still belong: those nobody moved away from at
// the instant of the youngest join or later.
func (l links) settle(by string) string {
	return "UPDATE waguard_bond" + by + " SET live = CASE WHEN at > COALESCE((SELECT MAX(m.at) FROM waguard_move m" + l.db.words.by("waguard_move_from") +
		" WHERE m.scope = waguard_bond.scope AND m.scheme = waguard_bond.scheme AND m.from_value = waguard_bond.value), -9223372036854775808)" +
		" THEN 1 ELSE 0 END"
}

// Move stores changes of handle, and takes the old handle out of what is not
// younger.
func (l links) Move(ctx context.Context, moves ...party.Move) error {
	moves = slices.Clone(moves)
	for _, v := range moves {
		if err := v.Validate(); err != nil {
			return err
		}
		if !soundHandles(v.From, v.To) || !sound(v.ID) {
			return &party.LinkError{What: "move", ID: "", Reason: "a text in it is no UTF-8"}
		}
	}
	return l.db.write(ctx, "links: move", func(s *session) error {
		ctx, scope := context.Background(), l.db.scope
		for _, v := range moves {
			id, from, to, body, err := l.moved(v)
			if err != nil {
				return err
			}
			n, err := s.exec(ctx, "INSERT INTO waguard_move (scope, id, scheme, from_value, to_value, at, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				scope, id, from.Scheme, from.Value, to.Value, micro(v.At), long(body))
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if _, err := s.exec(ctx, "UPDATE waguard_bond SET live = 0 WHERE scope = ? AND scheme = ? AND value = ? AND at <= ?",
				scope, from.Scheme, from.Value, micro(v.At)); err != nil {
				return err
			}
		}
		return nil
	})
}

// moveNames is what is sealed of a move, where its columns hold hashes.
type moveNames struct {
	ID   string `json:"id"`
	From string `json:"from"`
	To   string `json:"to"`
}

// moved is a move as the columns have it.
func (l links) moved(v party.Move) (id string, from, to party.Handle, body string, err error) {
	if l.db.seal == nil {
		return v.ID, v.From, v.To, "", nil
	}
	if body, err = encode(moveNames{v.ID, v.From.Value, v.To.Value}); err != nil {
		return "", from, to, "", err
	}
	if id, from = l.db.seal.id("move", v.ID), l.db.seal.handle(v.From); !v.Parts() {
		to = l.db.seal.handle(v.To)
	}
	return id, from, to, l.db.seal.lock(moveBody, body, id, from.Scheme, from.Value, to.Value, micro(v.At)), nil
}

// move reads what moved wrote.
func (l links) move(id, scheme, from, to string, at int64, body string) (party.Move, error) {
	if l.db.seal != nil {
		plain, err := l.db.seal.unlock(moveBody, body, id, scheme, from, to, at)
		if err != nil {
			return party.Move{}, err
		}
		var names moveNames
		if err := json.Unmarshal([]byte(plain), &names); err != nil {
			return party.Move{}, err
		}
		id, from, to = names.ID, names.From, names.To
	}
	m := party.Move{ID: id, From: party.Handle{Scheme: scheme, Value: from}, At: fromMicro(at)}
	if to != "" {
		m.To = party.Handle{Scheme: scheme, Value: to}
	}
	return m, nil
}

// names begins the list of what hashes stand for with what was asked.
func (l links) names(asked []party.Handle) map[party.Handle]party.Handle {
	if l.db.seal == nil {
		return nil
	}
	names := make(map[party.Handle]party.Handle, len(asked)+2)
	for i, under := range l.db.seal.handles(asked) {
		names[under] = asked[i]
	}
	return names
}

// Known walks from the handles over everything they are joined with, and reads
// the moves that touch any of it, in one statement for as many handles as one
// takes.
func (l links) Known(ctx context.Context, hs []party.Handle) (party.Known, error) {
	hs = distinct(hs)
	var k party.Known
	err := l.db.read(ctx, "links: known", func(ctx context.Context, s *session) error {
		k = party.Known{}
		names := l.names(hs)
		under := l.db.seal.handles(hs)
		err := chunks(len(under), 2, min(l.db.words.params, 400), func(from, to int) error {
			return l.walk(ctx, s, under[from:to], names, &k)
		})
		if err != nil || l.db.seal == nil {
			return err
		}
		for i, h := range k.Handles {
			k.Handles[i] = names[h]
		}
		return nil
	})
	if err != nil {
		return party.Known{}, err
	}
	slices.SortFunc(k.Handles, byName)
	k.Handles = slices.Compact(k.Handles)
	slices.SortFunc(k.Moves, func(a, b party.Move) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	k.Moves = slices.CompactFunc(k.Moves, func(a, b party.Move) bool { return a.ID == b.ID })
	return k, nil
}

// walk adds what is known of some handles, all as the columns have them, and
// where those have hashes the names they stand for.
func (l links) walk(ctx context.Context, s *session, under []party.Handle, names map[party.Handle]party.Handle, k *party.Known) error {
	scope := l.db.scope
	args := make([]any, 0, 2*len(under)+5)
	for _, h := range under {
		args = append(args, h.Scheme, h.Value)
	}
	args = append(args, scope, scope, scope, scope)
	query := l.person(len(under)) +
		" SELECT scheme, value, '', '', 0, '' FROM person" +
		" UNION ALL SELECT v.scheme, v.from_value, v.to_value, v.id, v.at, v.body FROM person p" +
		l.db.words.walk() + "waguard_move v" + l.db.words.by("waguard_move_from") + " ON v.scope = ? AND v.scheme = p.scheme AND v.from_value = p.value" +
		" UNION ALL SELECT v.scheme, v.from_value, v.to_value, v.id, v.at, v.body FROM person p" +
		l.db.words.walk() + "waguard_move v" + l.db.words.by("waguard_move_to") + " ON v.scope = ? AND v.scheme = p.scheme AND v.to_value = p.value"
	if l.db.seal != nil { // and the handles that the hashes stand for
		query += " UNION ALL SELECT b.scheme, b.value, b.bond, '', 0, b.handle FROM person p" +
			l.db.words.walk() + "waguard_bond b ON b.scope = ? AND b.scheme = p.scheme AND b.value = p.value"
		args = append(args, scope)
	}
	return s.query(ctx, func(rows *sql.Rows) error {
		var h party.Handle
		var to, id, sealed string
		var at int64
		if err := rows.Scan(&h.Scheme, &h.Value, &to, &id, &at, &sealed); err != nil {
			return err
		}
		switch {
		case id != "":
			m, err := l.move(id, h.Scheme, h.Value, to, at, sealed)
			k.Moves = append(k.Moves, m)
			return err
		case to == "":
			k.Handles = append(k.Handles, h)
		case names[h] == party.Handle{}:
			name, err := l.db.seal.unlock(bondHandle, sealed, h.Scheme, h.Value, to)
			names[h] = party.Handle{Scheme: h.Scheme, Value: name}
			return err
		}
		return nil
	}, query, args...)
}

// Bonds reads every set of handles that names one of hs.
func (l links) Bonds(ctx context.Context, hs []party.Handle) ([]party.Bond, error) {
	under := l.db.seal.handles(distinct(hs))
	var all []party.Bond
	err := l.db.read(ctx, "links: bonds", func(ctx context.Context, s *session) error {
		all = nil
		at := map[string]int{} // of a bond in all
		return chunks(len(under), 2, min(l.db.words.params, 400), func(from, to int) error {
			return l.bonds(ctx, s, under[from:to], at, &all)
		})
	})
	for i := range all {
		slices.SortFunc(all[i].Handles, byName)
		slices.SortFunc(all[i].Left, byName)
	}
	party.SortBonds(all)
	return all, err
}

// bonds adds the sets that name one of some handles and are not there yet. The
// handles are as the columns have them.
func (l links) bonds(ctx context.Context, s *session, under []party.Handle, at map[string]int, all *[]party.Bond) error {
	args := []any{l.db.scope, l.db.scope}
	for _, h := range under {
		args = append(args, h.Scheme, h.Value)
	}
	query := "SELECT DISTINCT m.bond, m.scheme, m.value, m.live, m.at, m.began, m.origin, m.handle FROM waguard_bond b" +
		l.db.words.walk() + "waguard_bond m" + l.db.words.by("waguard_bond_members") + " ON m.scope = ? AND m.bond = b.bond WHERE b.scope = ? AND (" +
		strings.TrimSuffix(strings.Repeat("b.scheme = ? AND b.value = ? OR ", len(under)), " OR ") + ")"
	before := len(*all)
	return s.query(ctx, func(rows *sql.Rows) error {
		var bond, origin, name string
		var h party.Handle
		var live, last, began int64
		if err := rows.Scan(&bond, &h.Scheme, &h.Value, &live, &last, &began, &origin, &name); err != nil {
			return err
		}
		i, known := at[bond]
		if known && i < before {
			return nil
		}
		if l.db.seal != nil {
			var err error
			if origin != "" {
				if origin, err = l.db.seal.unlock(bondOrigin, origin, h.Scheme, h.Value, bond, began); err != nil {
					return err
				}
			}
			if h.Value, err = l.db.seal.unlock(bondHandle, name, h.Scheme, h.Value, bond); err != nil {
				return err
			}
		}
		if !known {
			i = len(*all)
			at[bond] = i
			one := party.Bond{ID: origin, Last: fromMicro(last)}
			if origin != "" {
				one.First = fromMicro(began)
			}
			*all = append(*all, one)
		}
		one := &(*all)[i]
		one.Handles = append(one.Handles, h)
		if live == 0 {
			one.Left = append(one.Left, h)
		}
		return nil
	}, query, args...)
}

// person walks from n handles over everything they are joined with. Its
// arguments are the handles, and the scope twice.
func (l links) person(n int) string {
	return "WITH RECURSIVE person (scheme, value) AS (" + l.db.words.typed + "VALUES " + listed(l.db.words.seed, n) +
		" UNION SELECT m.scheme, m.value FROM person p" +
		l.db.words.walk() + "waguard_bond b ON b.scope = ? AND b.scheme = p.scheme AND b.value = p.value AND b.live = 1" +
		l.db.words.walk() + "waguard_bond m" + l.db.words.by("waguard_bond_members") + " ON m.scope = ? AND m.bond = b.bond AND m.live = 1)"
}

// Forget removes every join and move that names one of the handles. Of the ids
// of joins nothing is removed: they name events and nobody.
func (l links) Forget(ctx context.Context, hs []party.Handle) error {
	hs = l.db.seal.handles(distinct(hs))
	return l.db.write(ctx, "links: forget", func(s *session) error {
		for _, h := range hs {
			if err := l.forget(s, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget takes a handle as the columns have it.
func (l links) forget(s *session, h party.Handle) error {
	ctx, scope := context.Background(), l.db.scope
	if _, err := s.exec(ctx, "DELETE FROM waguard_bond"+l.db.words.by("waguard_bond_members")+" WHERE scope = ? AND bond IN"+
		" (SELECT b.bond FROM waguard_bond b WHERE b.scope = ? AND b.scheme = ? AND b.value = ?)", scope, scope, h.Scheme, h.Value); err != nil {
		return err
	}
	var from []string // who moved to the handle, and now never did
	err := s.query(ctx, func(rows *sql.Rows) error {
		var value string
		err := rows.Scan(&value)
		from = append(from, value)
		return err
	}, "SELECT from_value FROM waguard_move"+l.db.words.by("waguard_move_to")+" WHERE scope = ? AND scheme = ? AND to_value = ?", scope, h.Scheme, h.Value)
	if err != nil {
		return err
	}
	for _, end := range []string{"from", "to"} {
		if _, err := s.exec(ctx, "DELETE FROM waguard_move"+l.db.words.by("waguard_move_"+end)+" WHERE scope = ? AND scheme = ? AND "+end+"_value = ?", scope, h.Scheme, h.Value); err != nil {
			return err
		}
	}
	for _, value := range from {
		if _, err := s.exec(ctx, l.settle("")+" WHERE scope = ? AND scheme = ? AND value = ?", scope, h.Scheme, value); err != nil {
			return err
		}
	}
	return nil
}
