package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// consent is optin.Store.
type consent struct{ db *DB }

var _ optin.Store = consent{}

// record is an event on its way into the database. The body is in the clear;
// the id and the handles are as the columns have them.
type record struct {
	id      string
	at      int64
	body    string
	handles []party.Handle
}

func (c consent) newRecord(e optin.Event) (record, error) {
	refuse := func(why string) (record, error) {
		return record{}, fmt.Errorf("sqlstore: consent: event %.64q: %s", e.ID, why)
	}
	if e.ID == "" || len(e.Handles) == 0 || slices.Contains(e.Handles, party.Handle{}) {
		return refuse("it needs an id and a handle")
	}
	texts := []string{e.ID, string(e.Channel), e.Line.Account, e.Line.Number, e.Actor, e.Ref}
	for _, p := range e.Purposes {
		texts = append(texts, string(p))
	}
	for _, h := range e.Handles {
		texts = append(texts, h.Scheme, h.Value)
	}
	e.At, e.Received, e.Until = whole(e.At), whole(e.Received), whole(e.Until)
	if e.Evidence != nil {
		ev := *e.Evidence
		texts = append(texts, string(ev.Source), ev.Wording, ev.Version, ev.Locale, ev.BusinessName, ev.Surface, ev.Proof, ev.Country,
			string(ev.Given), string(ev.Act))
		if ev.Expires != nil {
			t := whole(*ev.Expires)
			ev.Expires = &t
		}
		e.Evidence = &ev
	}
	if !sound(texts...) {
		return refuse("a text in it is no UTF-8")
	}
	body, err := encode(e)
	if err != nil {
		return record{}, fmt.Errorf("sqlstore: consent: event %.64q: %w", e.ID, err)
	}
	return record{c.id(e.ID), e.At.UnixMicro(), body, c.db.seal.handles(distinct(e.Handles))}, nil
}

// id is how the id of an event stands in a column.
func (c consent) id(id string) string { return c.db.seal.id("event", id) }

// flight is how the id of a flight stands in a column.
func (c consent) flight(id string) string { return c.db.seal.id("flight", id) }

// decode opens and reads an event of a row.
func (c consent) decode(h party.Handle, at int64, id, body string, e *optin.Event) error {
	if c.db.seal == nil { // spares the arguments
		return decodeEvent(body, e)
	}
	body, err := c.db.seal.unlock(eventBody, body, h.Scheme, h.Value, at, id)
	if err != nil {
		return err
	}
	return decodeEvent(body, e)
}

