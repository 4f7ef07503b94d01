package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

var (
	_ optin.Lister = consent{}
	_ optin.Eraser = consent{}
)

// All reads every event, each under its first handle, page by page.
func (c consent) All(ctx context.Context) iter.Seq2[optin.Event, error] {
	return func(yield func(optin.Event, error) bool) {
		last, at, id := party.Handle{}, int64(math.MinInt64), ""
		for {
			var page []optin.Event
			n := 0
			err := c.db.read(ctx, "consent: all", func(ctx context.Context, s *session) error {
				page, n = nil, 0
				next, key := c.db.words.after([]string{"scheme", "value", "at", "id"}, []any{last.Scheme, last.Value, at, id})
				return s.query(ctx, func(rows *sql.Rows) error {
					var body string
					if err := rows.Scan(&last.Scheme, &last.Value, &at, &id, &body); err != nil {
						return err
					}
					n++
					if id == "" {
						return nil
					}
					var e optin.Event
					if err := c.decode(last, at, id, body, &e); err != nil {
						return err
					}
					if len(e.Handles) > 0 && c.db.seal.handle(e.Handles[0]) == last {
						page = append(page, e)
					}
					return nil
				}, "SELECT scheme, value, at, id, body FROM waguard_consent WHERE scope = ? AND "+next+
					" ORDER BY scheme, value, at, id LIMIT ?", slices.Concat([]any{c.db.scope}, key, []any{pageSize})...)
			})
			if err != nil {
				yield(optin.Event{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if n < pageSize {
				return
			}
		}
	}
}

// Erase removes events and what is left of their handles, raises the versions,
// and keeps the suppressions, all in one transaction.
func (c consent) Erase(ctx context.Context, x optin.Erasure) (optin.Removed, error) {
	for _, k := range x.Keep {
		if !sound(k.Actor) {
			return optin.Removed{}, fmt.Errorf("sqlstore: consent: erase: the actor is no UTF-8")
		}
	}
	x.Handles, x.Keep, x.Events = slices.Clone(x.Handles), slices.Clone(x.Keep), slices.Clone(x.Events)
	for i := range x.Events {
		x.Events[i].Handles = slices.Clone(x.Events[i].Handles)
	}
	var done optin.Removed
	err := c.db.write(ctx, "consent: erase", func(s *session) error {
		out, err := c.erase(s, x)
		done = out
		return err
	})
	if err != nil {
		return optin.Removed{}, err
	}
	return done, nil
}

func (c consent) erase(s *session, x optin.Erasure) (done optin.Removed, err error) {
	under := c.db.seal.handles(distinct(x.Handles))
	touched := slices.Clone(under)
	for i := range x.Events {
		handles, err := c.eraseEvent(s, &x.Events[i])
		if err != nil {
			return done, err
		}
		if handles != nil {
			done.Events++
		}
		touched = append(append(touched, handles...), c.db.seal.handles(x.Events[i].Handles)...)
	}
	if err := c.raise(s, distinct(touched), len(x.Keep) > 0); err != nil {
		return done, err
	}
	for _, k := range x.Keep {
		if err := c.keep(s, k); err != nil {
			return done, err
		}
	}
	all, err := c.flightsUnder(s, under, math.MinInt64)
	if err != nil {
		return done, err
	}
	for _, f := range all {
		if micro(f.Expires) > micro(x.At) {
			done.Flights = append(done.Flights, f)
		} else if err := c.leave(s, c.flight(f.ID)); err != nil {
			return done, err
		}
	}
	return done, nil
}

// eraseEvent removes an event under each of its handles, and returns them as the
// columns have them; nil where there is none of that id.
func (c consent) eraseEvent(s *session, e *optin.Event) ([]party.Handle, error) {
	ctx, scope := context.Background(), c.db.scope
	const of = " FROM waguard_consent WHERE scope = ? AND scheme = ? AND value = ? AND id = ?"
	id := c.id(e.ID)
	var stored optin.Event
	for _, h := range c.db.seal.handles(e.Handles) {
		err := s.query(ctx, func(rows *sql.Rows) error {
			var body string
			var at int64
			if err := rows.Scan(&at, &body); err != nil {
				return err
			}
			return c.decode(h, at, id, body, &stored)
		}, "SELECT at, body"+of, scope, h.Scheme, h.Value, id)
		if err != nil {
			return nil, err
		}
		if stored.ID != "" {
			break
		}
	}
	if e.ID == "" || stored.ID == "" {
		return nil, nil
	}
	handles := c.db.seal.handles(stored.Handles)
	for _, h := range handles {
		if _, err := s.exec(ctx, "DELETE"+of, scope, h.Scheme, h.Value, id); err != nil {
			return nil, err
		}
	}
	_, err := s.exec(ctx, "DELETE FROM waguard_consent_id WHERE scope = ? AND id = ?", scope, id)
	return handles, err
}

// raise takes the own rows of handles away of which nothing else is left, and
// puts what is added to every version above all of theirs.
func (c consent) raise(s *session, handles []party.Handle, kept bool) error {
	ctx, scope := context.Background(), c.db.scope
	highest := uint64(0)
	for _, h := range handles {
		rows, version := 0, uint64(0)
		err := s.query(ctx, func(r *sql.Rows) error { return r.Scan(&rows, &version) },
			"SELECT COUNT(*), COALESCE(SUM(version), 0) FROM waguard_consent WHERE scope = ? AND scheme = ? AND value = ?", scope, h.Scheme, h.Value)
		if err != nil {
			return err
		}
		highest = max(highest, version)
		if rows != 1 {
			continue
		}
		if _, err := s.exec(ctx, "DELETE FROM waguard_consent WHERE scope = ? AND scheme = ? AND value = ?", scope, h.Scheme, h.Value); err != nil {
			return err
		}
	}
	mark := ""
	if kept {
		mark = keptMark
	}
	_, err := s.exec(ctx, "INSERT INTO waguard_consent (scope, scheme, value, at, id, version, body) VALUES (?, '', '', ?, '', ?, ?)"+
		" ON CONFLICT (scope, scheme, value, at, id) DO UPDATE SET version = waguard_consent.version + excluded.version,"+
		" body = CASE WHEN excluded.body <> '' THEN excluded.body ELSE waguard_consent.body END",
		scope, int64(math.MinInt64), int64(highest)+1, mark)
	return err
}

// keep stores a suppression; of two of one digest the one that holds.
func (c consent) keep(s *session, k optin.Suppression) error {
	ctx, scope := context.Background(), c.db.scope
	k.At = whole(k.At)
	err := s.query(ctx, func(rows *sql.Rows) error {
		old, err := c.scanSuppression(rows)
		k = k.Over(old)
		return err
	}, suppressions+" AND digest = ?", scope, k.Digest.String())
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, "INSERT INTO waguard_suppressed (scope, digest, at, switched, actor) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (scope, digest) DO UPDATE SET at = excluded.at, switched = excluded.switched, actor = excluded.actor",
		scope, k.Digest.String(), micro(k.At), k.Switched, long(c.db.seal.lock(eraseActor, k.Actor, k.Digest.String(), micro(k.At), k.Switched)))
	return err
}

const suppressions = "SELECT digest, at, switched, actor FROM waguard_suppressed WHERE scope = ?"

func (c consent) scanSuppression(rows *sql.Rows) (k optin.Suppression, err error) {
	var digest string
	var at int64
	if err := rows.Scan(&digest, &at, &k.Switched, &k.Actor); err != nil {
		return k, err
	}
	if k.Actor, err = c.db.seal.unlock(eraseActor, k.Actor, digest, at, k.Switched); err != nil {
		return k, err
	}
	k.At = fromMicro(at)
	return k, k.Digest.UnmarshalText([]byte(digest))
}

// Suppressed reads what is kept under digests.
func (c consent) Suppressed(ctx context.Context, digests []optin.Digest) ([]optin.Suppression, error) {
	digests = slices.Clone(digests)
	slices.SortFunc(digests, func(a, b optin.Digest) int { return slices.Compare(a[:], b[:]) })
	digests = slices.Compact(digests)
	var out []optin.Suppression
	err := c.db.read(ctx, "consent: suppressed", func(ctx context.Context, s *session) error {
		out = nil
		return chunks(len(digests), 1, min(c.db.words.params, 100), func(from, to int) error {
			args := []any{c.db.scope}
			for _, d := range digests[from:to] {
				args = append(args, d.String())
			}
			return s.query(ctx, func(rows *sql.Rows) error {
				k, err := c.scanSuppression(rows)
				out = append(out, k)
				return err
			}, suppressions+" AND digest IN ("+listed("?", to-from)+")", args...)
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Suppressions reads all that is kept, page by page.
func (c consent) Suppressions(ctx context.Context) iter.Seq2[optin.Suppression, error] {
	return func(yield func(optin.Suppression, error) bool) {
		last := ""
		for {
			var page []optin.Suppression
			err := c.db.read(ctx, "consent: suppressions", func(ctx context.Context, s *session) error {
				page = nil
				return s.query(ctx, func(rows *sql.Rows) error {
					k, err := c.scanSuppression(rows)
					page = append(page, k)
					return err
				}, suppressions+" AND digest > ? ORDER BY digest LIMIT ?", c.db.scope, last, pageSize)
			})
			if err != nil {
				yield(optin.Suppression{}, err)
				return
			}
			for _, k := range page {
				if !yield(k, nil) {
					return
				}
				last = k.Digest.String()
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}
