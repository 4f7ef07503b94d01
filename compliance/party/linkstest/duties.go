package linkstest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/waguard/waguard/compliance/party"
)

var (
	phoneA  = party.Handle{Scheme: party.Phone, Value: "+12025550101"}
	phoneB  = party.Handle{Scheme: party.Phone, Value: "+12025550102"}
	phoneC  = party.Handle{Scheme: party.Phone, Value: "+12025550103"}
	userA   = party.Handle{Scheme: party.User, Value: "US.1001"}
	userB   = party.Handle{Scheme: party.User, Value: "US.1002"}
	userC   = party.Handle{Scheme: party.User, Value: "US.1003"}
	parentA = party.Handle{Scheme: party.Parent, Value: "US.ENT.2001"}
	parentB = party.Handle{Scheme: party.Parent, Value: "US.ENT.2002"}
)

// noon is the instant from which the duties count minutes.
var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func join(id string, minutes int, hs ...party.Handle) party.Join {
	return party.Join{ID: id, Handles: hs, At: at(minutes)}
}

func move(id string, minutes int, from, to party.Handle) party.Move {
	return party.Move{ID: id, From: from, To: to, At: at(minutes)}
}

func handles(hs ...party.Handle) []party.Handle { return hs }

// expect asks the store about hs and compares; why says what is being shown.
func expect(ctx context.Context, s party.Links, why string, hs, want []party.Handle, moves ...party.Move) error {
	got, err := s.Known(ctx, hs)
	if err != nil {
		return fmt.Errorf("%s: %w", why, err)
	}
	return same(why, got, party.Known{Handles: want, Moves: moves})
}

func same(why string, got, want party.Known) error {
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(sameTime)); d != "" {
		return fmt.Errorf("%s (-want +got):\n%s", why, d)
	}
	return nil
}

// sameTime wants the same instant in the same zone: duty 1 promises UTC.
func sameTime(a, b time.Time) bool {
	return a.Equal(b) && a.Location().String() == b.Location().String()
}

