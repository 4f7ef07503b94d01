package compliance

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

// The tables of the package comment are printed from what the code runs on.
func TestThePackageCommentDrawsTheAccountTables(t *testing.T) {
	raw, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for name, want := range map[string]string{"steps": drawSteps(), "effects": drawEffects()} {
		require.Contains(t, string(raw), want, "the table of %s in doc.go has to be\n%s", name, want)
	}
}

func drawn(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	_ = w.Flush()
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight("//\t"+line, " \n") + "\n")
	}
	return out.String()
}

func drawSteps() string {
	rows := [][]string{{"track", "from", "news", "to"}}
	for i, s := range steps {
		track, from, news := string(s.track), "any", string(s.kind)
		if i > 0 && steps[i-1].track == s.track {
			track = ""
		}
		if s.from != nil {
			from = strings.Join(s.from, " ")
		}
		for _, w := range []string{s.typ, s.cause} {
			if w != "" {
				news += " " + w
			}
		}
		rows = append(rows, []string{track, from, news, s.to})
	}
	return drawn(rows)
}

func drawEffects() string {
	rows := [][]string{{"track", "state", "replies", "templates", "utility", "direct", "direct utility", "calls"}}
	for _, e := range effects {
		row := []string{string(e.track), strings.TrimSpace(strings.Join(e.states, " ") + " " + e.typ)}
		for _, s := range []policy.Severity{e.reply, e.template, e.utility, e.direct, e.directUtility, e.calls} {
			word := "-"
			if s != 0 {
				word = s.String()
			}
			row = append(row, word)
		}
		rows = append(rows, row)
	}
	return drawn(rows)
}

var firstDay = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// told makes news that a row hears, at the i-th hour of the first day.
func told(row *step, i int) AccountNews {
	fill := func(pattern string) string { return strings.Replace(pattern, "*", "UTILITY_CATEGORY_ABUSE", 1) }
	return AccountNews{ID: fmt.Sprint(i), Line: party.Line{Account: "A1"}, Kind: row.kind, Type: fill(row.typ), Cause: fill(row.cause),
		At: firstDay.Add(time.Duration(i) * time.Hour)}
}

func stands(a Account, t Track) string {
	for _, s := range a.States {
		if s.Track == t {
			return s.Name
		}
	}
	return first
}

// paths finds for every state of a track the shortest news that lead there.
func paths(track Track) map[string][]*step {
	found := map[string][]*step{first: {}}
	for grew := true; grew; {
		grew = false
		for i := range steps {
			row := &steps[i]
			if row.track != track || found[row.to] != nil {
				continue
			}
			for from, way := range found {
				if row.from == nil || slices.Contains(row.from, from) {
					found[row.to], grew = append(slices.Clone(way), row), true
					break
				}
			}
		}
	}
	return found
}

// Every row is tried from every state it starts from, and every state it does
// not start from is left alone by it, unless another row reads the same news.
func TestEveryStepOfTheAccountTable(t *testing.T) {
	for i := range steps {
		row := &steps[i]
		ways := paths(row.track)
		for _, from := range row.from {
			require.NotNil(t, ways[from], "%s: no news lead to %s", row.track, from)
		}
		for from, way := range ways {
			if row.from != nil && !slices.Contains(row.from, from) {
				continue
			}
			var news []AccountNews
			var at time.Time
			for k, s := range append(slices.Clone(way), row) {
				if s.kind == passing { // it needs a state that ends
					news[len(news)-1].Until = firstDay.Add(time.Duration(k) * time.Hour)
					continue
				}
				news = append(news, told(s, k))
				at = firstDay.Add(time.Duration(k) * time.Hour)
			}
			if row.kind == passing {
				last := &news[len(news)-1]
				at = firstDay.Add(time.Duration(len(way)) * time.Hour)
				if from == "used-up" { // which has an end of its own
					last.Until, at = time.Time{}, last.At.Add(CapWindow)
					news = append([]AccountNews{{ID: "cap", Line: last.Line, Kind: Restricted, Type: utilityCap, At: firstDay.Add(-time.Hour)},
						{ID: "dcap", Line: last.Line, Kind: Restricted, Type: directBan, Cause: "X_RATE_LIMIT", At: firstDay.Add(-time.Hour)}}, news...)
				}
			}
			require.Equal(t, row.to, stands(AccountAt(news, at), row.track), "%s: from %s by %s %s %s", row.track, from, row.kind, row.typ, row.cause)
		}
	}
}

// Whatever the order in which news arrive, and however often.
func TestTheOrderOfNewsIsOfNoConsequence(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var news []AccountNews
		for i := range 12 {
			n := told(&steps[r.IntN(len(steps))], i/2) // two at a time, now and then
			n.ID = fmt.Sprint(i)
			if n.Kind == passing {
				n.Kind, n.Type = Reinstated, ""
			}
			if r.IntN(3) == 0 {
				n.Line.Number = "N1"
			}
			if r.IntN(2) == 0 {
				n.Until = n.At.Add(time.Duration(1+r.IntN(72)) * time.Hour)
			}
			news = append(news, n)
		}
		at := firstDay.Add(time.Duration(r.IntN(100)) * time.Hour)
		want := AccountAt(news, at)
		for range 5 {
			mixed := append(slices.Clone(news), news[:r.IntN(len(news))]...)
			r.Shuffle(len(mixed), func(i, k int) { mixed[i], mixed[k] = mixed[k], mixed[i] })
			require.Equal(t, want, AccountAt(mixed, at))
		}
	}
}

// No state that weighs is one the steps never reach, and no restriction is
// passed over in silence for want of a row.
func TestEveryStateThatWeighsIsReached(t *testing.T) {
	for _, e := range effects {
		for _, s := range e.states {
			require.NotNil(t, paths(e.track)[s], "%s %s", e.track, s)
		}
	}
	require.Equal(t, policy.Block, effectOf(TrackRestriction, "restricted", "RESTRICTED_SOMETHING_NEW").reply)
	require.Zero(t, effectOf(TrackReview, "approved", ""))
}

// The platform answers one number, and the cap is the account's.
func TestAnAnswerToOneNumberUsesUpTheAccountsCap(t *testing.T) {
	capped := AccountNews{ID: "1", Line: party.Line{Account: "A1"}, Kind: Restricted, Type: directBan, Cause: "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT",
		At: firstDay, Until: firstDay.Add(7 * 24 * time.Hour)}
	answer := AccountNews{ID: "2", Line: party.Line{Account: "A1", Number: "N1"}, Kind: NumberBarred, Type: "131064", At: firstDay.Add(time.Hour)}
	for _, c := range []struct {
		why    string
		news   []AccountNews
		after  time.Duration
		direct string
	}{
		{"a cap lets sends pass", []AccountNews{capped}, time.Hour, "capped"},
		{"until it is used up", []AccountNews{capped, answer}, time.Hour, "used-up"},
		{"which a day later nobody knows to be so any more", []AccountNews{answer, capped}, 25 * time.Hour, "capped"},
		{"and then it ends", []AccountNews{answer, capped}, 7 * 24 * time.Hour, first},
		{"an answer without a cap says nothing of Direct Send", []AccountNews{answer}, time.Hour, first},
	} {
		require.Equal(t, c.direct, stands(AccountAt(c.news, firstDay.Add(c.after)), TrackDirect), c.why)
	}
}
