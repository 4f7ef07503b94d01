package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// flightsUnder lists the flights that end after an instant, by id. The handles
// are as the columns have them.
func (c consent) flightsUnder(s *session, handles []party.Handle, after int64) ([]optin.Flight, error) {
	ctx, scope := context.Background(), c.db.scope
	found := map[string]optin.Flight{}
	err := chunks(len(handles), 4, min(c.db.words.params, 400), func(from, to int) error {
		args := make([]any, 0, 4*(to-from))
		for _, h := range handles[from:to] {
			args = append(args, scope, h.Scheme, h.Value, after)
		}
		const one = "SELECT f.id, f.expires, f.body FROM waguard_flight_handle h JOIN waguard_flight f ON f.scope = h.scope AND f.id = h.id" +
			" WHERE h.scope = ? AND h.scheme = ? AND h.value = ? AND f.expires > ?"
		return s.query(ctx, func(rows *sql.Rows) error {
			var id, body string
			var expires int64
			if err := rows.Scan(&id, &expires, &body); err != nil {
				return err
			}
			f, err := c.decodeFlight(id, expires, body)
			found[id] = f
			return err
		}, one+strings.Repeat(" UNION ALL "+one, to-from-1), args...)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	list := make([]optin.Flight, 0, len(found))
	for _, f := range found {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b optin.Flight) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

// decodeFlight opens and reads a row of waguard_flight.
func (c consent) decodeFlight(id string, expires int64, body string) (f optin.Flight, err error) {
	if body, err = c.db.seal.unlock(flightBody, body, id, expires); err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(body), &f)
}

// Enter checks the version and inserts the flight in one transaction.
func (c consent) Enter(ctx context.Context, f optin.Flight) error {
	refuse := func(why string) error { return fmt.Errorf("sqlstore: consent: flight %.64q: %s", f.ID, why) }
	handles := distinct(f.Handles)
	switch {
	case f.ID == "" || len(handles) == 0 || slices.Contains(handles, party.Handle{}):
		return refuse("it needs an id and a handle")
	case !sound(f.ID):
		return refuse("a text in it is no UTF-8")
	}
	for _, h := range handles {
		if !sound(h.Scheme, h.Value) {
			return refuse("a text in it is no UTF-8")
		}
	}
	f.Entered, f.Expires = whole(f.Entered), whole(f.Expires)
	body, err := encode(f)
	if err != nil {
		return refuse("it cannot be written")
	}
	call := &enterCall{c: c, id: c.flight(f.ID), expires: micro(f.Expires), version: f.Version, handles: c.db.seal.handles(handles)}
	call.body = c.db.seal.lock(flightBody, body, call.id, call.expires)
	if err := c.db.writeTogether(ctx, "consent: enter", call); err != nil {
		return err
	}
	if call.moved {
		return optin.ErrMoved
	}
	return nil
}

// enterCall is one Enter on its way into the database, with texts as the columns
// have them.
type enterCall struct {
	c       consent
	id      string
	expires int64
	version uint64 // that was judged
	body    string
	handles []party.Handle
	moved   bool
}

// runAll enters the flights of several calls. None of them changes what another
// one is checked against.
func (e *enterCall) runAll(s *session, all []together) error {
	ctx, c := context.Background(), e.c
	var handles []party.Handle
	seen := map[party.Handle]bool{}
	for _, t := range all {
		for _, h := range t.(*enterCall).handles {
			if !seen[h] {
				seen[h] = true
				handles = append(handles, h)
			}
		}
	}
	versions, err := c.versions(s, handles)
	if err != nil {
		return err
	}
	var enter []*enterCall
	for _, t := range all {
		call := t.(*enterCall)
		version := uint64(len(call.handles)) * versions[party.Handle{}]
		for _, h := range call.handles {
			version += versions[h]
		}
		if call.moved = version != call.version; !call.moved {
			enter = append(enter, call)
		}
	}
	fresh := map[string]bool{}
	err = chunks(len(enter), 4, c.db.words.params, func(from, to int) error {
		args := make([]any, 0, 4*(to-from))
		for _, call := range enter[from:to] {
			args = append(args, c.db.scope, call.id, call.expires, long(call.body))
		}
		return s.query(ctx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			fresh[id] = true
			return err
		}, "INSERT INTO waguard_flight (scope, id, expires, body) VALUES "+listed("(?, ?, ?, ?)", to-from)+" ON CONFLICT DO NOTHING RETURNING id", args...)
	})
	if err != nil {
		return err
	}
	var rows []any
	for _, call := range enter {
		if !fresh[call.id] {
			continue // the same flight again
		}
		delete(fresh, call.id)
		for _, h := range call.handles {
			rows = append(rows, c.db.scope, h.Scheme, h.Value, call.id)
		}
	}
	return chunks(len(rows)/4, 4, c.db.words.params, func(from, to int) error {
		_, err := s.exec(ctx, "INSERT INTO waguard_flight_handle (scope, scheme, value, id) VALUES "+listed("(?, ?, ?, ?)", to-from), rows[4*from:4*to]...)
		return err
	})
}

// versions reads the version of each of the handles that has one. That of the
// empty handle is added to all others'.
func (c consent) versions(s *session, handles []party.Handle) (map[party.Handle]uint64, error) {
	const one = "SELECT scheme, value, version FROM waguard_consent WHERE scope = ? AND scheme = ? AND value = ?" + ownRow
	found := make(map[party.Handle]uint64, len(handles)+1)
	handles = append(handles[:len(handles):len(handles)], party.Handle{})
	err := chunks(len(handles), 3, min(c.db.words.params, 400), func(from, to int) error {
		args := make([]any, 0, 3*(to-from))
		for _, h := range handles[from:to] {
			args = append(args, c.db.scope, h.Scheme, h.Value)
		}
		return s.query(context.Background(), func(rows *sql.Rows) error {
			var h party.Handle
			var v uint64
			err := rows.Scan(&h.Scheme, &h.Value, &v)
			found[h] = v
			return err
		}, one+strings.Repeat(" UNION ALL "+one, to-from-1), args...)
	})
	return found, err
}

// Leave removes a flight.
func (c consent) Leave(ctx context.Context, id string) error {
	return c.db.writeTogether(ctx, "consent: leave", &leaveCall{c: c, id: c.flight(id)})
}

// leaveCall is one Leave, with the id as the columns have it.
type leaveCall struct {
	c  consent
	id string
}

func (l *leaveCall) runAll(s *session, all []together) error {
	ids := make([]string, len(all))
	for i, t := range all {
		ids[i] = t.(*leaveCall).id
	}
	return l.c.leave(s, ids...)
}

// leave removes flights.
func (c consent) leave(s *session, ids ...string) error {
	ctx := context.Background()
	var rows []any // of waguard_flight_handle
	err := chunks(len(ids), 1, min(c.db.words.params, 400), func(from, to int) error {
		args := []any{c.db.scope}
		for _, id := range ids[from:to] {
			args = append(args, id)
		}
		return s.query(ctx, func(r *sql.Rows) error {
			var id, body string
			var expires int64
			if err := r.Scan(&id, &expires, &body); err != nil {
				return err
			}
			f, err := c.decodeFlight(id, expires, body)
			for _, h := range c.db.seal.handles(distinct(f.Handles)) {
				rows = append(rows, c.db.scope, h.Scheme, h.Value, id)
			}
			return err
		}, "DELETE FROM waguard_flight WHERE scope = ? AND id IN ("+listed("?", to-from)+") RETURNING id, expires, body", args...)
	})
	if err != nil {
		return err
	}
	const one = "scope = ? AND scheme = ? AND value = ? AND id = ?"
	return chunks(len(rows)/4, 4, min(c.db.words.params, 400), func(from, to int) error {
		_, err := s.exec(ctx, "DELETE FROM waguard_flight_handle WHERE "+one+strings.Repeat(" OR "+one, to-from-1), rows[4*from:4*to]...)
		return err
	})
}