// steps runs what has to succeed and what has to hold, up to the first that does not.
func steps(fs ...func() error) error {
	for _, f := range fs {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func whole(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	east := time.FixedZone("east", 5*3600)
	odd := time.Date(2026, 9, 1, 17, 0, 0, 123456789, east) // noon UTC and a bit
	kept := odd.UTC().Truncate(time.Microsecond)
	long := strings.Repeat("x", 512)
	user := party.Handle{Scheme: party.User, Value: "US." + strings.Repeat("Z", 128)}
	return steps(
		func() error { return s.Join(ctx, join("j1", 0, userA, phoneA, parentA, phoneA)) },
		func() error {
			return expect(ctx, s, "handles once, by scheme and value", handles(userA), handles(parentA, phoneA, userA))
		},
		func() error {
			return s.Move(ctx,
				party.Move{ID: "b", From: phoneB, To: phoneC, At: odd},
				party.Move{ID: "c", From: phoneC, To: phoneA, At: noon.Add(-time.Hour)},
				party.Move{ID: "a", From: phoneC, To: phoneB, At: odd},
				party.Move{ID: long, From: userB, To: user, At: at(1)},
			)
		},
		func() error {
			return expect(ctx, s, "moves whole, in UTC to the microsecond, by time and id", handles(phoneC), handles(phoneC),
				party.Move{ID: "c", From: phoneC, To: phoneA, At: noon.Add(-time.Hour)},
				party.Move{ID: "a", From: phoneC, To: phoneB, At: kept},
				party.Move{ID: "b", From: phoneB, To: phoneC, At: kept},
			)
		},
		func() error {
			return expect(ctx, s, "the longest BSUID and a long id", handles(user), handles(user),
				party.Move{ID: long, From: userB, To: user, At: at(1)})
		},
		func() error {
			return expect(ctx, s, "a move between two that are asked for comes once", handles(userB, user), handles(userB, user),
				party.Move{ID: long, From: userB, To: user, At: at(1)})
		},
	)
}

func once(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	err := steps(
		func() error { return s.Join(ctx, join("e1", 0, phoneA, userA)) },
		func() error { return s.Join(ctx, join("e1", 9, phoneA, userB), join("e1", 9, phoneB, userA)) },
		func() error {
			return expect(ctx, s, "the first join of an id stays", handles(phoneA), handles(phoneA, userA))
		},
		func() error { return s.Move(ctx, move("e1", 1, phoneA, phoneB)) },
		func() error { return s.Move(ctx, move("e1", 2, phoneA, phoneC), move("e1", 1, phoneA, phoneB)) },
		func() error {
			return expect(ctx, s, "a move may have the id of a join, and its first stays", handles(phoneA), handles(phoneA),
				move("e1", 1, phoneA, phoneB))
		},
		func() error { return s.Join(ctx, join("e2", 3, phoneC, userC), join("e2", 4, phoneC, parentA)) },
		func() error {
			return expect(ctx, s, "twice within one call", handles(phoneC), handles(phoneC, userC))
		},
	)
	if err != nil {
		return err
	}

	// Two callers race: one of the two joins stays, whole, and the other leaves no trace.
	s = fresh()
	for i := range 20 {
		p := party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+1202555%04d", i)}
		err := together(2, func(n int) error {
			u := party.Handle{Scheme: party.User, Value: fmt.Sprintf("US.%d%d", i, n)}
			return s.Join(ctx, join(fmt.Sprint("race", i), 0, p, u))
		})
		if err != nil {
			return fmt.Errorf("two callers with one id: %w", err)
		}
		k, err := s.Known(ctx, handles(p))
		if err != nil {
			return err
		}
		if len(k.Handles) != 2 {
			return fmt.Errorf("two callers with one id left %d handles in place of 2", len(k.Handles))
		}
	}
	return nil
}

func unknown(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	return steps(
		func() error { return expect(ctx, s, "an empty store", handles(phoneA), handles(phoneA)) },
		func() error { return s.Join(ctx, join("j1", 0, phoneA, userA)) },
		func() error { return expect(ctx, s, "a stranger", handles(phoneB), handles(phoneB)) },
		func() error {
			return expect(ctx, s, "a stranger beside somebody known", handles(userB, phoneA), handles(phoneA, userA, userB))
		},
		func() error { return expect(ctx, s, "a stranger twice", handles(userB, userB), handles(userB)) },
		func() error { return expect(ctx, s, "nobody", nil, nil) },
		func() error { return s.Join(ctx) },
		func() error { return s.Move(ctx) },
		func() error { return s.Join(ctx, join("alone", 0, phoneC), join("twice", 0, phoneC, phoneC)) },
		func() error {
			return expect(ctx, s, "one handle alone is no news and no error", handles(phoneC), handles(phoneC))
		},
	)
}

func reach(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	all := handles(parentA, phoneA, phoneB, userA, userB)
	var chain []party.Join
	links := make([]party.Handle, 20)
	for i := range links {
		links[i] = party.Handle{Scheme: party.User, Value: fmt.Sprintf("GB.%02d", i)}
		if i > 0 {
			chain = append(chain, join(fmt.Sprint("chain", i), i, links[i-1], links[i]))
		}
	}
	return steps(
		func() error { return s.Join(ctx, join("j1", 0, phoneA, userA), join("j2", 1, phoneB, userB)) },
		func() error {
			return expect(ctx, s, "two people, one asked", handles(phoneA), handles(phoneA, userA))
		},
		func() error {
			return expect(ctx, s, "two people, both asked", handles(phoneA, userB), handles(phoneA, phoneB, userA, userB))
		},
		func() error { return s.Join(ctx, join("j3", 2, userA, parentA), join("j4", 3, parentA, userB)) },
		func() error { return expect(ctx, s, "from one end", handles(phoneA), all) },
		func() error { return expect(ctx, s, "from the other end", handles(phoneB), all) },
		func() error { return expect(ctx, s, "from the middle", handles(parentA), all) },
		func() error { return expect(ctx, s, "from both ends", handles(phoneB, phoneA), all) },
		func() error { return s.Join(ctx, chain...) },
		func() error { return expect(ctx, s, "over nineteen joins", handles(links[19]), links) },
	)
}

func ends(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	m, left := move("m", 10, phoneA, phoneB), move("left", 30, phoneA, party.Handle{})
	return steps(
		func() error {
			return s.Join(ctx,
				join("old", 5, phoneA, userA, parentA),
				join("same instant", 10, phoneA, userB),
				join("younger", 11, phoneA, userC),
				join("of the new", 5, phoneB, parentB))
		},
		func() error { return s.Move(ctx, m) },
		func() error {
			return expect(ctx, s, "the old number has only who came after the move", handles(phoneA), handles(phoneA, userC), m)
		},
		func() error {
			return expect(ctx, s, "the others of its join are one person still", handles(userA), handles(parentA, userA))
		},
		func() error {
			return expect(ctx, s, "a join at the instant of the move is not younger", handles(userB), handles(userB))
		},
		func() error {
			return expect(ctx, s, "joins of the new handle stay", handles(phoneB), handles(parentB, phoneB), m)
		},
		func() error { return s.Join(ctx, join("late", 9, phoneA, userA)) },
		func() error {
			return expect(ctx, s, "a join that arrives after the move but is older is without it too", handles(userA), handles(parentA, userA))
		},
		func() error { return s.Move(ctx, move("second", 20, phoneA, phoneC)) },
		func() error {
			return expect(ctx, s, "the last move of a handle counts", handles(userC), handles(userC))
		},
		func() error { return s.Join(ctx, join("back", 21, phoneA, userA)) },
		func() error {
			return expect(ctx, s, "seen again after it: joined anew", handles(parentA), handles(parentA, phoneA, userA), m, move("second", 20, phoneA, phoneC))
		},
		func() error { return s.Move(ctx, left, left) },
		func() error {
			return expect(ctx, s, "a handle that was left for nobody knows what", handles(userA), handles(parentA, userA))
		},
		func() error {
			return expect(ctx, s, "and the move says so", handles(phoneA), handles(phoneA), m, move("second", 20, phoneA, phoneC), left)
		},
		func() error { return s.Join(ctx, join("next owner", 31, phoneA, userB)) },
		func() error {
			return expect(ctx, s, "its next owner", handles(userB), handles(phoneA, userB), m, move("second", 20, phoneA, phoneC), left)
		},
	)
}

func across(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	ab, bc, uu := move("ab", 10, phoneA, phoneB), move("bc", 20, phoneB, phoneC), move("uu", 20, userA, userB)
	return steps(
		func() error {
			return s.Join(ctx, join("j1", 0, phoneA, parentA), join("j3", 25, phoneC, userB))
		},
		func() error { return s.Move(ctx, ab, bc, uu) },
		func() error { return expect(ctx, s, "the old number", handles(phoneA), handles(phoneA), ab) },
		func() error {
			return expect(ctx, s, "the number between", handles(phoneB), handles(phoneB), ab, bc)
		},
		func() error {
			return expect(ctx, s, "the new number, with the moves of all its handles", handles(phoneC), handles(phoneC, userB), bc, uu)
		},
		func() error {
			return expect(ctx, s, "who was joined to the old number only", handles(parentA), handles(parentA))
		},
		func() error {
			return expect(ctx, s, "a stranger to the moves", handles(parentB), handles(parentB))
		},
		func() error {
			return s.Join(ctx, join("both", 1, party.Handle{Scheme: party.User, Value: "US.8"}, party.Handle{Scheme: party.User, Value: "US.9"}, userC))
		},
		func() error {
			return s.Move(ctx, move("89", 2, party.Handle{Scheme: party.User, Value: "US.8"}, party.Handle{Scheme: party.User, Value: "US.9"}))
		},
		func() error {
			return expect(ctx, s, "a join that names both ends keeps the new one", handles(userC),
				handles(userC, party.Handle{Scheme: party.User, Value: "US.9"}),
				move("89", 2, party.Handle{Scheme: party.User, Value: "US.8"}, party.Handle{Scheme: party.User, Value: "US.9"}))
		},
	)
}

func order(ctx context.Context, fresh func() party.Links) error {
	joins := []party.Join{
		join("j1", 0, phoneA, userA, parentA), join("j2", 5, phoneA, userA), join("j3", 10, phoneA, userB),
		join("j4", 15, phoneB, userA), join("j5", 12, phoneB, parentA), join("j6", 30, phoneA, userB),
		join("j7", 3, userB, userC), join("j8", 31, phoneC, userC), join("j2", 5, phoneA, userA),
	}
	moves := []party.Move{
		move("m1", 10, phoneA, phoneB), move("m2", 20, phoneB, phoneC), move("m3", 20, userA, userB),
		move("m4", 25, phoneC, phoneA), move("m1", 10, phoneA, phoneB), move("m5", 16, userC, party.Handle{}),
	}
	ask := [][]party.Handle{
		{phoneA}, {phoneB}, {phoneC}, {userA}, {userB}, {userC}, {parentA}, {phoneA, userA}, {phoneC, parentA, phoneB},
	}
	var want []party.Known
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 24 {
		s := fresh()
		var err error
		switch round {
		case 0: // all joins, then all moves
			err = steps(func() error { return s.Join(ctx, joins...) }, func() error { return s.Move(ctx, moves...) })
		case 1: // all moves first
			err = steps(func() error { return s.Move(ctx, moves...) }, func() error { return s.Join(ctx, joins...) })
		default: // one by one, shuffled
			for _, i := range random.Perm(len(joins) + len(moves)) {
				if i < len(joins) {
					err = s.Join(ctx, joins[i])
				} else {
					err = s.Move(ctx, moves[i-len(joins)])
				}
				if err != nil {
					break
				}
			}
		}
		if err != nil {
			return err
		}
		for i, hs := range ask {
			k, err := s.Known(ctx, hs)
			if err != nil {
				return err
			}
			if round == 0 {
				want = append(want, k)
			} else if err := same(fmt.Sprintf("order %d, question %d", round, i), k, want[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func bytewise(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	lower := party.Handle{Scheme: party.User, Value: "US.abc"}
	upper := party.Handle{Scheme: party.User, Value: "US.ABC"}
	space := party.Handle{Scheme: party.User, Value: "US.abc "}
	other := party.Handle{Scheme: party.Parent, Value: "US.abc"}
	accent := party.Handle{Scheme: "acme", Value: "é"}
	decomposed := party.Handle{Scheme: "acme", Value: "e\u0301"}
	return steps(
		func() error {
			return s.Join(ctx, join("1", 0, lower, phoneA), join("2", 0, upper, phoneB), join("3", 0, space, phoneC))
		},
		func() error { return expect(ctx, s, "a small letter", handles(lower), handles(phoneA, lower)) },
		func() error { return expect(ctx, s, "a capital", handles(upper), handles(phoneB, upper)) },
		func() error { return expect(ctx, s, "a space at the end", handles(space), handles(phoneC, space)) },
		func() error {
			return expect(ctx, s, "the same value under another scheme", handles(other), handles(other))
		},
		func() error { return s.Join(ctx, join("4", 0, accent, userA), join("5", 0, decomposed, userB)) },
		func() error {
			return expect(ctx, s, "letters that look alike", handles(accent), handles(accent, userA))
		},
		func() error {
			return s.Join(ctx, join("ID", 0, userB, parentB), join("id", 0, userA, parentA))
		},
		func() error {
			return expect(ctx, s, "ids too", handles(userA), handles(accent, parentA, userA))
		},
	)
}

func refused(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	good := join("good", 0, phoneA, userA)
	for _, bad := range []party.Join{
		{Handles: good.Handles, At: noon},
		{ID: "no time", Handles: good.Handles},
		{ID: "no handles", At: noon},
		join("no scheme", 0, phoneA, party.Handle{Value: "x"}),
		join("no value", 0, phoneA, party.Handle{Scheme: party.User}),
	} {
		var le *party.LinkError
		if err := s.Join(ctx, good, bad); !errors.As(err, &le) {
			return fmt.Errorf("join %q: got %v, want a *party.LinkError", bad.ID, err)
		}
	}
	moved := move("good", 0, phoneA, phoneB)
	for _, bad := range []party.Move{
		{From: phoneA, To: phoneB, At: noon},
		{ID: "no time", From: phoneA, To: phoneB},
		move("no from", 0, party.Handle{}, phoneB),
		move("no value of to", 0, phoneA, party.Handle{Scheme: party.Phone}),
		move("no scheme of to", 0, phoneA, party.Handle{Value: phoneB.Value}),
		move("two schemes", 0, phoneA, userA),
		move("no change", 0, phoneA, phoneA),
	} {
		var le *party.LinkError
		if err := s.Move(ctx, moved, bad); !errors.As(err, &le) {
			return fmt.Errorf("move %q: got %v, want a *party.LinkError", bad.ID, err)
		}
	}
	return steps(
		func() error { return expect(ctx, s, "nothing was kept", handles(phoneA), handles(phoneA)) },
		func() error { return s.Join(ctx, good) },
		func() error { return s.Move(ctx, move("good", -1, phoneA, phoneB)) },
		func() error {
			return expect(ctx, s, "nor the ids", handles(phoneA), handles(phoneA, userA), move("good", -1, phoneA, phoneB))
		},
	)
}

func cancelled(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	if err := s.Join(ctx, join("before", 0, phoneB, userB)); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Join(gone, join("j", 0, phoneA, userA)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("join under a cancelled context: %v", err)
	}
	if err := s.Move(gone, move("m", 0, phoneB, phoneA)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("move under a cancelled context: %v", err)
	}
	if k, err := s.Known(gone, handles(phoneB)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("known under a cancelled context: %d handles, %v", len(k.Handles), err)
	}
	return steps(
		func() error { return expect(ctx, s, "no join was kept", handles(phoneA), handles(phoneA)) },
		func() error { return expect(ctx, s, "no move was kept", handles(phoneB), handles(phoneB, userB)) },
	)
}

func concurrent(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	const callers, each = 4, 12
	err := together(callers, func(n int) error {
		for i := range each {
			p := party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+44770090%d%02d", n, i)}
			u := party.Handle{Scheme: party.User, Value: fmt.Sprintf("GB.%d%02d", n, i)}
			if err := s.Join(ctx, join(fmt.Sprintf("%d/%d", n, i), i, p, u, parentA)); err != nil {
				return err
			}
			k, err := s.Known(ctx, handles(p))
			if err != nil {
				return err
			}
			if !slices.Contains(k.Handles, u) || !slices.Contains(k.Handles, parentA) {
				return fmt.Errorf("caller %d does not see its own join %d", n, i)
			}
			// what others write is of the same parent: it may or may not be there yet, but a join is there whole
			if phones, users := count(k.Handles, party.Phone), count(k.Handles, party.User); users != phones {
				return fmt.Errorf("%d phones and %d users: half a join shows", phones, users)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	k, err := s.Known(ctx, handles(parentA))
	if err != nil {
		return err
	}
	if want := 2*callers*each + 1; len(k.Handles) != want {
		return fmt.Errorf("%d handles after everybody is done, want %d", len(k.Handles), want)
	}
	return nil
}

func count(hs []party.Handle, scheme string) (n int) {
	for _, h := range hs {
		if h.Scheme == scheme {
			n++
		}
	}
	return n
}

// together runs f for 0..n-1 at once and returns what went wrong.
func together(n int, f func(int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(i) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func closed(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	c, ok := s.(io.Closer)
	if !ok {
		return ErrNotApplicable
	}
	if err := s.Join(ctx, join("j", 0, phoneA, userA)); err != nil {
		return err
	}
	if err := c.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if err := s.Join(ctx, join("k", 0, phoneB, userB)); err == nil {
		return errors.New("join after Close succeeds")
	}
	if err := s.Move(ctx, move("m", 0, phoneA, phoneB)); err == nil {
		return errors.New("move after Close succeeds")
	}
	if k, err := s.Known(ctx, handles(phoneA)); err == nil {
		return fmt.Errorf("known after Close gives %d handles and no error", len(k.Handles))
	}
	return nil
}

func forgotten(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	f, ok := s.(party.Forgetter)
	if !ok {
		return ErrNotApplicable
	}
	met := move("met", 30, phoneB, phoneC)
	if err := errors.Join(
		s.Move(ctx, move("left", -5, phoneA, party.Handle{}), move("nowhere", 2, userB, party.Handle{})),
		s.Join(ctx, join("a", 0, phoneA, userA), join("b", 0, phoneB, userA), join("c", 0, userA, parentA), join("d", 20, phoneC, userC)),
		s.Move(ctx, met, move("n", 40, phoneC, phoneA))); err != nil {
		return err
	}
	if err := f.Forget(ctx, handles(phoneA, userB)); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	if err := errors.Join(
		expect(ctx, s, "the one who is forgotten", handles(phoneA), handles(phoneA)),
		expect(ctx, s, "who they were joined to", handles(userA), handles(parentA, userA)),
		expect(ctx, s, "who moved to them, and now never did", handles(userC), handles(phoneC, userC), met),
		expect(ctx, s, "somebody else's move", handles(phoneB), handles(phoneB), met)); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := f.Forget(gone, handles(userA)); err == nil {
		return errors.New("forget succeeds under a cancelled context")
	}
	return expect(ctx, s, "nobody forgotten under a cancelled context", handles(userA), handles(parentA, userA))
}

func history(ctx context.Context, fresh func() party.Links) error {
	s := fresh()
	h, ok := s.(party.Historian)
	if !ok {
		return ErrNotApplicable
	}
	bond := func(id string, first, last int, left []party.Handle, hs ...party.Handle) party.Bond {
		return party.Bond{Handles: hs, Left: left, ID: id, First: at(first), Last: at(last)}
	}
	expect := func(why string, hs []party.Handle, want ...party.Bond) error {
		got, err := h.Bonds(ctx, hs)
		if err != nil {
			return fmt.Errorf("%s: %w", why, err)
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(sameTime)); d != "" {
			return fmt.Errorf("%s (-want +got):\n%s", why, d)
		}
		return nil
	}
	err := steps(
		func() error {
			return s.Join(ctx, join("b", 5, userA, phoneA), join("c", 9, phoneA, userA), join("alone", 6, phoneC), join("d", 7, userA, parentA, phoneA))
		},
		func() error { return s.Join(ctx, join("a", 2, phoneA, userA), join("b", 1, phoneA, userA)) },
		func() error {
			return expect("each set once, by its first join and its last", handles(phoneA, userA),
				bond("a", 2, 9, nil, phoneA, userA), bond("d", 7, 7, nil, parentA, phoneA, userA))
		},
		func() error { return s.Move(ctx, move("m", 8, phoneA, phoneB)) },
		func() error {
			return expect("and who left it since its last", handles(phoneA),
				bond("a", 2, 9, nil, phoneA, userA), bond("d", 7, 7, handles(phoneA), parentA, phoneA, userA))
		},
		func() error { return expect("nobody joined it", handles(phoneC, userC)) },
		func() error { return expect("nobody asked for", nil) },
	)
	if f, ok := s.(party.Forgetter); ok && err == nil {
		err = steps(
			func() error { return f.Forget(ctx, handles(parentA)) },
			func() error {
				return expect("without who was forgotten", handles(userA), bond("a", 2, 9, nil, phoneA, userA))
			},
		)
	}
	if err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := h.Bonds(gone, handles(phoneA)); err == nil {
		return errors.New("bonds come back under a cancelled context")
	}
	return nil
}
