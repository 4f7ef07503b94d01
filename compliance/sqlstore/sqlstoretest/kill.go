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
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

// killVariable tells a process of Kill where the database and the log are.
const killVariable = "WAGUARD_TEST_KILL"

// Kill lets processes import, record opt-ins and stops, and send, two at a time
// on one database, and kills them (SIGKILL) at any moment. What they were told
// had been done, and every delivery, they write to one log, each line synced, so
// that the log has everything in the order in which it happened. Now and then,
// and in the end, it is held against the database: see [trail.check].
//
// It has to be called by a test of its own, and first in it: the processes run
// the same test. fresh makes the database, reach opens it by its Reach. How many
// are killed WAGUARD_KILLS says; 20 where it does not.
func Kill(t *testing.T, fresh func(t testing.TB) Place, reach func(string) (*sqlstore.DB, error)) {
	if at := os.Getenv(killVariable); at != "" {
		log, at, _ := strings.Cut(at, "|")
		err := victim(log, func() (*sqlstore.DB, error) { return reach(at) })
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	kills, err := strconv.Atoi(os.Getenv("WAGUARD_KILLS"))
	if err != nil {
		if kills = 20; testing.Short() {
			kills = 6
		}
	}
	p := fresh(t)
	db, err := p.Open()
	require.NoError(t, err)
	sale, err := template.ParseDefinition([]byte(`{"id":"1","name":"sale","language":"en","status":"APPROVED","category":"MARKETING",` +
		`"components":[{"type":"BODY","text":"All coats are 20% off this week. Reply STOP to get no more of this."}]}`))
	require.NoError(t, err)
	sale.Ref.Account = victimLine.Account
	require.NoError(t, db.Stores().Templates.Put(t.Context(), day.Add(-24*time.Hour), sale))
	require.NoError(t, db.Close())

	h := &hunt{t: t, env: killVariable + "=" + filepath.Join(t.TempDir(), "log") + "|" + p.Reach}
	h.spare = h.start()
	tr := &trail{path: strings.TrimPrefix(strings.SplitN(h.env, "|", 2)[0], killVariable+"="), heads: map[string]head{}}
	for done, next := 0, kills/5; done < kills; {
		for len(h.running) < 2 {
			h.release()
		}
		time.Sleep(rand.N(200 * time.Millisecond))
		h.kill(rand.IntN(len(h.running)))
		done++
		if done < kills && rand.IntN(4) == 0 {
			h.kill(0)
			done++
		}
		if done >= min(next, kills) {
			next = done + kills/5
			for len(h.running) > 0 {
				h.kill(0)
				done++
			}
			tr.check(t, p)
		}
	}
	t.Logf("%d kills; %s", h.killed, tr)
	require.NotZero(t, tr.count["grant"])
	require.NotZero(t, tr.count["stop"]+tr.count["word"])
	require.NotZero(t, tr.count["go"])
	require.NotZero(t, tr.count["rows"])
}

// A hunt is the processes of a Kill.
type hunt struct {
	t       *testing.T
	env     string
	spare   *prey // made ready while others run
	running []*prey
	killed  int
}

type prey struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	ready chan error
}

func (h *hunt) start() *prey {
	h.t.Helper()
	p := &prey{cmd: exec.Command(os.Args[0], "-test.run=^"+h.t.Name()+"$"), ready: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), h.env)
	p.cmd.Stderr = os.Stderr
	var err error
	p.in, err = p.cmd.StdinPipe()
	require.NoError(h.t, err)
	out, err := p.cmd.StdoutPipe()
	require.NoError(h.t, err)
	require.NoError(h.t, p.cmd.Start())
	go func() {
		line, err := bufio.NewReader(out).ReadString('\n')
		if err == nil && line != "ready\n" {
			err = fmt.Errorf("the process said %q", line)
		}
		p.ready <- err
	}()
	h.t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	})
	return p
}

// release lets the spare process loose and makes another one ready.
func (h *hunt) release() {
	h.t.Helper()
	p := h.spare
	require.NoError(h.t, <-p.ready)
	_, err := io.WriteString(p.in, "go\n")
	require.NoError(h.t, err)
	h.running = append(h.running, p)
	h.spare = h.start()
}

func (h *hunt) kill(i int) {
	h.t.Helper()
	p := h.running[i]
	h.running = append(h.running[:i], h.running[i+1:]...)
	require.NoError(h.t, p.cmd.Process.Kill(), "the process ended by itself")
	err := p.cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(h.t, err, &exit)
	require.False(h.t, exit.Exited(), "the process ended by itself, with status %d", exit.ExitCode())
	h.killed++
}

