package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
)

// tabs is pace.Store. A tally stands under an empty scheme. The database keeps
// rows and the order of writers; what an act does to them is worked out by package
// pace, as in memory.
type tabs struct{ db *DB }

var _ pace.Store = tabs{}

// keys are the rows that bear on somebody, as the columns have them: first the
// one their tab belongs under, last that of the tally, if one is asked for.
func (p tabs) keys(w pace.Who) (keys []party.Handle, err error) {
	if len(w.Handles) == 0 {
		return nil, pace.ErrNobody
	}
	under := pace.Under(w.Handles)
	keys = append(keys, p.db.seal.handle(under))
	for _, h := range distinct(w.Handles) {
		if h != under {
			keys = append(keys, p.db.seal.handle(h))
		}
	}
	if w.Tally != "" {
		keys = append(keys, p.db.seal.handle(party.Handle{Value: w.Tally}))
	}
	return keys, nil
}

// A tabRow is a row as it is while calls are worked out on it.
type tabRow struct {
	tab   pace.Tab
	tally pace.Tally
	there bool
	dirty bool // it is to be written, or where it is not there any more, taken away
}

const paceRow = "SELECT scheme, value, ends, body FROM waguard_pace WHERE scope = ? AND scheme = ? AND value = ?"

// load reads rows; those that are not there are empty.
func (p tabs) load(ctx context.Context, s *session, keys []party.Handle) (map[party.Handle]*tabRow, error) {
	rows := make(map[party.Handle]*tabRow, len(keys))
	for _, k := range keys {
		rows[k] = &tabRow{}
	}
	err := chunks(len(keys), 3, min(p.db.words.params, 400), func(from, to int) error {
		args := make([]any, 0, 3*(to-from))
		for _, k := range keys[from:to] {
			args = append(args, p.db.scope, k.Scheme, k.Value)
		}
		return s.query(ctx, func(r *sql.Rows) error {
			var h party.Handle
			var ends int64
			var body string
			if err := r.Scan(&h.Scheme, &h.Value, &ends, &body); err != nil {
				return err
			}
			body, err := p.db.seal.unlock(paceBody, body, h.Scheme, h.Value, ends)
			if err != nil {
				return err
			}
			row := rows[h]
			if row == nil {
				return errors.New("a row that was not asked for")
			}
			row.there = true
			if h.Scheme == "" {
				return json.Unmarshal([]byte(body), &row.tally)
			}
			return json.Unmarshal([]byte(body), &row.tab)
		}, paceRow+strings.Repeat(" UNION ALL "+paceRow, to-from-1), args...)
	})
	return rows, err
}

// stateOf puts together what bears on somebody. Where several tabs are, it is a copy.
func stateOf(w pace.Who, keys []party.Handle, rows map[party.Handle]*tabRow) (s pace.State) {
	s.Tab, s.Tally.Name = rows[keys[0]].tab, w.Tally
	poured := false
	for i, k := range keys[1:] {
		row := rows[k]
		switch {
		case w.Tally != "" && i == len(keys)-2:
			s.Tally.First, s.Tally.Counts = row.tally.First, row.tally.Counts
		case row.there:
			if !poured {
				s.Tab, poured = s.Tab.Clone(), true
			}
			s.Tab.Pour(row.tab)
		}
	}
	return s
}

// Read reads what bears on somebody in one statement.
func (p tabs) Read(ctx context.Context, w pace.Who) (pace.State, error) {
	keys, err := p.keys(w)
	if err != nil {
		return pace.State{}, err
	}
	var out pace.State
	err = p.db.read(ctx, "pace: read", func(ctx context.Context, s *session) error {
		rows, err := p.load(ctx, s, keys)
		if err == nil {
			out = stateOf(w, keys, rows)
		}
		return err
	})
	if err != nil {
		return pace.State{}, err
	}
	return out, nil
}

// Apply reads, works out and writes while no other writer of the scope can.
func (p tabs) Apply(ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
	keys, err := p.keys(w)
	if err != nil {
		return pace.Room{}, err
	}
	if spend, is := a.(*pace.Spend); is {
		own := *spend
		own.Caps = slices.Clone(own.Caps)
		a = &own
	}
	call := &paceCall{p: p, who: w, keys: keys, at: at, act: a}
	if err := p.db.writeTogether(ctx, "pace: apply", call); err != nil {
		return pace.Room{}, err
	}
	return call.room, nil
}

