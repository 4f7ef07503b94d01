package optin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// told reads a list and tells its rows in a line each.
func told(t *testing.T, l *optin.Ledger, list string, o optin.ImportOptions) (rows []string, r optin.ImportReport, err error) {
	t.Helper()
	o.Each = func(row optin.ImportRow) error {
		s := fmt.Sprintf("%d %s", row.Line, row.Result)
		if row.Through > 0 {
			s = fmt.Sprintf("%d-%d %s", row.Line, row.Through, row.Result)
		}
		for _, p := range row.Problems {
			s += "; " + strings.TrimSpace(p.Field+" "+p.Msg)
		}
		rows = append(rows, s)
		return nil
	}
	r, err = l.Import(t.Context(), strings.NewReader(list), o)
	return rows, r, err
}

func file(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../testdata/optin/import/" + name)
	require.NoError(t, err)
	return string(b)
}

func TestImportOptIns(t *testing.T) {
	l, _, _ := open()
	rows, r, err := told(t, l, file(t, "optins.csv"), optin.ImportOptions{Kind: optin.OptIns})
	require.NoError(t, err)
	want := []string{
		"2 accepted",
		"3 accepted",
		"4 refused; Mobile No. is no phone number: no plus: Meta would prepend the business's own country code",
		"5 refused; category is not 1 to 64 of a-z, 0-9, hyphen, underscore and dot; opt_in_date is no time by RFC 3339 such as 2026-05-03T10:00:00Z, and no other layout is set; " +
			"opt_in_source is none of web-form, checkbox, qr, sms, ivr, in-person, paper, whatsapp-thread, flow, in-app-signup, import, other, inbound-message, implied-purchase and purchased-list; " +
			"age_verified is neither yes nor no; number_given is unknown; act is unknown; language is no language tag; country is no ISO 3166 country code of two letters",
		"6 duplicate",
		"7 accepted",
		"8 refused; has 3 cells, and the header 13",
		"9-10 accepted",
		"11 refused; Mobile No. names nobody",
	}
	sortProblems := cmp.Transformer("parts", func(s string) map[string]bool {
		m := map[string]bool{}
		for _, p := range strings.Split(s, "; ") {
			m[p] = true
		}
		return m
	})
	if diff := cmp.Diff(want, rows, sortProblems); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	require.Equal(t, []int{9, 4, 1, 4}, []int{r.Rows, r.Accepted, r.Duplicate, r.Refused})
	require.Equal(t, []string{"favourite cake"}, r.Ignored, "what was left out is told")
	require.Equal(t, "phone", r.Columns["Mobile No."])
	require.Equal(t, "purposes", r.Columns["category"])

	s, err := l.Standing(t.Context(), party.Party{Phone: "+447700900101"}, minute(900))
	require.NoError(t, err)
	c := s.Consent(optin.Marketing)
	require.Equal(t, optin.Named, c.Level)
	yes := true
	require.Equal(t, &optin.Evidence{Source: optin.WebForm, Wording: "I agree to messages from The Bakery", Locale: "en-GB", BusinessName: "The Bakery",
		Given: optin.Typed, Act: optin.Ticked, Country: "GB", AgeOK: &yes}, c.Evidence)
	s, err = l.Standing(t.Context(), party.Party{Phone: "+447700900105"}, minute(900))
	require.NoError(t, err)
	require.Equal(t, optin.NoConsent, s.Consent(optin.Marketing).Level)
	require.Equal(t, optin.PurchasedList, s.Consent(optin.Marketing).NoOptIn, "a bought list is on record as what it is")
}

func TestImportOptOuts(t *testing.T) {
	l, _, _ := open()
	rows, r, err := told(t, l, file(t, "optouts.jsonl"), optin.ImportOptions{Kind: optin.OptOuts})
	require.NoError(t, err)
	require.Equal(t, []string{
		"1 accepted", "2 accepted", "4 accepted",
		"5 refused; phone is there twice; phone says phone a second time",
		"6 refused; opted_out_at is no time by RFC 3339 such as 2026-05-03T10:00:00Z, and no other layout is set",
		"7 refused; is no JSON object",
		"8 refused; unsubscribed says no: this is no opt-out",
	}, rows)
	require.Equal(t, 3, r.Accepted)
	require.True(t, stopped(t, l, anna, "") == false)
	require.True(t, stopped(t, l, party.Party{Phone: "+447700900101"}, ""), "people who are not on record can be on the list")
	require.True(t, stopped(t, l, party.Party{User: "GB.Ab12"}, optin.Marketing))
	require.False(t, stopped(t, l, party.Party{User: "GB.Ab12"}, optin.Utility))
	require.True(t, func() bool {
		s, err := l.Standing(t.Context(), party.Party{Phone: "+447700900102"}, minute(2000))
		require.NoError(t, err)
		_, on := s.Stopped()
		return on
	}(), "without a date a stop counts from when it was read")
}

func TestImportAgainChangesNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		kind optin.ImportKind
	}{{"optins.csv", optin.OptIns}, {"optouts.jsonl", optin.OptOuts}} {
		store := optin.NewMemory()
		clockAt := minute(1000)
		l := optin.NewLedger(store, optin.WithNow(func() time.Time { return clockAt }))
		dry, err := l.Import(t.Context(), strings.NewReader(file(t, c.name)), optin.ImportOptions{Kind: c.kind, DryRun: true})
		require.NoError(t, err)
		require.Zero(t, count(t, store), "a dry run writes nothing")
		first, err := l.Import(t.Context(), strings.NewReader(file(t, c.name)), optin.ImportOptions{Kind: c.kind, Batch: 2})
		require.NoError(t, err)
		dry.DryRun = false
		require.Equal(t, dry, first, "a dry run says what would be")
		n := count(t, store)
		require.Equal(t, first.Accepted, n)
		clockAt = minute(1001) // later, in another order and with other columns
		again, err := l.Import(t.Context(), strings.NewReader("\ufeff"+file(t, c.name)), optin.ImportOptions{Kind: c.kind})
		require.NoError(t, err)
		require.Zero(t, again.Accepted)
		require.Equal(t, first.Accepted+first.Duplicate, again.Duplicate)
		require.Equal(t, n, count(t, store))
	}
}

// Lists of people who stopped are often read week after week. Without a date
// the row cannot tell that they stopped again, and it does not say so.
func TestImportOfUndatedStopCountsOnce(t *testing.T) {
	l, _, _ := open()
	const list = "phone,channel\n+447700900123,email\n"
	o := optin.ImportOptions{Kind: optin.OptOuts, Received: minute(0)}
	counts := []optin.Tally{{Problem: optin.Problem{Field: "at", Msg: "is not known: the stop counts from when the row was first imported"}, Rows: 1}}
	rows, r, err := told(t, l, list, o)
	require.NoError(t, err)
	require.Equal(t, []string{"2 accepted"}, rows)
	require.Equal(t, counts, r.Warnings)
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 10)))
	o.Received = minute(20)
	rows, r, err = told(t, l, list, o)
	require.NoError(t, err)
	require.Equal(t, []string{"2 duplicate"}, rows)
	require.Equal(t, counts, r.Warnings, "which is true of a repeat too")
	require.False(t, stopped(t, l, anna, ""))
}

// A blank cell is as empty as an empty one: it must not make a default that
// names a purpose an agreement to everything.
func TestImportDefaultOfBlankCell(t *testing.T) {
	for _, blank := range []string{"", " ", "\t"} {
		l, _, _ := open()
		list := "phone,opt_in_date,purposes\n+447700900123,2026-05-03T10:00:00Z," + blank + "\n"
		_, _, err := told(t, l, list, optin.ImportOptions{Kind: optin.OptIns, Defaults: optin.Draft{Purposes: "utility"}})
		require.NoError(t, err)
		require.Equal(t, optin.Named, consent(t, l, anna, optin.Utility), "%q", blank)
		require.Equal(t, optin.OtherPurposes, consent(t, l, anna, optin.Marketing), "%q", blank)
	}
}

// A dry run holds no more than a batch, like any import, and has nothing on
// record to know a repeat from an earlier batch by.
func TestImportRepeatsInADryRun(t *testing.T) {
	list := "phone,opt_in_date\n" + strings.Repeat("+447700900101,2026-05-03T10:00:00Z\n", 3)
	for _, c := range []struct {
		why   string
		dry   bool
		batch int
		want  [2]int // accepted, duplicate
	}{
		{"recorded", false, 1, [2]int{1, 2}},
		{"recorded in one batch", false, 3, [2]int{1, 2}},
		{"a dry run of one batch", true, 3, [2]int{1, 2}},
		{"a dry run of several", true, 1, [2]int{3, 0}},
	} {
		l, _, _ := open()
		_, r, err := told(t, l, list, optin.ImportOptions{Kind: optin.OptIns, DryRun: c.dry, Batch: c.batch})
		require.NoError(t, err)
		require.Equal(t, c.want, [2]int{r.Accepted, r.Duplicate}, c.why)
	}
}

func count(t *testing.T, s *optin.Memory) (n int) {
	t.Helper()
	for _, err := range s.All(t.Context()) {
		require.NoError(t, err)
		n++
	}
	return n
}

