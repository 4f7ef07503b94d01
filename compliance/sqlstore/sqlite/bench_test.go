package sqlite_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
	"github.com/waguard/waguard/optin"
)

func Benchmark(b *testing.B) {
	sqlstoretest.Bench(b, func(t testing.TB) sqlstoretest.Place { return place(t) }, sqlstoretest.Prepared)
}

var (
	day      = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	decision = journal.Entry{ID: "d-1", At: day, Kind: "decision", Digest: "5f2c", Body: json.RawMessage(`{"verdict":"allow"}`)}
)

func handle(n int) party.Handle {
	return party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", n)}
}

func grant(id string, h party.Handle) optin.Event {
	return optin.Event{ID: id, Kind: optin.Granted, Handles: []party.Handle{h}, Purposes: []optin.Purpose{optin.Marketing},
		At: day, Received: day, Channel: optin.Web,
		Evidence: &optin.Evidence{Source: optin.WebForm, Wording: "Send me news on WhatsApp", BusinessName: "Example Ltd", Locale: "en"}}
}

func stop(id string, h party.Handle) optin.Event {
	return optin.Event{ID: id, Kind: optin.Revoked, Handles: []party.Handle{h}, At: day, Received: day, Channel: optin.WhatsApp}
}
