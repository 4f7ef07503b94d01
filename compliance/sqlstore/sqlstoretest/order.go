package sqlstoretest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
)

// variable tells another process of the test how many people there are, and
// where the stores.
const variable = "WAGUARD_TEST_REACH"

// Main runs the tests, or, in a process that a test started, does what that test
// wants of it. reach opens the stores of a Place by its Reach.
func Main(m *testing.M, reach func(string) (*sqlstore.DB, error)) int {
	at := os.Getenv(variable)
	if at == "" {
		return m.Run()
	}
	number, at, _ := strings.Cut(at, " ")
	people, err := strconv.Atoi(number)
	if err == nil {
		var db *sqlstore.DB
		if db, err = reach(at); err == nil {
			err = errors.Join(enterFlights(db, people), db.Close())
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// someone is a person of the order test, under two handles.
func someone(n int) party.Party {
	return party.Party{Phone: handle(n).Value, User: fmt.Sprintf("GB.%d", 1_000_000+n)}
}

// crowd is how many people the processes talk to.
func crowd() int {
	n := 80
	if testing.Short() {
		n = 30
	}
	if times, err := strconv.Atoi(os.Getenv("WAGUARD_ORDER")); err == nil {
		n *= times
	}
	return n
}

// Order lets two other processes enter flights for everybody at the same time,
// as long as they see no stop, while this one acknowledges stops. A flight that
// was entered and is in no receipt left after the stop, or before it and unseen.
// WAGUARD_ORDER makes it so many times longer.
func Order(t *testing.T, p Place) {
	db := p.open(t)
	ledger := optin.NewLedger(db.Stores().Consent, optin.WithLinks(db.Stores().Links))
	people := crowd()

	var senders [2]*process
	for i := range senders {
		senders[i] = start(t, fmt.Sprint(people, " ", p.Reach))
	}
	for _, s := range senders { // all are at it before the first stop comes
		select {
		case <-s.begun:
		case <-s.ended:
			t.Fatal("the other process ended")
		}
	}
	acknowledged := map[int][]string{}
	for _, n := range rand.Perm(people) {
		time.Sleep(rand.N(10 * time.Millisecond))
		stopped, err := ledger.Revoke(t.Context(), optin.Revoke{Party: someone(n), At: day, Received: day, Channel: optin.Email})
		require.NoError(t, err)
		require.True(t, stopped.Added)
		for _, f := range stopped.InFlight {
			acknowledged[n] = append(acknowledged[n], f.ID)
		}
	}
	time.Sleep(200 * time.Millisecond) // for whoever would still enter one
	entered := map[int][]string{}
	for _, s := range senders {
		for n, ids := range s.end(t) {
			entered[n] = append(entered[n], ids...)
		}
	}
	total := 0
	for n := range people {
		slices.Sort(entered[n])
		slices.Sort(acknowledged[n])
		require.Equal(t, entered[n], acknowledged[n], "the flights of person %d, and those their stop was told of", n)
		total += len(entered[n])
	}
	require.Greater(t, total, people, "too little was under way to tell")
	t.Logf("%d flights of %d people, each in the receipt of their stop", total, people)
}

// enterFlights does what a Sender does, without the sending, until its input
// ends, and says of each flight for whom it was entered.
func enterFlights(db *sqlstore.DB, people int) error {
	ledger := optin.NewLedger(db.Stores().Consent, optin.WithLinks(db.Stores().Links))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				n := rand.IntN(people)
				st, err := ledger.Standing(context.Background(), someone(n), day)
				if err != nil {
					errs[w] = err
					return
				}
				if _, stopped := st.StoppedFor(optin.Marketing); stopped {
					time.Sleep(time.Millisecond)
					continue
				}
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i)
				err = ledger.Enter(context.Background(), optin.Flight{ID: id, Handles: st.Handles, Version: st.Version, Entered: day, Expires: day.Add(time.Hour)})
				switch {
				case errors.Is(err, optin.ErrMoved):
				case err != nil:
					errs[w] = err
					return
				default:
					fmt.Printf("%d %s\n", n, id)
				}
				if i%8 == 0 { // not so many that their receipts are all that is waited for
					time.Sleep(rand.N(4 * time.Millisecond))
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// A process is another one of this test.
type process struct {
	cmd   *exec.Cmd
	in    io.Closer
	begun chan struct{} // closed when it is well under way
	ended chan struct{}
	told  []string
}

func start(t *testing.T, reach string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), variable+"="+reach)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd, in: in, begun: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		for s := bufio.NewScanner(out); s.Scan(); {
			if p.told = append(p.told, s.Text()); len(p.told) == 20 {
				close(p.begun)
			}
		}
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return p
}

// end has the process end, and returns what it said.
func (p *process) end(t *testing.T) map[int][]string {
	t.Helper()
	require.NoError(t, p.in.Close())
	<-p.ended
	require.NoError(t, p.cmd.Wait())
	all := map[int][]string{}
	for _, line := range p.told {
		person, id, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(person)
		require.NoError(t, err)
		all[n] = append(all[n], id)
	}
	return all
}