func TestImportReads(t *testing.T) {
	const head = "phone,opt_in_date\n"
	const row = "+447700900101,2026-05-03T10:00:00Z\n"
	berlin := time.FixedZone("", 2*3600)
	for _, c := range []struct {
		why  string
		kind optin.ImportKind // 0: opt-ins
		list string
		o    optin.ImportOptions
		rows []string
		at   time.Time // of the person's newest event, if it matters
		err  string
	}{
		{why: "a byte order mark is no part of a name", list: "\xef\xbb\xbf" + head + row, rows: []string{"2 accepted"}},
		{why: "UTF-16 is told and not guessed at", list: "\xff\xfep\x00", err: "the list is in UTF-16; save it as UTF-8"},
		{why: "lines may end as on Windows", list: strings.ReplaceAll(head+row, "\n", "\r\n"), rows: []string{"2 accepted"}},
		{why: "semicolons when it is asked to look", list: "phone;opt_in_date;consent_text\n+447700900101;2026-05-03T10:00:00Z;a, b, c, d\n", o: optin.ImportOptions{Comma: optin.DetectComma}, rows: []string{"2 accepted"}},
		{why: "tabs when they are said", list: strings.ReplaceAll(head+row, ",", "\t"), o: optin.ImportOptions{Comma: '\t'}, rows: []string{"2 accepted"}},
		{why: "an empty list has not even a header", list: "", err: "line 1: the list is empty: not even a header"},
		{why: "a header alone is a list of nobody", list: head},
		{why: "a list without a header is refused, and what is in it not told", list: row, err: "line 1: no column names a person: phone, msisdn, wa_id, user, …; map one with Map"},
		{why: "opt-ins without a time are no evidence", list: "phone\n+447700900101\n", err: "line 1: no column says when people agreed: opt_in_date, consent_date, …; map one with Map"},
		{why: "two columns of one meaning need a word", list: "phone,mobile,opt_in_date\n", err: `line 1: columns "phone" and "mobile" are both phone; say with Map which one it is`},
		{why: "a word settles it", list: "phone,mobile,opt_in_date\nx,+447700900101,2026-05-03T10:00:00Z\n", o: optin.ImportOptions{Map: map[string]string{"mobile": "phone"}}, rows: []string{"2 accepted"}},
		{why: "a column can be left out", list: "phone,opt_in_date,country\n+447700900101,2026-05-03T10:00:00Z,Wales\n", o: optin.ImportOptions{Map: map[string]string{"country": ""}}, rows: []string{"2 accepted"}},
		{why: "what is mapped has to be there", list: head, o: optin.ImportOptions{Map: map[string]string{"nr": "phone"}}, err: `line 1: column "nr" is mapped and not there`},
		{why: "and to a field", list: head, o: optin.ImportOptions{Map: map[string]string{"phone": "fax"}}, err: `column "phone" is mapped to "fax", which is no field`},
		{why: "strict: a column nobody knows is an error", list: "phone,opt_in_date,cake\n", o: optin.ImportOptions{Strict: true}, err: `line 1: column "cake" is no field`},
		{why: "bytes that are no UTF-8 are told by column", list: "phone,opt_in_date,consent_text\n+447700900101,2026-05-03T10:00:00Z,caf\xe9\n", rows: []string{"2 refused; consent_text is not valid UTF-8"}},
		{why: "bare digits are refused", list: head + "447700900101,2026-05-03T10:00:00Z\n", rows: []string{"2 refused; phone is no phone number: no plus: Meta would prepend the business's own country code"}},
		{why: "unless it is said that they are whole numbers", list: head + "447700900101,2026-05-03T10:00:00Z\n", o: optin.ImportOptions{Notation: optin.Notation{BareDigits: true}}, rows: []string{"2 accepted"}},
		{why: "a national number stays refused", list: head + "07700900101,2026-05-03T10:00:00Z\n", o: optin.ImportOptions{Notation: optin.Notation{BareDigits: true}}, rows: []string{"2 refused; phone is no phone number: no plus: Meta would prepend the business's own country code"}},
		{why: "a wa_id has no plus", list: "wa_id,opt_in_date\n447700900101,2026-05-03T10:00:00Z\n", rows: []string{"2 accepted"}},
		{why: "a day of an opt-in counts from its beginning", list: head + "+447700900101,03.05.2026\n", o: optin.ImportOptions{Notation: optin.Notation{Layouts: []string{"02.01.2006"}, Location: berlin}}, rows: []string{"2 accepted"},
			at: time.Date(2026, 5, 2, 22, 0, 0, 0, time.UTC)},
		{why: "a day of an opt-out counts to its end", kind: optin.OptOuts, list: "phone,opted_out_at\n+447700900101,2026-05-03\n", o: optin.ImportOptions{Notation: optin.Notation{Layouts: []string{time.DateOnly}}}, rows: []string{"2 accepted"},
			at: time.Date(2026, 5, 3, 23, 59, 59, 999999000, time.UTC)},
		{why: "a time of an opt-out is no day, however its hour is written", kind: optin.OptOuts, list: "phone,opted_out_at\n+447700900101,2026-05-03 3PM\n", o: optin.ImportOptions{Notation: optin.Notation{Layouts: []string{"2006-01-02 3PM"}}}, rows: []string{"2 accepted"},
			at: time.Date(2026, 5, 3, 15, 0, 0, 0, time.UTC)},
		{why: "and a day is one that has its name and zone with it", kind: optin.OptOuts, list: "phone,opted_out_at\n+447700900101,Sun 03 May 26 UTC\n", o: optin.ImportOptions{Notation: optin.Notation{Layouts: []string{"Mon 02 Jan 06 MST"}}}, rows: []string{"2 accepted"},
			at: time.Date(2026, 5, 3, 23, 59, 59, 999999000, time.UTC)},
		{why: "seconds since 1970, when it is said", list: head + "+447700900101,1777802400\n", o: optin.ImportOptions{Notation: optin.Notation{Layouts: []string{"unix"}}}, rows: []string{"2 accepted"}, at: time.Unix(1777802400, 0).UTC()},
		{why: "nobody agreed in the future", list: head + "+447700900101,2027-05-03T10:00:00Z\n", rows: []string{"2 refused; opt_in_date lies after the record was received"}},
		{why: "a stop of the future is a stop now", kind: optin.OptOuts, list: "phone,opted_out_at\n+447700900101,2027-05-03T10:00:00Z\n", rows: []string{"2 accepted"}, at: minute(1000)},
		{why: "somebody who did not tick is no opt-in", list: "phone,opt_in_date,opt_in\n+447700900101,2026-05-03T10:00:00Z,no\n", rows: []string{"2 refused; opt_in says no: this is no opt-in"}},
		{why: "nor somebody of whom it is not said, for many lists leave a no blank", list: "phone,opt_in_date,opt_in\n+447700900101,2026-05-03T10:00:00Z, \n+447700900102,2026-05-03T10:00:00Z,x\n", rows: []string{"2 refused; opt_in is blank: that the person agreed is not said", "3 accepted"}},
		{why: "JSON: nor where the no is left out", list: `{"phone":"+447700900101","opt_in_date":"2026-05-03T10:00:00Z","opt_in":true}` + "\n" + `{"phone":"+447700900102","opt_in_date":"2026-05-03T10:00:00Z"}`, rows: []string{"1 accepted", "2 refused; opt_in is blank: that the person agreed is not said"}},
		{why: "unless the list is known to be of those who agreed", list: "phone,opt_in_date,opt_in\n+447700900101,2026-05-03T10:00:00Z,\n", o: optin.ImportOptions{Defaults: optin.Draft{Agreed: "yes"}}, rows: []string{"2 accepted"}},
		{why: "or the column is left out", list: "phone,opt_in_date,opt_in\n+447700900101,2026-05-03T10:00:00Z,\n", o: optin.ImportOptions{Map: map[string]string{"opt_in": ""}}, rows: []string{"2 accepted"}},
		{why: "a stop is one whatever else is not said", kind: optin.OptOuts, list: "phone,subscribed\n+447700900101,\n", rows: []string{"2 accepted"}},
		{why: "somebody who stopped since is no opt-in", list: "phone,opt_in_date,opted_out_at\n+447700900101,2026-05-03T10:00:00Z,2026-05-04\n", rows: []string{"2 refused; opted_out_at says that the person stopped: this is no opt-in"}},
		{why: "the app's own words for sources", list: "phone,opt_in_date,opt_in_source\n+447700900101,2026-05-03T10:00:00Z,Spring Campaign\n",
			o: optin.ImportOptions{Notation: optin.Notation{Sources: map[string]optin.Source{"spring campaign": optin.WebForm}}}, rows: []string{"2 accepted"}},
		{why: "what every row has in common is said once", list: head + row, o: optin.ImportOptions{Defaults: optin.Draft{Country: "Wales"}}, rows: []string{"2 refused; country is no ISO 3166 country code of two letters"}},
		{why: "and of a cell that is blank too", list: "phone,opt_in_date,country\n+447700900101,2026-05-03T10:00:00Z, \n", o: optin.ImportOptions{Defaults: optin.Draft{Country: "Wales"}}, rows: []string{"2 refused; country is no ISO 3166 country code of two letters"}},
		{why: "rows read before are skipped", list: head + row + "+447700900102,2026-05-03T10:00:00Z\n", o: optin.ImportOptions{Skip: 1}, rows: []string{"3 accepted"}},
		{why: "a row that is too long is refused", list: head + row + "+447700900102," + strings.Repeat(" ", 2000) + "2026-05-03T10:00:00Z\n" + "+447700900103,2026-05-03T10:00:00Z\n", o: optin.ImportOptions{MaxRow: 1000},
			rows: []string{"2 accepted", "3 refused; is longer than 1000 bytes", "4 accepted"}},
		{why: "a quote that stays open does not swallow the list", list: head + row + "\"" + strings.Repeat(row, 5000), o: optin.ImportOptions{MaxRow: 1000}, rows: []string{"2 accepted"}, err: "line 3: a row is longer than 1000 bytes; an open quote has that effect"},
		{why: "a stray quote is that row's trouble", list: head + "+4477\"00900101,x\n" + row, rows: []string{"2 refused; a quote within a cell that does not begin with one", "3 accepted"}},
		{why: "the lines that an open quote takes in are told", list: "phone,opt_in_date,consent_text\n+447700900101,2026-05-03T10:00:00Z,\"a\n+447700900102,2026-05-03T10:00:00Z,\"b\"\n+447700900103,2026-05-03T10:00:00Z,c\n",
			rows: []string{"2-3 refused; a quote that is not closed, or goes on after it was", "4 accepted"}},
		{why: "and those up to the end of the list", list: "phone,opt_in_date,consent_text\n+447700900101,2026-05-03T10:00:00Z,\"a\n" + strings.Repeat("+447700900102,2026-05-03T10:00:00Z,b\n", 2),
			rows: []string{"2-4 refused; a quote that is not closed, or goes on after it was"}},
		{why: "and where it makes too many cells", list: head + "+447700900101,\"2026\n+447700900102,2026\",05,03\n" + row, rows: []string{"2-3 refused; has 4 cells, and the header 2", "4 accepted"}},
		{why: "or a row that is too long", list: head + "+447700900101,\"" + strings.Repeat(row, 30) + "\"\n" + row, o: optin.ImportOptions{MaxRow: 1000}, rows: []string{"2-32 refused; is longer than 1000 bytes", "33 accepted"}},
		{why: "a text may have lines", list: "phone,opt_in_date,consent_text\n+447700900101,2026-05-03T10:00:00Z,\"a\r\nb\nc\"\n", rows: []string{"2-4 accepted"}},
		{why: "a list has a limit if one is set", list: head + strings.Repeat(row, 10000), o: optin.ImportOptions{MaxBytes: 1000}, err: "the list is longer than the limit"},
		{why: "JSON: what is no member is told", list: `{"phone":"+447700900101","opt_in_date":"2026-05-03T10:00:00Z","tags":[1]}`, rows: []string{"1 refused; tags is neither text, number, yes or no, nor a list of texts"}},
		{why: "JSON: handles, as a suppression list has them", list: `{"handles":[{"scheme":"user","value":"GB.Ab12"},{"scheme":"phone","value":"+447700900101"}],"opt_in_date":"2026-05-03T10:00:00Z"}`, rows: []string{"1 accepted"}, at: time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)},
		{why: "JSON: a row is of one person, who has one phone", list: `{"handles":[{"scheme":"phone","value":"+447700900101"},{"scheme":"phone","value":"+447700900102"}],"opt_in_date":"2026-05-03T10:00:00Z"}`, rows: []string{"1 refused; phone says phone a second time"}},
		{why: "JSON: handles of schemes that are not ours name nobody", list: `{"handles":[{"scheme":"fax","value":"1"}],"opt_in_date":"2026-05-03T10:00:00Z"}`, rows: []string{"1 refused; handles have another scheme than phone, user and parent"}},
		{why: "JSON: handles elsewhere are a column like others", list: `{"phone":"+447700900101","handles":["@anna"],"opt_in_date":"2026-05-03T10:00:00Z"}`, rows: []string{"1 accepted"}},
		{why: "JSON: handles cut short", list: `{"handles":[{"scheme":`, rows: []string{"1 refused; handles is neither text, number, yes or no, nor a list of texts"}},
		{why: "JSON: half an object", list: `{"phone":"+447700900101"`, rows: []string{"1 refused; is not sound JSON"}},
		{why: "JSON: two objects on a line", list: `{"phone":"+447700900101","opt_in_date":"2026-05-03T10:00:00Z"} {}`, rows: []string{"1 refused; has something after the object"}},
		{why: "JSON: a row too long", list: `{"phone":"` + strings.Repeat("1", 2000) + "\"}\n" + `{"phone":"+447700900101","opt_in_date":"2026-05-03T10:00:00Z"}`, o: optin.ImportOptions{MaxRow: 1000}, rows: []string{"1 refused; is longer than 1000 bytes", "2 accepted"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			l, store, _ := open()
			if c.o.Kind = c.kind; c.kind == 0 {
				c.o.Kind = optin.OptIns
			}
			rows, _, err := told(t, l, c.list, c.o)
			if c.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, "optin: import: "+c.err)
			}
			require.Equal(t, c.rows, rows)
			if !c.at.IsZero() {
				h, err := store.Events(t.Context(), []party.Handle{{Scheme: party.Phone, Value: "+447700900101"}})
				require.NoError(t, err)
				require.Equal(t, c.at, h.Events[0].At)
			}
		})
	}
	l, _, _ := open()
	_, err := l.Import(t.Context(), strings.NewReader(head), optin.ImportOptions{})
	require.Error(t, err, "what the list is of has to be said")
	_, err = optin.NewLedger(optin.NewMemory()).Import(t.Context(), strings.NewReader(head), optin.ImportOptions{Kind: optin.OptIns})
	require.Error(t, err, "and when it was received")
}

