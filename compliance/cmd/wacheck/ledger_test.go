package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const optins = `phone,opt_in_date,category,opt_in_source,business_name,consent_text,given,act
+447700900123,2026-05-03T10:00:00Z,marketing,web-form,Example Shop,I agree,typed,ticked
07700900456,2026-05-03T10:00:00Z,marketing,web-form,Example Shop,I agree,typed,ticked
`

func TestImportExportErase(t *testing.T) {
	db := filepath.Join(t.TempDir(), "consent.db")

	out, errs, code := wacheck(t, optins, "import", "-db", db, "-dry-run", "-json")
	require.Equal(t, failed, code, errs)
	rows := objects(t, out)
	require.Len(t, rows, 2, "one object for a row, in order")
	require.Equal(t, "accepted", rows[0]["result"])
	require.Equal(t, "refused", rows[1]["result"])
	require.Contains(t, rows[1]["error"], "line 3: phone is no phone number")
	require.NotContains(t, out+errs, "07700900456", "what was in a row is not told")
	require.Contains(t, errs, "nothing was written")

	out, _, code = wacheck(t, "phone,ref\n+447700900123,\"a\n+447700900456,\"b\"\n", "import", "-db", db, "-kind", "optout", "-dry-run")
	require.Equal(t, failed, code)
	require.Contains(t, out, "refused lines 2 to 3: a quote", "a row that an open quote takes in is told")

	good := strings.Join(strings.Split(optins, "\n")[:2], "\n")
	_, errs, code = wacheck(t, good, "import", "-db", db)
	require.Equal(t, clean, code, errs)
	require.Contains(t, errs, "1 accepted, 0 on record already, 0 refused")
	_, errs, _ = wacheck(t, good, "import", "-db", db)
	require.Contains(t, errs, "0 accepted, 1 on record already", "the same list again changes nothing")

	_, errs, _ = wacheck(t, good, "import", "-db", db, "-skip", "1")
	require.Contains(t, errs, "0 rows after 1 left out: 0 accepted", "the two make the -skip to go on with")

	out, _, code = wacheck(t, "", "export", "-db", db, "-json", "+447700900123")
	require.Equal(t, clean, code)
	d := objects(t, out)[0]
	require.Len(t, d["events"], 1)
	require.Contains(t, d["standing"], "granted 2026-05-03 for marketing by web-form")
	require.Equal(t, "wacheck import", d["events"].([]any)[0].(map[string]any)["actor"], "who did it is on record")

	_, errs, code = wacheck(t, "msisdn;Datum\n447700900123;04.06.2026\n", "import", "-db", db, "-kind", "optout", "-comma", "auto", "-bare-digits", "-map", "Datum=at", "-date", "02.01.2006", "-set", "channel=letter")
	require.Equal(t, clean, code, errs)
	out, _, code = wacheck(t, "", "export", "-db", db, "-stops")
	require.Equal(t, clean, code)
	require.Contains(t, out, "+447700900123,,,,2026-06-04T23:59:59.999999Z,letter,revoked,")
	stops, _, _ := wacheck(t, "", "export", "-db", db, "-stops", "-json")
	_, errs, code = wacheck(t, stops, "import", "-db", filepath.Join(t.TempDir(), "elsewhere.db"), "-kind", "optout")
	require.Equal(t, clean, code, errs)
	require.Contains(t, errs, "1 rows: 1 accepted", "what one writes the other reads")
	out, _, _ = wacheck(t, "", "export", "-db", db, "-audit")
	require.Contains(t, out, "after   agreed: marketing; stopped: messages")
	out, _, _ = wacheck(t, "", "export", "-db", db, "-audit", "-json", "+447700900123")
	require.Len(t, objects(t, out), 2)

	out, _, code = wacheck(t, "", "erase", "-db", db, "-dry-run", "+447700900123")
	require.Equal(t, clean, code)
	require.Contains(t, out, "2 events would be erased")
	out, errs, code = wacheck(t, "", "erase", "-db", db, "-json", "+447700900123")
	require.Equal(t, clean, code, errs)
	require.EqualValues(t, 2, objects(t, out)[0]["events"])
	_, _, code = wacheck(t, good, "import", "-db", db)
	require.Equal(t, clean, code)
	out, _, _ = wacheck(t, "", "export", "-db", db, "-json", "+447700900123")
	d = objects(t, out)[0]
	require.Len(t, d["suppressions"], 1)
	require.Contains(t, d["standing"], "erased", "who comes back with an old list stays blocked")
}

