package sqlstoretest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// A trail is what processes that were killed left behind.
type trail struct {
	path  string
	count map[string]int  // of lines of the log, by what they say
	heads map[string]head // of the chains of the journal, when they were looked at last
}

type head struct {
	seq  uint64
	hash string
}

func (tr *trail) String() string {
	var parts []string
	for _, op := range slices.Sorted(maps.Keys(tr.count)) {
		parts = append(parts, fmt.Sprintf("%s %d", op, tr.count[op]))
	}
	return strings.Join(parts, ", ")
}

// check holds the log against the database:
//
//   - every opt-in, stop and row that was acknowledged is on record, once;
//   - whoever's stop was acknowledged is stopped;
//   - nothing was delivered after an acknowledged stop that is not in its
//     receipt, and nothing twice;
//   - every delivery was decided before it, and the outcome of those that were
//     settled is in the journal, each once;
//   - the journal's chains verify, and go on from where they were.
func (tr *trail) check(t *testing.T, p Place) {
	t.Helper()
	tr.count = map[string]int{}
	acknowledged := map[string]bool{}       // ids of events
	receipts := map[int][]map[string]bool{} // of a person's stops so far
	delivered, settled := map[string]bool{}, map[string]bool{}
	greeted, rows := map[int]bool{}, map[int]int{}
	require.NoError(t, readLog(tr.path, func(op string, args []string) {
		tr.count[op]++
		if op == "busy" {
			return
		}
		n, err := strconv.Atoi(args[min(len(args)-1, 1)])
		require.NoError(t, err, "%s %v", op, args)
		switch op {
		case "grant":
			acknowledged[args[0]] = true
		case "hello":
			greeted[n] = true
		case "stop", "word":
			acknowledged[args[0]] = true
			receipt := map[string]bool{}
			if len(args) > 2 {
				for id := range strings.SplitSeq(args[2], ",") {
					receipt[id] = true
				}
			}
			receipts[n] = append(receipts[n], receipt)
		case "go":
			require.False(t, delivered[args[0]], "%s was delivered twice", args[0])
			delivered[args[0]] = true
			for _, receipt := range receipts[n] {
				require.True(t, receipt[args[0]], "%s was delivered after a stop that was not told of it", args[0])
			}
		case "sent":
			settled[args[0]] = true
		case "rows":
			list, err := strconv.Atoi(args[0])
			require.NoError(t, err)
			rows[list] = max(rows[list], n)
		case "list":
			rows[n] = listRows
		}
	}))

	db := p.open(t)
	ctx, s := t.Context(), db.Stores()
	once := map[string]bool{}
	fromLists := map[string]int{}
	for e, err := range s.Consent.(optin.Lister).All(ctx) {
		require.NoError(t, err)
		require.False(t, once[e.ID], "%s is on record twice", e.ID)
		once[e.ID] = true
		if strings.HasPrefix(e.Ref, "row-") {
			fromLists[e.Ref]++
		}
	}
	for id := range acknowledged {
		require.True(t, once[id], "%s was acknowledged and is gone", id)
	}
	for list, n := range rows {
		for i := range n {
			require.Equal(t, 1, fromLists[listRow(list, i)], "row %d of list %d was told", i, list)
		}
	}
	for ref, n := range fromLists {
		require.Equal(t, 1, n, "%s is on record so often", ref)
	}
	ledger := optin.NewLedger(s.Consent, optin.WithLinks(s.Links), optin.WithKey(s.Key))
	for n := range receipts {
		standing, err := ledger.Standing(ctx, victimParty(n), day)
		require.NoError(t, err)
		_, on := standing.StoppedFor(optin.Marketing)
		require.True(t, on, "person %d was told that they are stopped", n)
	}
	for n := range greeted {
		marks, err := s.Windows.Marks(ctx, window.Place{Line: victimLine, Handles: victimParty(n).Handles()})
		require.NoError(t, err)
		require.NotEmpty(t, marks, "person %d wrote", n)
	}

	entries, seen := map[string]bool{}, maps.Clone(tr.heads)
	for l, err := range s.Journal.Links(ctx) {
		require.NoError(t, err)
		if l.Kind == "decision" || l.Kind == "outcome" { // what was learned is told as often as a webhook comes
			require.False(t, entries[l.ID], "%s is in the journal twice", l.ID)
		}
		entries[l.ID] = true
		if h := seen[l.Writer]; h.seq == l.Seq && h.seq > 0 {
			require.Equal(t, h.hash, l.Hash, "link %d of %s is another one", l.Seq, l.Writer)
			delete(seen, l.Writer)
		}
		tr.heads[l.Writer] = head{l.Seq, l.Hash}
	}
	require.Empty(t, seen, "links that were in the journal are gone")
	_, err := journal.Verify(s.Journal.Links(ctx))
	require.NoError(t, err)
	for id := range delivered {
		require.True(t, entries[id], "%s was delivered, and no decision is in the journal", id)
	}
	for id := range settled {
		require.True(t, entries[id+"/outcome"], "%s was settled, and no outcome is in the journal", id)
	}
	require.NoError(t, db.Close())
}
