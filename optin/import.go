package optin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// ImportOptions are how a list of people is read; see [Ledger.Import].
type ImportOptions struct {
	Kind     ImportKind // has to be said
	Format   ImportFormat
	Notation                   // Names are those of the columns and need not be set
	Map      map[string]string // column to field of a [Draft], before what names suggest; "" leaves the column out
	Defaults Draft             // for cells that are empty and columns that are not there
	Comma    rune              // between the cells of CSV; 0: a comma; [DetectComma]: found in the header
	Strict   bool              // a column that is no field is an error, and not only told

	DryRun   bool      // nothing is recorded; a repeat of a row is known within a batch alone, and else accepted
	Skip     int       // rows after the header to leave out: they were read before
	Batch    int       // events written at once; 0: 1,000
	MaxRow   int       // bytes of a row; 0: 64 KiB
	MaxBytes int64     // of the whole; 0: no limit, for memory does not grow with it
	Received time.Time // zero: the ledger's clock
	Actor    string    // who imports, for rows that name nobody

	// Each is told every row once it is known what became of it, in order; an
	// error it returns ends the import, with the row's batch on record. Progress
	// is told after every batch.
	Each     func(ImportRow) error
	Progress func(ImportReport)
}

// DetectComma looks for the one of comma, semicolon, tab and bar that the
// header has most of.
const DetectComma rune = -1

// ImportKind is what a list is of. The zero kind is refused.
type ImportKind uint8

const (
	_       ImportKind = iota
	OptIns             // people who agreed
	OptOuts            // people who stopped; they need not be on record
)

// ImportFormat is how a list is written.
type ImportFormat uint8

const (
	DetectFormat ImportFormat = iota // JSON Lines when it begins with a brace, else CSV
	CSV                              // with a header
	JSONLines                        // an object a line, its members the columns
)

// ImportResult is what became of a row.
type ImportResult uint8

const (
	_         ImportResult = iota
	Accepted               // recorded, or would be in a dry run
	Duplicate              // on record already, or a repeat of an earlier row
	Refused                // not recorded, or not known to be
)

var results = [...]string{Accepted: "accepted", Duplicate: "duplicate", Refused: "refused"}

// String returns accepted, duplicate or refused.
func (r ImportResult) String() string {
	if r > 0 && int(r) < len(results) {
		return results[r]
	}
	return fmt.Sprintf("ImportResult(%d)", uint8(r))
}

// MarshalText writes the result as its word.
func (r ImportResult) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// ImportRow is one row of a list. It names columns, and nothing that was in
// them but the row's own id.
type ImportRow struct {
	Line     int          `json:"line"`              // where it begins, from 1
	Through  int          `json:"through,omitempty"` // where it ends, if not on Line: an open quote takes in rows that follow
	ID       string       `json:"id,omitempty"`
	Event    string       `json:"event,omitempty"` // id of the event it makes
	Result   ImportResult `json:"result"`
	Problems []Problem    `json:"problems,omitempty"`
	Warnings []Problem    `json:"warnings,omitempty"`
}

// ImportReport sums an import up.
type ImportReport struct {
	Rows      int               `json:"rows"` // of batches that were written, or would be; without those skipped
	Accepted  int               `json:"accepted"`
	Duplicate int               `json:"duplicate"`
	Refused   int               `json:"refused"`
	Skipped   int               `json:"skipped,omitempty"`
	Bytes     int64             `json:"bytes"`
	DryRun    bool              `json:"dry_run,omitempty"`
	Columns   map[string]string `json:"columns"`           // column to field
	Ignored   []string          `json:"ignored,omitempty"` // columns that are no field
	Problems  []Tally           `json:"problems,omitempty"`
	Warnings  []Tally           `json:"warnings,omitempty"`
}

// Tally is how many rows something was said of.
type Tally struct {
	Problem
	Rows int `json:"rows"`
}

// An ImportError ends an import. What came before Line is recorded; of the rows
// from Line to Through it is not known, for a batch can fail after the store has
// taken it. Importing the list again goes on where it ended, for what is
// recorded already changes nothing.
type ImportError struct {
	Line, Through int
	Err           error
}