// breaking fails its n-th Append.
type breaking struct {
	*optin.Memory
	n int
}

func (b *breaking) Append(ctx context.Context, events ...optin.Event) (optin.Appended, error) {
	if b.n--; b.n == 0 {
		return optin.Appended{}, errBroken
	}
	return b.Memory.Append(ctx, events...)
}

var errBroken = errors.New("disk on fire")

func TestImportThatBreaksOffIsResumed(t *testing.T) {
	var list bytes.Buffer
	_, err := io.Copy(&list, &consents{n: 1000})
	require.NoError(t, err)
	store := &breaking{optin.NewMemory(), 3}
	l := optin.NewLedger(store, optin.WithNow(clock))
	var progress []int
	o := optin.ImportOptions{Kind: optin.OptIns, Batch: 100, Progress: func(r optin.ImportReport) { progress = append(progress, r.Accepted) }}
	r, err := l.Import(t.Context(), bytes.NewReader(list.Bytes()), o)
	var ended *optin.ImportError
	require.ErrorAs(t, err, &ended)
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, []int{202, 301}, []int{ended.Line, ended.Through})
	require.Equal(t, []int{200, 200, 0}, []int{r.Rows, r.Accepted, r.Refused}, "nothing of the batch is stored, and the report leaves it out")
	require.Equal(t, 200, count(t, store.Memory))
	require.Equal(t, []int{100, 200}, progress)
	o.Skip = 150 // less than was read
	r, err = l.Import(t.Context(), bytes.NewReader(list.Bytes()), o)
	require.NoError(t, err)
	require.Equal(t, []int{150, 50, 800}, []int{r.Skipped, r.Duplicate, r.Accepted})
	require.Equal(t, 1000, count(t, store.Memory))
}

