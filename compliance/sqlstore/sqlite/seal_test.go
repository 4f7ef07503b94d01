package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// wamid is an id as WhatsApp makes them: the customer's number is in it.
func wamid(n int) string {
	b := append([]byte{0x1d, 0x0c}, strings.TrimPrefix(asha.Phone, "+")...)
	return "wamid." + base64.StdEncoding.EncodeToString(append(b, 0x15, 2, 0, 0x12, byte(n>>8), byte(n)))
}

// told is what fill puts on record, and a sealed file must not show.
var told = []string{
	"447700900123", "13491208655302741918", // asha's handles
	"447700900124", "447700900125", "447700900126", // where she moved, a list row, somebody erased
	"I want coats on WhatsApp", "scan-of-form-8812", "form-8812", "desk four", // a grant
	wamid(1), wamid(2), wamid(8), wamid(9), "wamid.group", "Y2FwaV9ncm91cDox", "list-row-17",
}

// fill writes to every table, as an app does.
func fill(t testing.TB, db *sqlstore.DB) {
	t.Helper()
	ctx, st, s := context.Background(), db.Stores(), sender(t, db)
	require.NoError(t, s.Ledger().Grant(ctx, optin.Grant{ID: "form-8812", Party: asha, At: day.Add(-time.Hour), Actor: "desk four",
		Evidence: optin.Evidence{Source: optin.WebForm, Wording: "I want coats on WhatsApp", Proof: "scan-of-form-8812", BusinessName: "Example Shop"}}))
	report, err := s.Ledger().Import(ctx, strings.NewReader("id,phone,opt_in_date,opt_in_source\nlist-row-17,+447700900125,2026-05-03T10:00:00Z,web-form\n"),
		optin.ImportOptions{Kind: optin.OptIns})
	require.NoError(t, err)
	require.Equal(t, 1, report.Accepted, "%+v", report.Problems)
	learned, err := s.Inbox().Receive(ctx,
		compliance.Wrote{ID: wamid(1), Line: shop, From: asha, At: day.Add(-time.Minute), Type: "text", Text: "Is the blue coat back?"},
		compliance.Wrote{ID: "wamid.group", Line: shop, From: asha, Group: "Y2FwaV9ncm91cDox", At: day.Add(-time.Minute), Type: "text", Text: "Hi all"},
		compliance.Preferred{ID: wamid(2), Line: shop, Who: asha, At: day, Stop: true},
		compliance.Reported{ID: wamid(9), Line: shop, To: asha, At: day, Status: "failed", Codes: []int{131000}},
		compliance.TemplateNews{Change: template.Change{ID: "132015:" + wamid(8), At: day, Status: template.Paused, Ref: template.Ref{Account: "A1", Name: "coats", Language: "en"}}})
	require.NoError(t, err)
	require.Empty(t, learned.Unreadable)
	_, err = s.Do(ctx, reply("Yes, in every size."), func(context.Context) (compliance.Ack, error) {
		return compliance.Ack{Message: wamid(7), WaID: "447700900123"}, nil
	})
	require.NoError(t, err)
	require.NoError(t, st.Links.Move(ctx, party.Move{ID: "moved:" + wamid(3), At: day.Add(time.Hour),
		From: party.Handle{Scheme: party.Phone, Value: asha.Phone}, To: party.Handle{Scheme: party.Phone, Value: "+447700900124"}}))
	require.NoError(t, st.Account.Note(ctx, compliance.AccountNews{ID: "130497:" + wamid(9), Line: shop, Kind: compliance.NumberBarred, Type: "130497", At: day}))
	require.NoError(t, st.Journal.Append(ctx, journal.Entry{ID: "n-1", At: day, Kind: "note", Body: []byte(`{"by":"desk four"}`)}))
	h, err := st.Consent.Events(ctx, asha.Handles())
	require.NoError(t, err)
	require.NoError(t, st.Consent.Enter(ctx, optin.Flight{ID: "under way", Handles: asha.Handles(), Version: h.Version, Entered: day, Expires: day.Add(time.Hour)}))
	gone := party.Party{Phone: "+447700900126"}
	require.NoError(t, s.Ledger().Grant(ctx, optin.Grant{ID: "g-gone", Party: gone, At: day.Add(-time.Hour), Evidence: optin.Evidence{Source: optin.WebForm}}))
	_, err = s.Ledger().Erase(ctx, optin.Erase{Party: gone, At: day, Actor: "desk four"})
	require.NoError(t, err)
}

// dump is all bytes of the file and of what lies beside it.
func dump(t testing.TB, path string) []byte {
	t.Helper()
	var all []byte
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		all = append(all, b...)
	}
	return all
}

