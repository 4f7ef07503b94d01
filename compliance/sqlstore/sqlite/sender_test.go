package sqlite_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
)

var (
	shop = party.Line{Account: "A1", Number: "N1"}
	asha = party.Party{Phone: "+447700900123", User: "GB.13491208655302741918"}
)

// prepared is the rule book, made ready once.
var prepared = sync.OnceValues(func() (*compliance.Prepared, error) { return compliance.Prepare(nil) })

func sender(t testing.TB, db *sqlstore.DB) *compliance.Sender {
	t.Helper()
	p, err := prepared()
	require.NoError(t, err)
	s, err := compliance.New(compliance.Config{Business: compliance.Business{Name: "Example Shop", Country: "GB"}, Stores: db.Stores()},
		compliance.WithClock(func() time.Time { return day }), compliance.WithPrepared(p))
	require.NoError(t, err)
	return s
}

func reply(words string) compliance.Message {
	return compliance.Message{Kind: compliance.Freeform, Type: "text", From: shop, To: asha, Texts: []compliance.Text{{Place: "text.body", Words: words}}}
}

func wrote(id, words string, before time.Duration) compliance.Wrote {
	return compliance.Wrote{ID: id, Line: shop, From: asha, At: day.Add(-before), Type: "text", Text: words}
}