// What a report has of rows is on record, whatever was read beyond: nobody's
// stop is lost to Skip.
func TestImportResumedAtWhatItsReportSays(t *testing.T) {
	var list strings.Builder
	list.WriteString("phone,opt_out_at\n")
	const people = 1000
	for i := range people {
		fmt.Fprintf(&list, "+4477009%05d,2026-05-03T10:00:00Z\n", i)
	}
	for _, c := range []struct {
		why    string
		append int // that fails
		read   int // bytes after which the import is called off
		rows   int // of the report
	}{
		{"called off within a batch", 0, 10_000, 200},
		{"a batch that could not be written", 4, 0, 300},
	} {
		store := &breaking{optin.NewMemory(), c.append}
		l := optin.NewLedger(store, optin.WithNow(clock))
		ctx, cancel := context.WithCancel(t.Context())
		o := optin.ImportOptions{Kind: optin.OptOuts, Format: optin.CSV, Batch: 100}
		r, err := l.Import(ctx, &calledOff{strings.NewReader(list.String()), c.read, cancel}, o)
		cancel()
		require.Error(t, err, c.why)
		require.Equal(t, []int{c.rows, c.rows}, []int{r.Rows, r.Accepted}, c.why)
		o.Skip = r.Skipped + r.Rows
		r, err = l.Import(t.Context(), strings.NewReader(list.String()), o)
		require.NoError(t, err, c.why)
		require.Equal(t, people, r.Skipped+r.Rows, c.why)
		require.Equal(t, people, count(t, store.Memory), c.why)
	}
}