// paceCall is one Apply on its way into the database.
type paceCall struct {
	p    tabs
	who  pace.Who
	keys []party.Handle
	at   time.Time
	act  pace.Act
	room pace.Room
}

// runAll works several calls out one after another, on rows that are read once and
// written once.
func (c *paceCall) runAll(s *session, all []together) error {
	ctx, p := context.Background(), c.p
	var keys []party.Handle
	seen := map[party.Handle]bool{}
	for _, t := range all {
		for _, k := range t.(*paceCall).keys {
			if !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	rows, err := p.load(ctx, s, keys)
	if err != nil {
		return err
	}
	latest := c.at
	for _, t := range all {
		call := t.(*paceCall)
		call.apply(rows)
		if call.at.After(latest) {
			latest = call.at
		}
	}
	if err := p.keep(ctx, s, keys, rows); err != nil {
		return err
	}
	return p.tidy(ctx, s, len(all), latest)
}

// apply works one call out on the rows.
func (c *paceCall) apply(rows map[party.Handle]*tabRow) {
	st := stateOf(c.who, c.keys, rows)
	room, changed := st.Apply(c.at, c.act)
	if c.room = room; !changed {
		return
	}
	for i, k := range c.keys {
		row := rows[k]
		switch {
		case i == 0:
			row.tab, row.there, row.dirty = st.Tab, true, true
		case c.who.Tally != "" && i == len(c.keys)-1:
			row.tally, row.there, row.dirty = st.Tally, true, true
		case row.there: // it was poured in
			row.tab, row.there, row.dirty = pace.Tab{}, false, true
		}
	}
}

// keep writes the rows that are others now.
func (p tabs) keep(ctx context.Context, s *session, keys []party.Handle, rows map[party.Handle]*tabRow) error {
	var args []any
	for _, k := range keys {
		row := rows[k]
		switch {
		case !row.dirty:
			continue
		case !row.there:
			if err := p.drop(ctx, s, k); err != nil {
				return err
			}
			continue
		}
		var what any = row.tab
		end := row.tab.Ends()
		if k.Scheme == "" {
			what, end = row.tally, row.tally.Ends()
		}
		body, err := encode(what)
		if err != nil {
			return err
		}
		ends := micro(end)
		args = append(args, p.db.scope, k.Scheme, k.Value, ends, long(p.db.seal.lock(paceBody, body, k.Scheme, k.Value, ends)))
	}
	return chunks(len(args)/5, 5, p.db.words.params, func(from, to int) error {
		_, err := s.exec(ctx, "INSERT INTO waguard_pace (scope, scheme, value, ends, body) VALUES "+listed("(?, ?, ?, ?, ?)", to-from)+
			" ON CONFLICT (scope, scheme, value) DO UPDATE SET ends = excluded.ends, body = excluded.body", args[5*from:5*to]...)
		return err
	})
}

func (p tabs) drop(ctx context.Context, s *session, key party.Handle) error {
	_, err := s.exec(ctx, "DELETE FROM waguard_pace WHERE scope = ? AND scheme = ? AND value = ?", p.db.scope, key.Scheme, key.Value)
	return err
}

// A write in so many takes away rows of which nothing counts any more, so many at
// most: more than are added, and never a great number while others wait.
const (
	tidyEvery = 64
	tidyMost  = 2 * tidyEvery
)

func (p tabs) tidy(ctx context.Context, s *session, writes int, at time.Time) error {
	n := uint64(writes)
	if now := p.db.paceWrites.Add(n); now/tidyEvery == (now-n)/tidyEvery {
		return nil
	}
	var over []party.Handle
	err := s.query(ctx, func(rows *sql.Rows) error {
		var h party.Handle
		err := rows.Scan(&h.Scheme, &h.Value)
		over = append(over, h)
		return err
	}, "SELECT scheme, value FROM waguard_pace WHERE scope = ? AND ends <= ? ORDER BY ends LIMIT ?", p.db.scope, micro(at), tidyMost)
	if err != nil {
		return err
	}
	for _, h := range over {
		if err := p.drop(ctx, s, h); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes the tabs under handles.
func (p tabs) Forget(ctx context.Context, hs []party.Handle) error {
	hs = p.db.seal.handles(distinct(hs))
	return p.db.write(ctx, "pace: forget", func(s *session) error {
		for _, h := range hs {
			if err := p.drop(context.Background(), s, h); err != nil {
				return err
			}
		}
		return nil
	})
}
