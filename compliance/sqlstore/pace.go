package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
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

// found is what was read: which of the rows are there.
type found struct {
	state pace.State
	tabs  []party.Handle // keys of the tabs that are there
}

const paceRow = "SELECT scheme, value, ends, body FROM waguard_pace WHERE scope = ? AND scheme = ? AND value = ?"

// load reads the rows in one statement, and pours the tabs together.
func (p tabs) load(ctx context.Context, s *session, w pace.Who, keys []party.Handle) (f found, err error) {
	f.state.Tally.Name = w.Tally
	args := make([]any, 0, 3*len(keys))
	for _, k := range keys {
		args = append(args, p.db.scope, k.Scheme, k.Value)
	}
	err = s.query(ctx, func(rows *sql.Rows) error {
		var h party.Handle
		var ends int64
		var body string
		if err := rows.Scan(&h.Scheme, &h.Value, &ends, &body); err != nil {
			return err
		}
		body, err := p.db.seal.unlock(paceBody, body, h.Scheme, h.Value, ends)
		if err != nil {
			return err
		}
		if h.Scheme == "" {
			return json.Unmarshal([]byte(body), &f.state.Tally)
		}
		var t pace.Tab
		if err := json.Unmarshal([]byte(body), &t); err != nil {
			return err
		}
		if len(f.tabs) == 0 {
			f.state.Tab = t
		} else {
			f.state.Tab.Pour(t)
		}
		f.tabs = append(f.tabs, h)
		return nil
	}, paceRow+strings.Repeat(" UNION ALL "+paceRow, len(keys)-1), args...)
	return f, err
}

// Read reads what bears on somebody in one statement.
func (p tabs) Read(ctx context.Context, w pace.Who) (pace.State, error) {
	keys, err := p.keys(w)
	if err != nil {
		return pace.State{}, err
	}
	var out found
	err = p.db.read(ctx, "pace: read", func(ctx context.Context, s *session) error {
		f, err := p.load(ctx, s, w, keys)
		out = f
		return err
	})
	if err != nil {
		return pace.State{}, err
	}
	return out.state, nil
}

// Apply reads, works out and writes while no other writer of the scope can.
func (p tabs) Apply(ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
	keys, err := p.keys(w)
	if err != nil {
		return pace.Room{}, err
	}
	var out pace.Room
	err = p.db.write(ctx, "pace: apply", func(s *session) error {
		ctx := context.Background()
		f, err := p.load(ctx, s, w, keys)
		if err != nil {
			return err
		}
		room, changed := f.state.Apply(at, a)
		if out = room; !changed {
			return nil
		}
		if err := p.keep(ctx, s, keys[0], f.state.Tab.Ends(), f.state.Tab); err != nil {
			return err
		}
		for _, h := range f.tabs {
			if h == keys[0] {
				continue
			}
			if err := p.drop(ctx, s, h); err != nil { // it was poured in
				return err
			}
		}
		if w.Tally != "" {
			if err := p.keep(ctx, s, keys[len(keys)-1], f.state.Tally.Ends(), f.state.Tally); err != nil {
				return err
			}
		}
		return p.tidy(ctx, s, at)
	})
	if err != nil {
		return pace.Room{}, err
	}
	return out, nil
}

// keep writes a row.
func (p tabs) keep(ctx context.Context, s *session, key party.Handle, end time.Time, what any) error {
	body, err := encode(what)
	if err != nil {
		return err
	}
	ends := int64(math.MaxInt64)
	if !end.IsZero() {
		ends = micro(end)
	}
	_, err = s.exec(ctx, "INSERT INTO waguard_pace (scope, scheme, value, ends, body) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (scope, scheme, value) DO UPDATE SET ends = excluded.ends, body = excluded.body",
		p.db.scope, key.Scheme, key.Value, ends, long(p.db.seal.lock(paceBody, body, key.Scheme, key.Value, ends)))
	return err
}

func (p tabs) drop(ctx context.Context, s *session, key party.Handle) error {
	_, err := s.exec(ctx, "DELETE FROM waguard_pace WHERE scope = ? AND scheme = ? AND value = ?", p.db.scope, key.Scheme, key.Value)
	return err
}

// A write in so many takes away rows of which nothing counts any more, so many at
// most: as many as are added, and never a great number while others wait.
const (
	tidyEvery = 64
	tidyMost  = 2 * tidyEvery
)

func (p tabs) tidy(ctx context.Context, s *session, at time.Time) error {
	if p.db.paceWrites.Add(1)%tidyEvery != 0 {
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