// calledOff cancels when so many bytes were read; 0: never.
type calledOff struct {
	r      io.Reader
	left   int
	cancel func()
}

func (c *calledOff) Read(b []byte) (int, error) {
	n, err := c.r.Read(b[:min(len(b), 100)])
	if c.left > 0 && c.left <= n {
		c.cancel()
	}
	c.left -= n
	return n, err
}

// An error says no more than is known of what was recorded.
func TestImportErrorsSayWhatIsOnRecord(t *testing.T) {
	const list = "phone,opt_out_at\n+447700900123,2026-05-03T10:00:00Z\n+447700900456,2026-05-03T10:00:00Z\n"
	t.Run("a row that could not be told is recorded", func(t *testing.T) {
		l, store, _ := open()
		calls := 0
		r, err := l.Import(t.Context(), strings.NewReader(list), optin.ImportOptions{Kind: optin.OptOuts, Each: func(optin.ImportRow) error {
			calls++
			return errBroken
		}})
		require.EqualError(t, err, "optin: import: telling the rows up to line 3: disk on fire")
		require.ErrorIs(t, err, errBroken)
		var ended *optin.ImportError
		require.False(t, errors.As(err, &ended), "no row is in doubt")
		require.Equal(t, []int{2, 2}, []int{r.Rows, r.Accepted})
		require.Equal(t, 2, count(t, store))
		require.Equal(t, 1, calls, "an error ends it")
	})
	t.Run("a batch that failed after it was stored is in doubt", func(t *testing.T) {
		l, store, links := open()
		asked := 0
		links.known = func() {
			if asked++; asked == 3 { // for two rows before they are stored, then again
				links.err = errBroken
			}
		}
		rows, r, err := told(t, l, list, optin.ImportOptions{Kind: optin.OptOuts})
		var ended *optin.ImportError
		require.ErrorAs(t, err, &ended)
		require.Equal(t, []int{2, 3}, []int{ended.Line, ended.Through})
		require.Equal(t, []string{"2 refused; is not known to be stored: the batch failed", "3 refused; is not known to be stored: the batch failed"}, rows)
		require.Zero(t, r.Rows)
		require.Equal(t, 2, count(t, store))
		links.known, links.err = nil, nil
		rows, _, err = told(t, l, list, optin.ImportOptions{Kind: optin.OptOuts})
		require.NoError(t, err)
		require.Equal(t, []string{"2 duplicate", "3 duplicate"}, rows, "the list again tells")
	})
}