// The world of the victims: one instant, at which everybody has agreed two hours
// ago, written half an hour later, and stopped, if they did, an hour ago.
var (
	victimLine = party.Line{Account: "A1", Number: "N1"}
	agreed     = day.Add(-2 * time.Hour)
	hello      = day.Add(-90 * time.Minute)
	stopped    = day.Add(-time.Hour)
)

func victimParty(n int) party.Party {
	return party.Party{Phone: fmt.Sprintf("+44771%07d", n), User: fmt.Sprintf("GB.%d", 1_000_000+n)}
}

const (
	listRows  = 400
	listBatch = 40
)

// list is the nth list of opt-ins.
func list(n int) io.Reader {
	var b strings.Builder
	b.WriteString("id,phone,opt_in_date,opt_in_source,category,consent_text,business_name\n")
	for i := range listRows {
		fmt.Fprintf(&b, "%s,+44772%07d,2026-05-03T10:00:00Z,web-form,marketing,Send me news on WhatsApp,Example Shop\n", listRow(n, i), n*listRows+i)
	}
	return strings.NewReader(b.String())
}

func listRow(n, i int) string { return fmt.Sprintf("row-%d-%d", n, i) }

// A victim works until it is killed.
func victim(log string, open func() (*sqlstore.DB, error)) error {
	ready, err := wordless()
	if err != nil {
		return err
	}
	fmt.Println("ready")
	in := bufio.NewReader(os.Stdin)
	if _, err := in.ReadString('\n'); err != nil {
		return err
	}
	go func() { // nobody is there to kill it any more
		_, _ = io.Copy(io.Discard, in)
		os.Exit(1)
	}()
	d, err := newDiary(log)
	if err != nil {
		return err
	}
	db, err := open()
	if err != nil {
		return err
	}
	const workers = 6
	errs := make(chan error, workers+1)
	go func() {
		errs <- d.imports(optin.NewLedger(db.Stores().Consent, optin.WithNow(func() time.Time { return day })))
	}()
	for w := range workers {
		go func() {
			v := &worker{diary: d, name: fmt.Sprintf("%d-%d", os.Getpid(), w)}
			s, err := compliance.New(compliance.Config{Business: compliance.Business{Name: "Example Shop", Country: "GB"}, Stores: db.Stores()},
				compliance.WithPrepared(ready), compliance.WithClock(func() time.Time { return day }), compliance.WithIDs(v.next), compliance.WithFlightTime(time.Hour))
			for v.s = s; err == nil; {
				err = v.act()
			}
			errs <- err
		}()
	}
	return <-errs
}

// wordless is the rule book without the rules that read texts: every process
// would compile them anew, and what is written here breaks none. Nor is there a
// pair rate: a few people are written to without end while the clock stands still.
func wordless() (*compliance.Prepared, error) {
	book, err := policy.Builtin()
	if err != nil {
		return nil, err
	}
	var rules []policy.Rule
	for _, r := range book.All() {
		if r.Text == nil && r.ID != "pair-rate" {
			rules = append(rules, *r)
		}
	}
	if book, err = policy.NewBook(rules); err != nil {
		return nil, err
	}
	return compliance.Prepare(book)
}

// A diary is the log of all victims.
type diary struct {
	mu   sync.Mutex
	file *os.File
	end  int64
}

func newDiary(path string) (*diary, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	return &diary{file: f}, err
}

// note writes a line, and returns when it is on the disk.
func (d *diary) note(format string, args ...any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := fmt.Fprintf(d.file, format+"\n", args...); err != nil {
		return err
	}
	var err error
	if d.end, err = d.file.Seek(0, io.SeekCurrent); err != nil {
		return err
	}
	return d.file.Sync()
}

// front is how many people there have been: with the log grows who is dealt
// with, so that both processes deal with the same few.
func (d *diary) front() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return int(d.end / 600)
}

// troubled tells the errors that two processes on one database may get from
// those that nobody may.
func troubled(err error) bool {
	return err != nil && !errors.Is(err, sqlstore.ErrBusy)
}

// imports imports one list after the other, going on with what is begun: by the
// rows that were told, or from the start.
func (d *diary) imports(l *optin.Ledger) error {
	rows, complete := map[int]int{}, map[int]bool{}
	err := readLog(d.file.Name(), func(op string, args []string) {
		n, _ := strconv.Atoi(args[0])
		switch op {
		case "rows":
			k, _ := strconv.Atoi(args[1])
			rows[n] = max(rows[n], k)
		case "list":
			complete[n] = true
		}
	})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if complete[n] {
			continue
		}
		skip := 0
		if rand.IntN(2) == 0 {
			skip = rows[n]
		}
		var told error
		report, err := l.Import(context.Background(), list(n), optin.ImportOptions{Kind: optin.OptIns, Batch: listBatch, Skip: skip,
			Progress: func(r optin.ImportReport) {
				time.Sleep(rand.N(4 * time.Millisecond)) // or there would be nothing but rows
				if told == nil && r.Skipped+r.Rows > rows[n] {
					told = d.note("rows %d %d", n, r.Skipped+r.Rows)
				}
			}})
		switch {
		case told != nil:
			return told
		case troubled(err):
			return err
		case err != nil:
			n--
			continue
		case report.Refused > 0 || report.Rows+report.Skipped != listRows || skip == 0 && report.Duplicate < rows[n]:
			return fmt.Errorf("list %d, of which %d rows were told: %+v", n, rows[n], report)
		}
		if err := d.note("list %d", n); err != nil {
			return err
		}
	}
}