// shown is what of told the bytes show: as it is, in base64 at any offset, or in
// hexadecimal digits.
func shown(b []byte) (found []string) {
	for _, s := range told {
		forms := []string{s, fmt.Sprintf("%x", s), fmt.Sprintf("%X", s)}
		for skip := range 3 {
			e := base64.RawStdEncoding.EncodeToString([]byte(s)[skip:])
			forms = append(forms, e[:len(e)/4*4-4])
		}
		for _, f := range forms {
			if len(f) >= 8 && bytes.Contains(b, []byte(f)) {
				found = append(found, s)
				break
			}
		}
	}
	return found
}

// Nothing of a person is in the bytes of a sealed database, while it is open
// (the newest of it is in the log beside the file), once it is closed, and
// after a change of keys.
func TestASealedFileShowsNobody(t *testing.T) {
	// What is looked for is there in a plain one, or finding nothing says nothing.
	plain := filepath.Join(t.TempDir(), "plain.db")
	fill(t, openAt(t, plain))
	require.ElementsMatch(t, told, shown(dump(t, plain)))

	path := filepath.Join(t.TempDir(), "sealed.db")
	db := openAt(t, path, sealed(key("a")))
	fill(t, db)
	require.Empty(t, shown(dump(t, path)))
	secret := db.Stores().Key
	require.NotContains(t, string(dump(t, path)), string(secret), "the key of digests would make phone numbers of them")
	require.NoError(t, db.Close())
	require.Empty(t, shown(dump(t, path)))

	db = openAt(t, path, sealed(key("b"), key("a")))
	require.Equal(t, secret, db.Stores().Key)
	done, err := db.Reseal(t.Context(), nil)
	require.NoError(t, err)
	require.Greater(t, done.Values, 15)
	require.NoError(t, db.Close())
	require.Empty(t, shown(dump(t, path)))
	for _, id := range []string{"a", "b"} {
		require.NotContains(t, string(dump(t, path)), string(key(id).Secret))
	}
}

// What fill wrote reads the same, sealed or not: export, standing, flights,
// marks, links, news, suppressions, journal.
func TestSealedReadsAsPlain(t *testing.T) {
	answers := map[string]string{}
	eachKind(t, func(t *testing.T, opts []sqlite.Option) {
		db := open(t, opts...)
		fill(t, db)
		ctx, st, s := t.Context(), db.Stores(), sender(t, db)
		var out strings.Builder
		tell := func(v any, err error) {
			require.NoError(t, err)
			fmt.Fprintf(&out, "%+v\n", v)
		}
		standing, err := s.Ledger().Standing(ctx, asha, day)
		require.NoError(t, err)
		standing.Handles = nil // in the order of their rows
		tell(standing.Version, nil)
		for e, err := range st.Consent.(optin.Lister).All(ctx) {
			if e.ID == "form-8812" || e.Kind == optin.PlatformStopped {
				tell(e.Handles, err)
				require.NotNil(t, e)
			}
		}
		known, err := st.Links.Known(ctx, asha.Handles())
		tell(known, err)
		marks, err := st.Windows.Marks(ctx, window.Place{Line: shop, Group: "Y2FwaV9ncm91cDox"})
		tell(marks, err)
		news, err := st.Account.News(ctx, shop)
		require.NotEmpty(t, news)
		tell(len(news), err)
		n := 0
		for k, err := range st.Consent.(optin.Eraser).Suppressions(ctx) {
			require.NoError(t, err)
			if k.Actor == "desk four" { // beside the key's own mark
				n++
			}
		}
		require.Equal(t, 1, n)
		done, err := st.Consent.Append(ctx, stop("last", party.Handle{Scheme: party.Phone, Value: asha.Phone}))
		tell(done, err)
		sum, err := journal.Verify(st.Journal.Links(ctx))
		tell(sum.Links, err)

		// Erased, the person stays stopped, and an old list does not bring them back.
		_, err = s.Ledger().Erase(ctx, optin.Erase{Party: asha, At: day})
		require.NoError(t, err)
		require.NoError(t, s.Ledger().Grant(ctx, optin.Grant{ID: "again", Party: asha, At: day.Add(-time.Hour), Evidence: optin.Evidence{Source: optin.Import}}))
		after, err := s.Ledger().Standing(ctx, asha, day)
		require.NoError(t, err)
		_, stopped := after.StoppedFor(optin.Marketing)
		require.True(t, stopped)
		answers[t.Name()] = out.String()
	})
	if len(answers) < len(kinds) {
		t.Skip("only one of the kinds was run: nothing to compare it with")
	}
	require.Equal(t, answers["TestSealedReadsAsPlain/plain"], answers["TestSealedReadsAsPlain/sealed"])
}