func distinct(hs []party.Handle) []party.Handle {
	out := make([]party.Handle, 0, len(hs))
	for _, h := range hs {
		if !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// Append stores events with their ids, raises the versions, and returns the
// flights under way, all in one transaction.
func (c consent) Append(ctx context.Context, events ...optin.Event) (optin.Appended, error) {
	call := &appendCall{c: c, records: make([]record, len(events))}
	var youngest time.Time
	for i := range events {
		var err error
		if call.records[i], err = c.newRecord(events[i]); err != nil {
			return optin.Appended{}, err
		}
		if events[i].Received.After(youngest) {
			youngest = events[i].Received
		}
	}
	call.youngest = micro(youngest)
	if err := c.db.writeTogether(ctx, "consent: append", call); err != nil {
		return optin.Appended{}, err
	}
	return call.done, nil
}

// appendCall is one Append on its way into the database.
type appendCall struct {
	c        consent
	records  []record
	youngest int64
	done     optin.Appended
}

// runAll stores the events of several calls in the same few statements. What
// each is told is as if they had come one after the other: of an id that two of
// them bring, the first is told that it was added.
func (a *appendCall) runAll(s *session, all []together) error {
	if len(all) == 1 {
		fresh, err := a.c.add(s, a.records)
		if err != nil {
			return err
		}
		flights, err := a.c.open(s, a.records, a.youngest)
		a.done = optin.Appended{Added: len(fresh), Flights: flights}
		return err
	}
	var records []record
	var of []int // which call a record is of
	youngest := int64(math.MaxInt64)
	for i, t := range all {
		call := t.(*appendCall)
		call.done = optin.Appended{}
		records = append(records, call.records...)
		for range call.records {
			of = append(of, i)
		}
		youngest = min(youngest, call.youngest)
	}
	fresh, err := a.c.add(s, records)
	if err != nil {
		return err
	}
	for _, i := range fresh {
		all[of[i]].(*appendCall).done.Added++
	}
	flights, err := a.c.open(s, records, youngest)
	if err != nil || len(flights) == 0 {
		return err
	}
	for _, t := range all {
		call := t.(*appendCall)
		for _, f := range flights {
			if call.concerns(f) {
				f.Handles = slices.Clone(f.Handles)
				call.done.Flights = append(call.done.Flights, f)
			}
		}
	}
	return nil
}

// concerns reports whether a flight is open, and of a person of this call.
func (a *appendCall) concerns(f optin.Flight) bool {
	under := a.c.db.seal.handles(f.Handles)
	return micro(f.Expires) > a.youngest && slices.ContainsFunc(a.records, func(r record) bool {
		return slices.ContainsFunc(r.handles, func(h party.Handle) bool { return slices.Contains(under, h) })
	})
}

// add stores the records whose ids are new, and returns which those are.
func (c consent) add(s *session, records []record) ([]int, error) {
	ctx, scope, params := context.Background(), c.db.scope, c.db.words.params
	var fresh []int
	err := chunks(len(records), 2, params, func(from, to int) error {
		args := make([]any, 0, 2*(to-from))
		for i := range records[from:to] {
			args = append(args, scope, records[from+i].id)
		}
		query := "INSERT INTO waguard_consent_id (scope, id) VALUES " + listed("(?, ?)", to-from) + " ON CONFLICT DO NOTHING"
		if to-from == 1 {
			n, err := s.exec(ctx, query, args...)
			if n == 1 {
				fresh = append(fresh, from)
			}
			return err
		}
		added := make(map[string]bool, to-from)
		err := s.query(ctx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			added[id] = true
			return err
		}, query+" RETURNING id", args...)
		for i := from; i < to; i++ {
			if added[records[i].id] {
				fresh = append(fresh, i)
				delete(added, records[i].id) // the first of an id stays
			}
		}
		return err
	})
	if err != nil || len(fresh) == 0 {
		return nil, err
	}

	type row struct {
		h       party.Handle
		at      int64
		id      string
		version int
		body    string
	}
	rows := make([]row, 0, 2*len(fresh))
	own := make(map[party.Handle]int, len(fresh)) // where a handle's own row is
	for _, i := range fresh {
		r := &records[i]
		for _, h := range r.handles {
			if i, here := own[h]; here {
				rows[i].version++
			} else {
				own[h] = len(rows)
				rows = append(rows, row{h: h, at: math.MinInt64, version: 1})
			}
			rows = append(rows, row{h: h, at: r.at, id: r.id, body: c.db.seal.lock(eventBody, r.body, h.Scheme, h.Value, r.at, r.id)})
		}
	}
	err = chunks(len(rows), 7, params, func(from, to int) error {
		args := make([]any, 0, 7*(to-from))
		for _, r := range rows[from:to] {
			args = append(args, scope, r.h.Scheme, r.h.Value, r.at, r.id, r.version, long(r.body))
		}
		// Only a handle's own row can be there already.
		_, err := s.exec(ctx, "INSERT INTO waguard_consent (scope, scheme, value, at, id, version, body) VALUES "+listed("(?, ?, ?, ?, ?, ?, ?)", to-from)+
			" ON CONFLICT (scope, scheme, value, at, id) DO UPDATE SET version = waguard_consent.version + excluded.version", args...)
		return err
	})
	return fresh, err
}

// open lists the flights under any handle of the records, by id.
func (c consent) open(s *session, records []record, youngest int64) ([]optin.Flight, error) {
	ctx, scope := context.Background(), c.db.scope
	var handles []party.Handle
	seen := map[party.Handle]bool{}
	for i := range records {
		for _, h := range records[i].handles {
			if !seen[h] {
				seen[h] = true
				handles = append(handles, h)
			}
		}
	}
	if len(handles) > 2 { // a batch: most often nothing is under way at all
		any := false
		err := s.query(ctx, func(*sql.Rows) error { any = true; return nil },
			"SELECT 1 FROM waguard_flight_handle WHERE scope = ? LIMIT 1", scope)
		if err != nil || !any {
			return nil, err
		}
	}
	return c.flightsUnder(s, handles, youngest)
}

const (
	history = " FROM waguard_consent WHERE scope = ? AND scheme = ? AND value = ?"
	// a handle's own row
	ownRow = " AND at = -9223372036854775808 AND id = ''"
	// that of the empty handle: there once something was erased, its body the
	// mark below once a suppression is kept
	erasedRow = " FROM waguard_consent WHERE scope = ? AND scheme = '' AND value = ''" + ownRow
	keptMark  = "kept"
)

// Events reads events and versions in one statement, so that both are of one
// moment.
func (c consent) Events(ctx context.Context, handles []party.Handle) (optin.History, error) {
	handles = c.db.seal.handles(distinct(handles))
	var out optin.History
	err := c.db.read(ctx, "consent: events", func(ctx context.Context, s *session) error {
		h, err := c.readHistory(ctx, s, handles)
		out = h
		return err
	})
	if err != nil {
		return optin.History{}, err
	}
	return out, nil
}

// historyQuery reads the rows of n handles and the erased row. Where they are
// sealed it tells what the bodies are bound to: the instant and, by its number,
// the handle.
func historyQuery(n int, sealed bool) string {
	if !sealed {
		return strings.Repeat("SELECT version, id, body"+history+" UNION ALL ", n) + "SELECT version, body AS id, NULL AS body" + erasedRow
	}
	var b strings.Builder
	for i := range n {
		b.WriteString("SELECT version, id, body, at, " + strconv.Itoa(i) + history + " UNION ALL ")
	}
	b.WriteString("SELECT version, body AS id, NULL AS body, at, 0" + erasedRow)
	return b.String()
}

// readHistory unites what is on record under handles as the columns have them,
// each event once. A person has three; of somebody with more than a statement
// takes, each part is of its own moment. Versions only rise, so a sum that still
// holds when a flight is entered says that no part was older than another.
func (c consent) readHistory(ctx context.Context, s *session, handles []party.Handle) (h optin.History, err error) {
	var seen map[string]struct{}
	if len(handles) > 1 {
		seen = map[string]struct{}{}
	}
	err = chunks(len(handles), 3, min(c.db.words.params, 400), func(from, to int) error {
		return c.readPart(ctx, s, handles[from:to], seen, &h)
	})
	if !slices.IsSortedFunc(h.Events, byTime) {
		slices.SortFunc(h.Events, byTime)
	}
	return h, err
}

// readPart adds what is on record under some of the handles.
func (c consent) readPart(ctx context.Context, s *session, handles []party.Handle, seen map[string]struct{}, h *optin.History) error {
	n, sealed := len(handles), c.db.seal != nil
	args := make([]any, 0, 3*n+1)
	for _, h := range handles {
		args = append(args, c.db.scope, h.Scheme, h.Value)
	}
	args = append(args, c.db.scope)
	return s.query(ctx, func(rows *sql.Rows) error {
		var version uint64
		var at int64
		var under int
		var id string
		var body sql.NullString
		var err error
		if sealed {
			err = rows.Scan(&version, &id, &body, &at, &under)
		} else {
			err = rows.Scan(&version, &id, &body)
		}
		if err != nil {
			return err
		}
		if !body.Valid {
			h.Erased = id == keptMark
			h.Version += uint64(n) * version
			return nil
		}
		h.Version += version
		if id == "" {
			return nil
		}
		if seen != nil {
			if _, here := seen[id]; here {
				return nil
			}
			seen[id] = struct{}{}
		}
		h.Events = append(h.Events, optin.Event{})
		return c.decode(handles[under], at, id, body.String, &h.Events[len(h.Events)-1])
	}, historyQuery(n, sealed), args...)
}

func byTime(a, b optin.Event) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID))
}