func (e *ImportError) Error() string {
	msg := strings.TrimPrefix(e.Err.Error(), "optin: ")
	if e.Through > e.Line {
		return fmt.Sprintf("optin: import: lines %d to %d: %s", e.Line, e.Through, msg)
	}
	return fmt.Sprintf("optin: import: line %d: %s", e.Line, msg)
}

// Unwrap returns the cause.
func (e *ImportError) Unwrap() error { return e.Err }

// Limits of a list.
const (
	maxRow     = 64 << 10
	maxBatch   = 10_000
	maxColumns = 256
	maxTallies = 1000 // different problems that are counted apart
)

// Import reads a list of opt-ins or opt-outs into the ledger, row by row: however
// long it is, no more than a batch is held. Columns are known by their names
// (opt_in_date, phone, msisdn, wa_id, consent_text, …) or by Map. A row that
// cannot be taken is refused with its columns and reasons, and the others go on.
// Once a column says whether people agreed, an opt-in that leaves it blank is
// refused.
//
// An event's id is made from what the row says, or from the row's own id, and
// from nothing of the file. Importing a list again, or one that overlaps it,
// changes nothing, and an import that broke off is begun again, or resumed by
// skipping what its report has of Skipped and Rows. An opt-out without a date
// counts from its first import: the same row later, when the person has agreed
// anew, stops nobody.
//
// Rows are written in batches, each all or nothing. An error means that the
// import ended early; it is an *[ImportError] where rows could not be read or
// written, and the report tells what was done before.
func (l *Ledger) Import(ctx context.Context, r io.Reader, o ImportOptions) (ImportReport, error) {
	im := importer{l: l, o: o, ids: map[string]bool{}, tallies: map[tallyKey]int{}}
	im.report.DryRun = o.DryRun
	err := im.run(ctx, r)
	im.sum()
	return im.report, err
}

type tallyKey struct {
	Problem
	warning bool
}

// An importer is one import under way.
type importer struct {
	l        *Ledger
	o        ImportOptions
	received time.Time
	actor    string

	in      *measured
	columns columns
	draft   Draft
	reader  draftReader

	rows    []ImportRow
	events  []Event         // of accepted rows, in their order
	of      []int           // the row of each event
	ids     map[string]bool // of the batch
	tallies map[tallyKey]int
	report  ImportReport
}

// A rowReader reads rows into a draft. An error ends the reading; what is wrong
// with one row alone comes as problems.
type rowReader interface {
	next(d *Draft) (line, through int, ps problems, err error)
}

func (im *importer) run(ctx context.Context, r io.Reader) error {
	if err := im.prepare(ctx); err != nil {
		return err
	}
	im.in = &measured{r: r, limit: im.o.MaxBytes}
	rows, err := openRows(im.in, &im.columns, &im.o)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		im.draft = Draft{}
		line, through, ps, err := rows.next(&im.draft)
		if err == io.EOF {
			break
		}
		if err != nil {
			if flushed := im.flush(ctx); flushed != nil {
				return flushed
			}
			return &ImportError{Line: line, Err: err}
		}
		if im.report.Skipped < im.o.Skip {
			im.report.Skipped++
			continue
		}
		im.row(line, through, ps)
		if len(im.rows) >= im.o.Batch {
			if err := im.flush(ctx); err != nil {
				return err
			}
		}
	}
	return im.flush(ctx)
}