// keepsQuiet checks that an error tells nothing of a person.
func keepsQuiet(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	for e := err; e != nil; e = errors.Unwrap(e) {
		require.Empty(t, shown([]byte(e.Error()+fmt.Sprintf("%#v", e))), "%v", e)
	}
}

// Keys that cannot be used are refused before a file is touched.
func TestUnusableKeys(t *testing.T) {
	other := key("a")
	other.Secret = key("b").Secret
	path := filepath.Join(t.TempDir(), "sealed.db")
	for _, c := range []struct {
		why, says string
		keys      []sqlstore.Key
	}{
		{"no keys", "no keys", nil},
		{"a key without an id", "key 1", []sqlstore.Key{{Secret: key("a").Secret}}},
		{"an id that could end the prefix", "key 1", []sqlstore.Key{{ID: "a$", Secret: key("a").Secret}}},
		{"a short secret", "32 bytes", []sqlstore.Key{{ID: "a", Secret: []byte("password")}}},
		{"one id twice", "twice", []sqlstore.Key{key("a"), other}},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := sqlite.Open(path, sealed(c.keys...))
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "password")
		})
	}
	_, err := open(t).Reseal(t.Context(), nil)
	require.ErrorIs(t, err, sqlstore.ErrPlain)
}

// A scope of its own has secrets of its own, and the same phone another hash.
func TestSealedScopes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sealed.db")
	a := openAt(t, path, sqlite.With(sqlstore.WithScope("a"), sqlstore.Sealed(key("k"))))
	b := openAt(t, path, sqlite.With(sqlstore.WithScope("b"), sqlstore.Sealed(key("k"))))
	c := openAt(t, path, sqlite.With(sqlstore.WithScope("c")))
	for _, db := range []*sqlstore.DB{a, b, c} {
		_, err := db.Stores().Consent.Append(t.Context(), stop("e", handle(1)))
		require.NoError(t, err)
		require.Equal(t, []string{"e"}, events(t, db, handle(1)))
	}
	var values int
	require.NoError(t, beside(t, path).QueryRow("SELECT COUNT(DISTINCT value) FROM waguard_consent").Scan(&values))
	require.Equal(t, 3, values)

	// and a row of one scope does not open in another
	_, err := beside(t, path).Exec("UPDATE waguard_consent SET body = (SELECT body FROM waguard_consent WHERE scope = 'a' AND id <> '')," +
		" value = (SELECT value FROM waguard_consent WHERE scope = 'a' AND id <> ''), id = (SELECT id FROM waguard_consent WHERE scope = 'a' AND id <> '')" +
		" WHERE scope = 'b' AND id <> ''")
	require.NoError(t, err)
	for _, err := range b.Stores().Consent.(optin.Lister).All(t.Context()) {
		require.ErrorIs(t, err, sqlstore.ErrTampered)
	}
}

