package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// The duties of optin.Lister and optin.Eraser, by their numbers.

func all(t testing.TB, s optin.Store) []string {
	t.Helper()
	var ids []string
	for e, err := range s.(optin.Lister).All(context.Background()) {
		require.NoError(t, err)
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	return ids
}

func TestDuty12AllListsEachEventOnce(t *testing.T) {
	s := open(t).Stores().Consent
	require.Empty(t, all(t, s))
	var want []string
	for i := range 1300 {
		e := stop(fmt.Sprintf("e%04d", i), handle(i%7))
		e.Handles = append(e.Handles, handle(i%3+100))
		want = append(want, e.ID)
		_, err := s.Append(t.Context(), e)
		require.NoError(t, err)
	}
	require.Equal(t, want, all(t, s))
	n := 0
	for _, err := range s.(optin.Lister).All(t.Context()) {
		require.NoError(t, err)
		if n++; n == 1 {
			_, err := s.Append(t.Context(), stop("meanwhile", handle(1)))
			require.NoError(t, err, "other calls are allowed from within the loop")
		}
		if n == 5 {
			break
		}
	}
}

func TestDuties13To17Erase(t *testing.T) {
	for _, who := range []struct {
		name string
		open func(t *testing.T) optin.Store
	}{
		{"sqlite", func(t *testing.T) optin.Store { return open(t).Stores().Consent }},
		{"memory, which it is to be like", func(*testing.T) optin.Store { return optin.NewMemory() }},
	} {
		t.Run(who.name, func(t *testing.T) {
			ctx, s := t.Context(), who.open(t)
			erase := s.(optin.Eraser).Erase
			a, b, c := handle(1), party.Handle{Scheme: party.User, Value: "GB.1"}, handle(3)
			seen := map[party.Handle]map[uint64]bool{a: {}, b: {}, c: {}}
			version := func(h party.Handle) uint64 {
				hist, err := s.Events(ctx, []party.Handle{h})
				require.NoError(t, err)
				return hist.Version
			}
			look := func() {
				for h, before := range seen {
					before[version(h)] = true
				}
			}
			both, onlyB := stop("both", a), stop("only b", b)
			both.Handles = []party.Handle{a, b}
			look()
			_, err := s.Append(ctx, both, onlyB, stop("c", c))
			require.NoError(t, err)
			look()
			h, err := s.Events(ctx, []party.Handle{a, b})
			require.NoError(t, err)
			require.False(t, h.Erased)
			for id, expires := range map[string]time.Time{"lost": day, "open": day.Add(time.Hour)} {
				require.NoError(t, s.Enter(ctx, optin.Flight{ID: id, Handles: []party.Handle{a, b}, Version: h.Version, Entered: day, Expires: expires}))
			}

			// nothing kept yet: people are gone, and nobody has to be asked for
			done, err := erase(ctx, optin.Erasure{Events: []optin.Event{stop("never there", a)}, Handles: []party.Handle{c}, At: day})
			require.NoError(t, err)
			require.Zero(t, done.Events, "ids that are not there are no error")
			require.Empty(t, done.Flights)
			h, err = s.Events(ctx, []party.Handle{a, b})
			require.NoError(t, err)
			require.False(t, h.Erased)
			require.Len(t, h.Events, 2)

			digest := optin.Digest{1}
			keep := optin.Suppression{Digest: digest, At: day.Add(123456789), Actor: "desk"}
			done, err = erase(ctx, optin.Erasure{Events: []optin.Event{both}, Handles: []party.Handle{a}, At: day, Keep: []optin.Suppression{keep}})
			require.NoError(t, err)
			require.Equal(t, 1, done.Events)
			require.Len(t, done.Flights, 1, "the one that expired is forgotten, the other is returned")
			require.Equal(t, "open", done.Flights[0].ID)

			for h, before := range seen {
				if h != c {
					require.NotContains(t, before, version(h), "a version came back")
				}
			}
			look()
			require.ErrorIs(t, s.Enter(ctx, optin.Flight{ID: "late", Handles: []party.Handle{a, b}, Version: h.Version, Entered: day, Expires: day.Add(time.Hour)}), optin.ErrMoved)
			h, err = s.Events(ctx, []party.Handle{a, b})
			require.NoError(t, err)
			require.True(t, h.Erased)
			require.Len(t, h.Events, 1)
			require.Equal(t, "only b", h.Events[0].ID, "other events stay")
			require.NoError(t, s.Enter(ctx, optin.Flight{ID: "late", Handles: []party.Handle{a, b}, Version: h.Version, Entered: day, Expires: day.Add(time.Hour)}))
			nobody, err := s.Events(ctx, []party.Handle{handle(9)})
			require.NoError(t, err)
			require.True(t, nobody.Erased, "for whomever Events is asked")
			require.Equal(t, []string{"c", "only b"}, all(t, s))

			again, err := s.Append(ctx, both)
			require.NoError(t, err)
			require.Equal(t, 1, again.Added, "the id is free again")
			require.Len(t, again.Flights, 2)
			for _, h := range []party.Handle{a, b} {
				require.NotContains(t, seen[h], version(h))
			}

			// of two suppressions of one digest the later stays; of one instant, Switched if either is
			for _, k := range []optin.Suppression{
				{Digest: digest, At: day.Add(-time.Hour), Actor: "older"},
				{Digest: digest, At: keep.At, Switched: true, Actor: "desk"},
				{Digest: optin.Digest{2}, At: day},
			} {
				_, err = erase(ctx, optin.Erasure{At: day, Keep: []optin.Suppression{k}})
				require.NoError(t, err)
			}
			want := optin.Suppression{Digest: digest, At: keep.At.UTC().Truncate(time.Microsecond), Switched: true, Actor: "desk"}
			got, err := s.(optin.Eraser).Suppressed(ctx, []optin.Digest{digest, {9}})
			require.NoError(t, err)
			require.Equal(t, []optin.Suppression{want}, got)
			got, err = s.(optin.Eraser).Suppressed(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, got)
			n := 0
			for k, err := range s.(optin.Eraser).Suppressions(ctx) {
				require.NoError(t, err)
				if n++; k.Digest == digest {
					require.Equal(t, want, k)
				}
			}
			require.Equal(t, 2, n)

			gone, cancel := context.WithCancel(ctx)
			cancel()
			_, err = erase(gone, optin.Erasure{Events: []optin.Event{onlyB}, At: day})
			require.ErrorIs(t, err, context.Canceled)
			require.Contains(t, all(t, s), "only b")
		})
	}
}

// What was erased is not in the file any more, once the log is folded in.
func TestErasedIsNotInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	db := openAt(t, path)
	s := db.Stores().Consent
	h := party.Handle{Scheme: party.Phone, Value: "+447700900777"}
	e := grant("erase-me", h)
	for i := range 200 {
		_, err := s.Append(t.Context(), grant(fmt.Sprint("other", i), handle(i)))
		require.NoError(t, err)
	}
	_, err := s.Append(t.Context(), e)
	require.NoError(t, err)
	_, err = s.(optin.Eraser).Erase(t.Context(), optin.Erasure{Events: []optin.Event{e}, Handles: e.Handles, At: day,
		Keep: []optin.Suppression{{Digest: optin.Digest{1}, At: day}}})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(data), h.Value)
	require.NotContains(t, string(data), "erase-me")
	require.Contains(t, string(data), "other199")
}
