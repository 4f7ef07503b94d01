package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

var _ optin.Joiner = consent{}

// maxSeed is how many handles Joined begins with at most. A message names three.
const maxSeed = 200

// Joined reads the handles of a person and what is on record under them in one
// statement: one way to the server and back, and both of one moment.
func (c consent) Joined(ctx context.Context, known party.Links, handles []party.Handle) ([]party.Handle, optin.History, error) {
	l, own := known.(links)
	handles = distinct(handles)
	if !own || l.db != c.db || len(handles) > maxSeed {
		return nil, optin.History{}, errors.ErrUnsupported
	}
	if len(handles) == 0 {
		h, err := c.Events(ctx, nil)
		return nil, h, err
	}
	const (
		aHandle = iota
		anEvent
		theErased
		aName // of a handle, where columns have its hash
	)
	scope := c.db.scope
	args := make([]any, 0, 2*len(handles)+5)
	for _, h := range c.db.seal.handles(handles) {
		args = append(args, h.Scheme, h.Value)
	}
	args = append(args, scope, scope, scope, scope)
	query := l.person(len(handles)) +
		" SELECT 0, scheme, value, 0, 0, '', '' FROM person" +
		" UNION ALL SELECT 1, c.scheme, c.value, c.version, c.at, c.id, c.body FROM person p" +
		c.db.words.walk() + "waguard_consent c ON c.scope = ? AND c.scheme = p.scheme AND c.value = p.value" +
		" UNION ALL SELECT 2, scheme, value, version, at, id, body FROM waguard_consent WHERE scope = ? AND scheme = '' AND value = ''" + ownRow
	if c.db.seal != nil {
		query += " UNION ALL SELECT 3, b.scheme, b.value, 0, 0, b.bond, b.handle FROM person p" +
			c.db.words.walk() + "waguard_bond b ON b.scope = ? AND b.scheme = p.scheme AND b.value = p.value"
		args = append(args, scope)
	}
	var all []party.Handle
	var h optin.History
	err := c.db.read(ctx, "consent: joined", func(ctx context.Context, s *session) error {
		all, h = nil, optin.History{}
		erased := uint64(0)
		names := l.names(handles)
		var seen map[string]struct{}
		err := s.query(ctx, func(rows *sql.Rows) error {
			var what int
			var under party.Handle
			var version uint64
			var at int64
			var id, body string
			if err := rows.Scan(&what, &under.Scheme, &under.Value, &version, &at, &id, &body); err != nil {
				return err
			}
			switch what {
			case aHandle:
				all = append(all, under)
			case anEvent:
				h.Version += version
				if id == "" {
					return nil
				}
				if _, here := seen[id]; here {
					return nil
				}
				if seen == nil {
					seen = map[string]struct{}{}
				}
				seen[id] = struct{}{}
				h.Events = append(h.Events, optin.Event{})
				return c.decode(under, at, id, body, &h.Events[len(h.Events)-1])
			case theErased:
				erased, h.Erased = version, body == keptMark
			case aName:
				if names[under] == (party.Handle{}) {
					name, err := c.db.seal.unlock(bondHandle, body, under.Scheme, under.Value, id)
					names[under] = party.Handle{Scheme: under.Scheme, Value: name}
					return err
				}
			}
			return nil
		}, query, args...)
		if err != nil {
			return err
		}
		h.Version += uint64(len(all)) * erased
		if c.db.seal != nil {
			for i, h := range all {
				all[i] = names[h]
			}
		}
		return nil
	})
	if err != nil {
		return nil, optin.History{}, err
	}
	if !slices.IsSortedFunc(h.Events, byTime) {
		slices.SortFunc(h.Events, byTime)
	}
	slices.SortFunc(all, byName)
	for _, other := range all {
		if !slices.Contains(handles, other) {
			handles = append(handles, other)
		}
	}
	return handles, h, nil
}