func TestImportIsAskedAbout(t *testing.T) {
	var asked []optin.Action
	no := errors.New("not you")
	refuse := optin.DoImport
	l, _, _ := open(optin.WithAuthoriser(func(_ context.Context, a optin.Action) error {
		asked = append(asked, a)
		if a.Do == refuse {
			return no
		}
		return nil
	}))
	const list = "phone,opt_in_date\n+447700900101,2026-06-01T12:30:00Z\n+447700900102,2026-06-01T12:30:00Z\n"
	ctx := optin.WithActorContext(t.Context(), "intern")
	_, err := l.Import(ctx, strings.NewReader(list), optin.ImportOptions{Kind: optin.OptIns})
	require.ErrorIs(t, err, no)
	require.Equal(t, []optin.Action{{Do: optin.DoImport, Actor: "intern"}}, asked)

	refuse = optin.DoRegrant
	_, err = l.Revoke(ctx, optin.Revoke{Party: party.Party{Phone: "+447700900102"}, At: minute(0)})
	require.NoError(t, err)
	rows, _, err := told(t, l, list, optin.ImportOptions{Kind: optin.OptIns})
	require.NoError(t, err)
	require.Equal(t, []string{"2 accepted", "3 refused; lifts a stop, which is not allowed"}, rows)
	require.ErrorIs(t, l.Grant(ctx, grantOf("g", party.Party{Phone: "+447700900102"}, 60)), no)
	require.NoError(t, l.Grant(ctx, grantOf("g", party.Party{Phone: "+447700900102"}, -60)), "one that is older lifts nothing")
	require.ErrorIs(t, l.Authorise(ctx, optin.Action{Do: optin.DoRegrant, ID: "r"}), no)
}

