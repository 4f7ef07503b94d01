package party

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

// naive answers Known straight from what Links says, from the whole history on
// every question.
func naive(joins []Join, moves []Move, hs []Handle) Known {
	in := func(j Join, h Handle) bool {
		return slices.Contains(j.Handles, h) && !slices.ContainsFunc(moves, func(v Move) bool {
			return v.From == h && !j.At.After(v.At)
		})
	}
	k := Known{Handles: slices.Clone(hs)}
	for i := 0; i < len(k.Handles); i++ {
		for _, j := range joins {
			if !in(j, k.Handles[i]) {
				continue
			}
			for _, h := range j.Handles {
				if in(j, h) && !slices.Contains(k.Handles, h) {
					k.Handles = append(k.Handles, h)
				}
			}
		}
	}
	for _, v := range moves {
		if slices.Contains(k.Handles, v.From) || slices.Contains(k.Handles, v.To) {
			k.Moves = append(k.Moves, v)
		}
	}
	k.tidy()
	return k
}

// Memory works people out while writing. Whatever is written in whatever order,
// it says what the whole history says.
func TestMemoryAgainstTheWholeHistory(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	at := func() time.Time { return time.Unix(int64(random.IntN(20)), 0).UTC() }
	handle := func(scheme string) Handle { return Handle{scheme, fmt.Sprint(random.IntN(5))} }
	schemes := []string{Phone, User, Parent}
	for round := range 150 {
		m := NewMemory()
		var joins []Join
		var moves []Move
		for i := range 30 {
			if random.IntN(3) > 0 {
				j := Join{ID: fmt.Sprint(i), At: at()}
				for range 1 + random.IntN(3) {
					j.Handles = append(j.Handles, handle(schemes[random.IntN(3)]))
				}
				require.NoError(t, m.Join(t.Context(), j))
				joins = append(joins, j)
			} else {
				s := schemes[random.IntN(2)]
				v := Move{ID: fmt.Sprint(i), From: handle(s), To: handle(s), At: at()}
				if v.From == v.To {
					continue
				}
				require.NoError(t, m.Move(t.Context(), v))
				moves = append(moves, v)
			}
			ask := []Handle{handle(schemes[random.IntN(3)])}
			for range random.IntN(3) {
				ask = append(ask, handle(schemes[random.IntN(3)]))
			}
			got, err := m.Known(t.Context(), ask)
			require.NoError(t, err)
			if d := cmp.Diff(naive(joins, moves, ask), got, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("round %d, step %d, asking %v (-history +memory):\n%s", round, i, ask, d)
			}
		}
	}
}

func TestWhatKnownReturnsIsTheCallers(t *testing.T) {
	m := NewMemory()
	a, b, c := Handle{Phone, "+447700900123"}, Handle{User, "GB.1"}, Handle{Phone, "+447700900456"}
	require.NoError(t, m.Join(t.Context(), Join{ID: "j", Handles: []Handle{a, b}, At: time.Unix(2, 0)}))
	require.NoError(t, m.Move(t.Context(), Move{ID: "m", From: a, To: c, At: time.Unix(1, 0)}))
	k, err := m.Known(t.Context(), []Handle{a})
	require.NoError(t, err)
	k.Handles[0], k.Moves[0].ID = c, "changed"
	again, err := m.Known(t.Context(), []Handle{a})
	require.NoError(t, err)
	require.Equal(t, []Handle{a, b}, again.Handles)
	require.Equal(t, "m", again.Moves[0].ID)
}

func TestLinkErrors(t *testing.T) {
	a, b := Handle{Phone, "+447700900123"}, Handle{Phone, "+447700900456"}
	now := time.Unix(1, 0)
	many := make([]Handle, maxHandles+1)
	for i := range many {
		many[i] = a
	}
	big := Handle{User, string(make([]byte, maxUser+1))}
	for _, c := range []struct {
		err  error
		want string
	}{
		{Join{Handles: []Handle{a, b}, At: now}.Validate(), `party: join "": no id`},
		{Join{ID: string(make([]byte, maxID+1)), Handles: []Handle{a, b}, At: now}.Validate(), "the id is too long"},
		{Join{ID: "j", Handles: []Handle{a, b}}.Validate(), "no time"},
		{Join{ID: "j", At: now}.Validate(), "no handles"},
		{Join{ID: "j", Handles: many, At: now}.Validate(), "too many handles"},
		{Join{ID: "j", Handles: []Handle{a, {}}, At: now}.Validate(), "a handle without a scheme"},
		{Join{ID: "j", Handles: []Handle{a, big}, At: now}.Validate(), "a handle that is too long"},
		{Move{From: a, To: b, At: now}.Validate(), `party: move "": no id`},
		{Move{ID: "m", From: a, To: b}.Validate(), "no time"},
		{Move{ID: "m", To: b, At: now}.Validate(), "from: a handle without a scheme"},
		{Move{ID: "m", From: a, To: Handle{Scheme: Phone}, At: now}.Validate(), "to: a handle without a value"},
		{Move{ID: "m", From: a, To: Handle{User, "GB.1"}, At: now}.Validate(), "different schemes"},
		{Move{ID: "m", From: a, To: a, At: now}.Validate(), "the same handle"},
	} {
		var le *LinkError
		require.ErrorAs(t, c.err, &le, c.want)
		require.ErrorContains(t, c.err, c.want)
		require.NotContains(t, c.err.Error(), "7700900", "handles never are in the error")
	}
	require.NoError(t, Join{ID: "j", Handles: []Handle{a}, At: now}.Validate(), "one handle is no news and no error")
}
