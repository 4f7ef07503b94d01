package sqlstore

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// texts are what strings of an event may look like, escapes and all.
var texts = []string{"", "plain", "+447700900123", `quoted "word"`, "two\nlines", "tab\t", `back\slash`, "<a & b>", "ünïcödé 🍪", "\u2028", "\x00", "\x7f", "��"}

func anyEvent(r *rand.Rand) optin.Event {
	text := func() string { return texts[r.IntN(len(texts))] }
	at := func() time.Time {
		return time.UnixMicro(r.Int64N(4e15)).UTC().Truncate(time.Duration(1+r.IntN(2)) * time.Second / time.Duration(1+r.IntN(1000)))
	}
	e := optin.Event{ID: text(), Kind: optin.Kind(1 + r.IntN(int(optin.Erased))), At: whole(at()), Received: whole(at()),
		Channel: optin.Channel(text()), Actor: text(), Ref: text()}
	for range 1 + r.IntN(3) {
		e.Handles = append(e.Handles, party.Handle{Scheme: text(), Value: text()})
	}
	for range r.IntN(3) {
		e.Purposes = append(e.Purposes, optin.Purpose(text()))
	}
	if r.IntN(2) == 0 {
		e.Line = party.Line{Account: text(), Number: text()}
	}
	if r.IntN(2) == 0 {
		e.Until = whole(at())
	}
	if r.IntN(2) == 0 {
		e.Evidence = &optin.Evidence{Source: optin.Source(text()), Wording: text(), Version: text(), Locale: text(), BusinessName: text(),
			Surface: text(), Proof: text(), Country: text(), Given: optin.Given(text()), Act: optin.Act(text())}
		if r.IntN(2) == 0 {
			yes, t := r.IntN(2) == 0, whole(at())
			e.Evidence.AgeOK, e.Evidence.Expires = &yes, &t
		}
	}
	return e
}

// Reading by hand and encoding/json agree, and give back what was written.
func TestDecodeEvent(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	byHand := 0
	for range 5000 {
		e := anyEvent(r)
		body, err := encode(e)
		if err != nil {
			t.Fatal(err)
		}
		var got optin.Event
		if err := decodeEvent(body, &got); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if d := cmp.Diff(e, got); d != "" {
			t.Fatalf("%s: -want +got:\n%s", body, d)
		}
		p := newPlainJSON(body)
		if p.event(&got); !p.odd {
			byHand++
		}
	}
	if byHand == 0 {
		t.Error("nothing was read by hand")
	}
}

func FuzzDecodeEvent(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 20 {
		body, err := encode(anyEvent(r))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, s := range []string{"", "{}", `{"id":"a"}`, `{"id":"a","id":"b"}`, `{"evidence":{"age_ok":true}}`, `{"handles":[]}`, `{"handles":null}`, `{"id":"a"} `, `{"ID":"a"}`, `{"line":{}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var byHand optin.Event
		p := newPlainJSON(body)
		if p.event(&byHand); p.odd || p.rest != "" {
			return // goes to encoding/json
		}
		var want optin.Event
		if err := json.Unmarshal([]byte(body), &want); err != nil {
			t.Fatalf("read by hand, and encoding/json says %v", err)
		}
		if d := cmp.Diff(want, byHand); d != "" {
			t.Fatalf("-encoding/json +by hand:\n%s", d)
		}
	})
}

func BenchmarkDecodeEvent(b *testing.B) {
	yes := true
	body, err := encode(optin.Event{ID: "form-8812", Kind: optin.Granted, Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}},
		Purposes: []optin.Purpose{optin.Marketing}, At: time.Unix(1, 0).UTC(), Received: time.Unix(2, 0).UTC(), Channel: optin.Web,
		Evidence: &optin.Evidence{Source: optin.WebForm, Wording: "Send me news on WhatsApp", BusinessName: "Example Ltd", Locale: "en", AgeOK: &yes}})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var e optin.Event
			if err := decodeEvent(body, &e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var e optin.Event
			if err := json.Unmarshal([]byte(body), &e); err != nil {
				b.Fatal(err)
			}
		}
	})
}