// An authoriser is asked of an agreement that lifts a stop, and of no other.
func TestRegrantIsAskedAbout(t *testing.T) {
	const topic optin.Purpose = "newsletter"
	for _, c := range []struct {
		why          string
		stop, agreed []optin.Purpose
		asked        bool
	}{
		{"a general agreement lifts a stop of everything", nil, nil, true},
		{"and one of a purpose", []optin.Purpose{optin.Utility}, nil, true},
		{"and one of a topic of the app's own", []optin.Purpose{topic}, nil, true},
		{"but not one of calls, which it does not cover", []optin.Purpose{optin.Calls}, nil, false},
		{"an agreement to a topic lifts a stop of it", []optin.Purpose{topic}, []optin.Purpose{topic}, true},
		{"one to marketing lifts none of a topic", []optin.Purpose{topic}, []optin.Purpose{optin.Marketing}, false},
		{"nor of another purpose", []optin.Purpose{optin.Utility}, []optin.Purpose{optin.Marketing}, false},
	} {
		no, want := errors.New("not you"), error(nil)
		if c.asked {
			want = no
		}
		for _, agree := range []func(l *optin.Ledger) error{
			func(l *optin.Ledger) error { return l.Grant(t.Context(), grantOf("g", anna, 20, c.agreed...)) },
			func(l *optin.Ledger) error {
				require.NoError(t, l.Request(t.Context(), requestOf("r", anna, 10, 940, c.agreed...)))
				return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(20)})
			},
		} {
			l, _, _ := open(optin.WithAuthoriser(func(context.Context, optin.Action) error { return no }))
			_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(0), Purposes: c.stop})
			require.NoError(t, err)
			require.ErrorIs(t, agree(l), want, c.why)
		}
	}
}

// FuzzImport: whatever a list holds, an import comes to an end, every row is
// told once, what was accepted is on record, and the list again changes nothing.
func FuzzImport(f *testing.F) {
	for _, name := range []string{"optins.csv", "optouts.jsonl"} {
		b, err := os.ReadFile("../testdata/optin/import/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, true)
		f.Add(b, false)
	}
	f.Add([]byte("\xef\xbb\xbfphone;opt_in_date\n+447700900101;2026-05-03T10:00:00Z\n\"\n"), true)
	f.Add([]byte(`{"party":{"phone":"+447700900101","user":"GB.x"},"at":"2026-05-03T10:00:00Z","purposes":["a","b"],"age_ok":true,"expires":null}`), true)
	f.Fuzz(func(t *testing.T, list []byte, ins bool) {
		o := optin.ImportOptions{Kind: optin.OptOuts, Comma: optin.DetectComma, Batch: 3, Notation: optin.Notation{BareDigits: true, Layouts: []string{time.DateOnly, "unix"}}}
		if ins {
			o.Kind = optin.OptIns
		}
		store := optin.NewMemory()
		l := optin.NewLedger(store, optin.WithNow(clock))
		n := 0
		o.Each = func(row optin.ImportRow) error {
			n++
			if (row.Result == optin.Refused) != (len(row.Problems) > 0) {
				t.Errorf("row %+v", row)
			}
			return nil
		}
		first, err := l.Import(t.Context(), bytes.NewReader(list), o)
		if n != first.Rows || n != first.Accepted+first.Duplicate+first.Refused {
			t.Fatalf("%d rows told, report %+v", n, first)
		}
		if got := count(t, store); got != first.Accepted {
			t.Fatalf("%d events on record, %d accepted", got, first.Accepted)
		}
		again, err2 := l.Import(t.Context(), bytes.NewReader(list), o)
		if (err == nil) != (err2 == nil) || again.Accepted != 0 || again.Refused != first.Refused {
			t.Fatalf("first %+v %v, again %+v %v", first, err, again, err2)
		}
	})
}

func ExampleLedger_Import() {
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(7, 1) }))
	list := `msisdn,opt_in_date,category,opt_in_source,business_name,consent_text
+447700900123,2026-05-03T10:00:00Z,marketing,web-form,The Bakery,I agree to offers from The Bakery
07700 900456,2026-05-03T10:00:00Z,marketing,web-form,The Bakery,I agree to offers from The Bakery
`
	report, err := ledger.Import(context.Background(), strings.NewReader(list), optin.ImportOptions{
		Kind: optin.OptIns,
		Each: func(row optin.ImportRow) error {
			fmt.Println("line", row.Line, row.Result)
			for _, p := range row.Problems {
				fmt.Println("  ", p.Field, p.Msg)
			}
			return nil
		},
	})
	fmt.Println(report.Accepted, "of", report.Rows, err)
	for _, w := range report.Warnings {
		fmt.Println(w.Rows, w.Field, w.Msg)
	}
	// Output:
	// line 2 accepted
	// line 3 refused
	//    msisdn is no phone number: no plus: Meta would prepend the business's own country code
	// 1 of 2 <nil>
	// 2 act what the person did to agree is not recorded
	// 2 given how the person gave their number is not recorded
}