func (im *importer) prepare(ctx context.Context) (err error) {
	if im.o.Kind != OptIns && im.o.Kind != OptOuts {
		return errors.New("optin: import: it has to be said whether the list is of opt-ins or of opt-outs")
	}
	if im.o.Batch <= 0 {
		im.o.Batch = 1000
	}
	im.o.Batch = min(im.o.Batch, maxBatch)
	if im.o.MaxRow <= 0 {
		im.o.MaxRow = maxRow
	}
	_, im.received = im.l.stamp(time.Time{}, im.o.Received)
	var ps problems
	ps.times(im.received, im.received)
	im.actor = im.l.actorOf(ctx, im.o.Actor)
	ps.key("actor", im.actor)
	if err := ps.err(""); err != nil {
		return err
	}
	if err := im.l.may(ctx, Action{Do: DoImport, Actor: im.actor}); err != nil {
		return err
	}
	if im.columns, err = newColumns(&im.draft, &im.o); err != nil {
		return err
	}
	im.o.Names = im.columns.names
	im.reader = draftReader{d: &im.draft, n: &im.o.Notation, received: im.received}
	return nil
}

// row reads what is in the draft.
func (im *importer) row(line, through int, ps problems) {
	im.columns.defaults(&im.draft, &im.o.Defaults)
	row := ImportRow{Line: line}
	if through > line {
		row.Through = through
	}
	r := &im.reader
	r.ps, r.warnings, r.bad = ps, nil, [len(draftFields)]bool{}
	var e Event
	if len(ps) == 0 {
		e = im.event(r)
		row.Warnings = r.warnings
	}
	if id := strings.TrimSpace(im.draft.ID); id != "" && len(r.ps) == 0 {
		row.ID = id
	}
	switch {
	case len(r.ps) > 0:
		row.Result, row.Problems = Refused, r.ps
	case im.ids[e.ID]:
		row.Result, row.Event = Duplicate, e.ID
	default:
		row.Result, row.Event = Accepted, e.ID
		im.ids[e.ID] = true
		im.events = append(im.events, e)
		im.of = append(im.of, len(im.rows))
	}
	im.rows = append(im.rows, row)
}

// event reads a row as the event it makes.
func (im *importer) event(r *draftReader) Event {
	own := strings.TrimSpace(im.draft.ID)
	im.draft.ID = ""
	var e Event
	if im.o.Kind == OptIns {
		if im.columns.asks && strings.TrimSpace(im.draft.Agreed) == "" {
			r.wrong("agreed", "is blank: that the person agreed is not said")
		}
		g := r.grant()
		e = Event{Kind: Granted, Handles: g.Party.Handles(), Purposes: g.Purposes, At: g.At, Received: im.received,
			Evidence: &g.Evidence, Actor: g.Actor}
		if strings.TrimSpace(im.draft.Source) == "" {
			r.warn("source", "is not said: recorded as import")
		}
		for _, gap := range g.Evidence.Gaps() {
			if gap.Must {
				r.warn(gap.Field, gap.Msg)
			}
		}
		e.ID = "import-" + r.contentID(&e, own)
	} else {
		v := r.revoke()
		e = Event{Kind: Revoked, Handles: v.Party.Handles(), Purposes: v.Purposes, At: v.At, Received: im.received,
			Channel: v.Channel, Actor: v.Actor, Ref: v.Ref}
		dated := e
		if strings.TrimSpace(im.draft.At) == "" {
			dated.At = time.Time{} // its date is that of the first import
		}
		e.ID = "import-" + r.contentID(&dated, own)
	}
	im.draft.ID = own
	if own != "" {
		var ps problems
		ps.key("id", own)
		r.checked(ps)
		if e.Ref == "" {
			e.Ref = own
		}
	}
	if e.Actor == "" {
		e.Actor = im.actor
	}
	return e
}

// flush writes a batch and tells its rows.
func (im *importer) flush(ctx context.Context) error {
	if len(im.rows) == 0 {
		return nil
	}
	failed := im.write(ctx)
	if failed != nil {
		for _, n := range im.of {
			if row := &im.rows[n]; row.Result == Accepted {
				row.Result = Refused
				row.Problems = []Problem{{"", "is not known to be stored: the batch failed"}}
			}
		}
	}
	var told error
	for i := range im.rows {
		row := &im.rows[i]
		if failed == nil {
			im.count(row)
		}
		if im.o.Each != nil && told == nil {
			told = im.o.Each(*row)
		}
	}
	im.report.Bytes = im.in.n
	first, end := im.rows[0].Line, im.rows[len(im.rows)-1]
	last := max(end.Line, end.Through)
	im.rows, im.events, im.of = im.rows[:0], im.events[:0], im.of[:0]
	clear(im.ids)
	if failed != nil {
		return &ImportError{Line: first, Through: last, Err: failed}
	}
	if told != nil {
		return fmt.Errorf("optin: import: telling the rows up to line %d: %w", last, told)
	}
	if im.o.Progress != nil {
		im.sum()
		im.o.Progress(im.report)
	}
	return nil
}