// A worker does one thing after the other to one person or another.
type worker struct {
	*diary
	name string
	s    *compliance.Sender
	made int
	id   string // of the message under way
}

func (v *worker) next() string {
	v.made++
	v.id = fmt.Sprintf("%s-%d", v.name, v.made)
	return v.id
}

func (v *worker) act() error {
	ctx := context.Background()
	n := max(v.front()-rand.IntN(4), 0)
	who := victimParty(n)
	flights := func(fs []optin.Flight) string {
		ids := make([]string, len(fs))
		for i, f := range fs {
			ids[i] = f.ID
		}
		return strings.Join(ids, ",")
	}
	switch k := rand.IntN(100); {
	case k < 20:
		id := fmt.Sprint("g-", n)
		if err := v.s.Ledger().Grant(ctx, optin.Grant{ID: id, Party: who, At: agreed, Received: agreed, Purposes: []optin.Purpose{optin.Marketing},
			Evidence: optin.Evidence{Source: optin.WebForm, Wording: "Example Shop may write to me on WhatsApp", BusinessName: "Example Shop"}}); err != nil {
			return v.give(err)
		}
		return v.note("grant %s %d", id, n)
	case k < 35:
		id := fmt.Sprint("wamid.hello-", n)
		if _, err := v.s.Inbox().Receive(ctx, compliance.Wrote{ID: id, Line: victimLine, From: who, At: hello, Type: "text", Text: "Is the blue coat back?"}); err != nil {
			return v.give(err)
		}
		return v.note("hello %s %d", id, n)
	case k < 39:
		id := fmt.Sprint("s-", n)
		done, err := v.s.Ledger().Revoke(ctx, optin.Revoke{ID: id, Party: who, At: stopped, Received: day, Channel: optin.Email})
		if err != nil {
			return v.give(err)
		}
		return v.note("stop %s %d %s", id, n, flights(done.InFlight))
	case k < 42:
		id := fmt.Sprint("wamid.stop-", n)
		learned, err := v.s.Inbox().Receive(ctx, compliance.Wrote{ID: id, Line: victimLine, From: who, At: stopped, Type: "text", Text: "STOP"})
		if err != nil {
			return v.give(err)
		}
		if len(learned.Stops) != 1 {
			return fmt.Errorf("%d stops were heard in one", len(learned.Stops))
		}
		return v.note("word stop:%s %d %s", id, n, flights(learned.Stops[0].InFlight))
	}
	m := compliance.Message{Kind: compliance.Freeform, Type: "text", From: victimLine, To: who, Texts: []compliance.Text{{Place: "text.body", Words: "Yes, in every size."}}}
	if rand.IntN(2) == 0 {
		m = compliance.Message{Kind: compliance.Template, Type: "template", From: victimLine, To: who, Category: category.Marketing,
			Template: template.Filled{Name: "sale", Language: "en"}}
	}
	r, err := v.s.Do(ctx, m, func(context.Context) (compliance.Ack, error) {
		time.Sleep(rand.N(4 * time.Millisecond)) // on its way
		if err := v.note("go %s %d", v.id, n); err != nil {
			return compliance.Ack{}, err
		}
		return compliance.Ack{Message: "wamid.out-" + v.id}, nil
	})
	switch {
	case errors.Is(err, compliance.ErrDenied):
		return v.note("deny %s %d", v.id, n)
	case errors.Is(err, compliance.ErrUndecided):
		return v.note("undecided %s %d", v.id, n)
	case err != nil:
		return err
	case r.Unsettled != nil:
		return v.give(r.Unsettled)
	}
	return v.note("sent %s %d", v.id, n)
}

// give passes on an error that must not be, and notes one that may.
func (v *worker) give(err error) error {
	if troubled(err) {
		return err
	}
	return v.note("busy %s", v.name)
}

// readLog reads the whole lines of a log.
func readLog(path string, each func(op string, args []string)) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(b)) {
		if fields := strings.Fields(line); strings.HasSuffix(line, "\n") && len(fields) > 1 {
			each(fields[0], fields[1:])
		}
	}
	return nil
}