// Whoever can write to the file, and has no key, can make rows unreadable and
// never make them say something else.
func TestTamperedRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sealed.db")
	db := openAt(t, path, sealed(key("a")))
	fill(t, db)
	st := db.Stores()
	file := beside(t, path)
	_, err := st.Consent.Append(t.Context(), grant("other", handle(2)))
	require.NoError(t, err)
	require.NoError(t, st.Links.Join(t.Context(), party.Join{ID: "j", Handles: []party.Handle{handle(2), {Scheme: party.User, Value: "GB.2"}}, At: day}))
	message := reply("Yes.")
	message.To, message.From = party.Party{Phone: handle(2).Value}, party.Line{Account: "A2", Number: "N2"}
	w := wrote(wamid(20), "Is the blue coat back?", time.Minute)
	w.From, w.Line = message.To, message.From
	_, err = sender(t, db).Inbox().Receive(t.Context(), w)
	require.NoError(t, err)
	require.Equal(t, compliance.Allow, sender(t, db).Check(t.Context(), message).Verdict)

	h := asha.Handles()
	consent := func() error { _, err := st.Consent.Events(context.Background(), h); return err }
	marks := func() error {
		_, err := st.Windows.Marks(context.Background(), window.Place{Line: shop, Handles: h})
		return err
	}
	first := func() (err error) {
		for _, err := range st.Journal.Links(context.Background()) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	const flip = " = SUBSTR(%[1]s, 1, LENGTH(%[1]s) - 2) || CASE SUBSTR(%[1]s, -2, 1) WHEN 'A' THEN 'B' ELSE 'A' END || SUBSTR(%[1]s, -1)"
	flipped := func(column string) string { return column + fmt.Sprintf(flip, column) }
	for _, c := range []struct {
		why, change string
		read        func() error
	}{
		{"a bit of an event", "UPDATE waguard_consent SET " + flipped("body") + " WHERE id <> ''", consent},
		{"an event that is moved in time", "UPDATE waguard_consent SET at = at - 1 WHERE id <> ''", consent},
		{"an event of somebody else", "UPDATE waguard_consent SET body = (SELECT o.body FROM waguard_consent o WHERE o.body <> '' AND o.body <> waguard_consent.body) WHERE id <> ''", consent},
		{"an event in the clear", `UPDATE waguard_consent SET body = '{"id":"x","kind":"granted"}' WHERE id <> ''`, consent},
		{"nothing for an event", "UPDATE waguard_consent SET body = '' WHERE id <> ''", consent},
		{"a cut event", "UPDATE waguard_consent SET body = SUBSTR(body, 1, 9) WHERE id <> ''", consent},
		{"a mark made younger", "UPDATE waguard_mark SET at = at + 1", marks},
		{"a mark of another kind", "UPDATE waguard_mark SET kind = kind + 1", marks},
		{"a mark's names", "UPDATE waguard_mark SET " + flipped("handles"), marks},
		{"a handle of a bond", "UPDATE waguard_bond SET " + flipped("handle"),
			func() error { _, err := st.Links.Known(context.Background(), []party.Handle{handle(2)}); return err }},
		{"a move", "UPDATE waguard_move SET at = at + 1", func() error { _, err := st.Links.Known(context.Background(), h); return err }},
		{"a flight that lasts", "UPDATE waguard_flight SET expires = expires + 1",
			func() error { _, err := st.Consent.Append(context.Background(), stop("s", h[0])); return err }},
		{"who erased", "UPDATE waguard_suppressed SET " + flipped("actor"), func() (err error) {
			for _, err := range st.Consent.(optin.Eraser).Suppressions(context.Background()) {
				return err
			}
			return nil
		}},
		{"news of an account", "UPDATE waguard_account_news SET at = at + 1", func() error { _, err := st.Account.News(context.Background(), shop); return err }},
		{"news of a template", "UPDATE waguard_template_news SET " + flipped("body"), func() error {
			require.NoError(t, st.Templates.Put(context.Background(), day.Add(-time.Hour), template.Definition{Ref: template.Ref{Account: "A1", Name: "coats", Language: "en"}}))
			_, _, err := st.Templates.Find(context.Background(), template.Ref{Account: "A1", Name: "coats", Language: "en"})
			return err
		}},
		{"a link of the journal", "UPDATE waguard_journal SET " + flipped("body"), first},
		{"a key that nobody has", "UPDATE waguard_journal SET body = '$z' || SUBSTR(body, 3)", first},
	} {
		t.Run(c.why, func(t *testing.T) {
			require.NoError(t, c.read(), "whole before")
			restore := snapshot(t, file, strings.Fields(c.change)[1])
			defer func() {
				restore()
				require.NoError(t, c.read(), "whole again")
			}()
			_, err := file.Exec(c.change)
			require.NoError(t, err)
			err = c.read()
			if strings.Contains(c.why, "nobody has") {
				require.ErrorIs(t, err, sqlstore.ErrUnknownKey)
			} else {
				require.ErrorIs(t, err, sqlstore.ErrTampered)
			}
			keepsQuiet(t, err)
			if strings.Contains(c.change, "waguard_consent") {
				d := sender(t, db).Check(t.Context(), message)
				require.Equal(t, compliance.Undecided, d.Verdict, "what cannot be read is no consent and no refusal")
			}
		})
	}
	require.NoError(t, db.Close())
	_, err = file.Exec("UPDATE waguard_secret SET value = CAST(SUBSTR(value, 1, LENGTH(value) - 4) || 'AAAA' AS BLOB) WHERE name = 'key'")
	require.NoError(t, err)
	_, err = sqlite.Open(path, sealed(key("a")))
	require.ErrorIs(t, err, sqlstore.ErrTampered)
}

// snapshot keeps a table; calling what it returns brings it back.
func snapshot(t testing.TB, db *sql.DB, table string) func() {
	t.Helper()
	run := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			_, err := db.Exec(s)
			require.NoError(t, err)
		}
	}
	run("CREATE TABLE kept AS SELECT * FROM " + table)
	return func() {
		run("DELETE FROM "+table, "INSERT INTO "+table+" SELECT * FROM kept", "DROP TABLE kept")
	}
}