// count brings a row into the report. Rows of a batch that failed stay out of
// it, or Skip would leave them out.
func (im *importer) count(row *ImportRow) {
	im.report.Rows++
	switch row.Result {
	case Accepted:
		im.report.Accepted++
	case Duplicate:
		im.report.Duplicate++
	case Refused:
		im.report.Refused++
	}
	for _, p := range row.Problems {
		im.tally(p, false)
	}
	for _, p := range row.Warnings {
		im.tally(p, true)
	}
}

func (im *importer) tally(p Problem, warning bool) {
	k := tallyKey{p, warning}
	if _, here := im.tallies[k]; here || len(im.tallies) < maxTallies {
		im.tallies[k]++
	}
}

// sum brings the tallies into the report, most rows first.
func (im *importer) sum() {
	im.report.Problems, im.report.Warnings = nil, nil
	for k, n := range im.tallies {
		if k.warning {
			im.report.Warnings = append(im.report.Warnings, Tally{k.Problem, n})
		} else {
			im.report.Problems = append(im.report.Problems, Tally{k.Problem, n})
		}
	}
	for _, list := range [][]Tally{im.report.Problems, im.report.Warnings} {
		slices.SortFunc(list, func(a, b Tally) int {
			if a.Rows != b.Rows {
				return b.Rows - a.Rows
			}
			return strings.Compare(a.Field+" "+a.Msg, b.Field+" "+b.Msg)
		})
	}
	im.report.Columns, im.report.Ignored = im.columns.told()
	if im.report.Rows == 0 && len(im.report.Columns) == 0 {
		im.report.Ignored = nil // there may have been no header at all
	}
}

// readAtOnce bounds the handles of one look-up.
const readAtOnce = 128

// write records the accepted rows of a batch that are not on record.
func (im *importer) write(ctx context.Context) error {
	if len(im.events) == 0 {
		return nil
	}
	known, err := im.known(ctx)
	if err != nil {
		return err
	}
	fresh := im.events[:0]
	for i := range im.events {
		e, row := &im.events[i], &im.rows[im.of[i]]
		if known[e.ID] {
			row.Result = Duplicate
			continue
		}
		if im.l.authorise != nil && e.Kind == Granted {
			var denied *ActionError
			if err := im.l.mayRegrant(ctx, e); errors.As(err, &denied) {
				row.Result, row.Problems = Refused, []Problem{{"", "lifts a stop, which is not allowed"}}
				continue
			} else if err != nil {
				return err
			}
		}
		fresh = append(fresh, *e)
	}
	if im.o.DryRun || len(fresh) == 0 {
		return nil
	}
	_, err = im.l.commit(ctx, fresh)
	return err
}

// known looks up which events of the batch are on record already.
func (im *importer) known(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	hs := make([]party.Handle, 0, readAtOnce)
	look := func() error {
		h, err := im.l.store.Events(ctx, hs)
		if err != nil {
			return fmt.Errorf("optin: looking up consent: %w", err)
		}
		for i := range h.Events {
			if im.ids[h.Events[i].ID] {
				known[h.Events[i].ID] = true
			}
		}
		hs = hs[:0]
		return nil
	}
	for i := range im.events {
		hs = append(hs, im.events[i].Handles[0])
		if len(hs) == cap(hs) {
			if err := look(); err != nil {
				return nil, err
			}
		}
	}
	if len(hs) > 0 {
		if err := look(); err != nil {
			return nil, err
		}
	}
	return known, nil
}