// A sealed database wants its keys, and nothing of anybody is in the file.
func TestLedgerCommandsOnASealedDatabase(t *testing.T) {
	dir := t.TempDir()
	db, keys, old := filepath.Join(dir, "consent.db"), filepath.Join(dir, "keys"), filepath.Join(dir, "old")
	const oldKey = "2026-11 bmV2ZXIgdGFrZSBhIGtleSBmcm9tIGFuIGV4YW1wbGU=\n"
	require.NoError(t, os.WriteFile(old, []byte(oldKey), 0o600))
	require.NoError(t, os.WriteFile(keys, []byte("2027-05 ZXhhbXBsZXMgYXJlIG5vIHBsYWNlIGZvciBzZWNyZXQ=\n"+oldKey), 0o600))
	good := strings.Join(strings.Split(optins, "\n")[:2], "\n")
	_, errs, code := wacheck(t, good, "import", "-db", db, "-keys", old)
	require.Equal(t, clean, code, errs)
	file, err := os.ReadFile(db)
	require.NoError(t, err)
	require.NotContains(t, string(file), "447700900123")

	_, errs, code = wacheck(t, "", "export", "-db", db, "+447700900123")
	require.Equal(t, failed, code)
	require.Contains(t, errs, "sealed, and no keys were given")
	out, errs, code := wacheck(t, "", "export", "-db", db, "-keys", keys, "-json", "+447700900123")
	require.Equal(t, clean, code, errs)
	require.Len(t, objects(t, out)[0]["events"], 1)
	out, errs, code = wacheck(t, "", "erase", "-db", db, "-keys", keys, "-json", "+447700900123")
	require.Equal(t, clean, code, errs)
	require.EqualValues(t, 1, objects(t, out)[0]["events"])
	_, _, code = wacheck(t, good, "import", "-db", db, "-keys", keys)
	require.Equal(t, clean, code)
	out, _, _ = wacheck(t, "", "export", "-db", db, "-keys", keys, "-json", "+447700900123")
	require.Contains(t, objects(t, out)[0]["standing"], "erased")

	require.NoError(t, os.WriteFile(old, []byte("2026-11 hunter2\n"), 0o600))
	_, errs, code = wacheck(t, "", "export", "-db", db, "-keys", old, "+447700900123")
	require.Equal(t, failed, code)
	require.Contains(t, errs, "line 1: the secret is no 32 bytes in base64")
	require.NotContains(t, errs, "hunter2")
	_, errs, code = wacheck(t, "", "export", "-db", db, "-keys", filepath.Join(dir, "kesy"), "+447700900123")
	require.Equal(t, failed, code)
	require.Contains(t, errs, "-keys: ")
}

func TestLedgerCommandsSayWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "consent.db")
	for _, c := range []struct {
		why  string
		args []string
		want string
	}{
		{"no database", []string{"import"}, "-db FILE"},
		{"no such kind", []string{"import", "-db", db, "-kind", "both"}, "neither optin nor optout"},
		{"no field", []string{"import", "-db", db, "-set", "fax=1"}, `"fax" is no field`},
		{"no such cell mark", []string{"import", "-db", db, "-comma", ";;"}, "neither one character"},
		{"a mistyped file is not made to export from", []string{"export", "-db", filepath.Join(dir, "consnet.db"), "+447700900123"}, "no such file"},
		{"nor to erase from", []string{"erase", "-db", filepath.Join(dir, "consnet.db"), "+447700900123"}, "no such file"},
		{"nobody", []string{"erase", "-db", db}, "nobody is named"},
		{"two at a time", []string{"erase", "-db", db, "+447700900123", "+447700900456"}, "one person at a time"},
		{"no phone", []string{"erase", "-db", db, "07700900123"}, "user"},
	} {
		_, errs, code := wacheck(t, optins, c.args...)
		require.Equal(t, failed, code, c.why)
		require.Contains(t, errs, c.want, c.why)
	}
	require.NoFileExists(t, filepath.Join(dir, "consnet.db"))
	list := filepath.Join(dir, "list.csv")
	require.NoError(t, os.WriteFile(list, []byte("name\nAnna\n"), 0o600))
	_, errs, code := wacheck(t, "", "import", "-db", db, list)
	require.Equal(t, failed, code)
	require.Contains(t, errs, "no column names a person")
}
