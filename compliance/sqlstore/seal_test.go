package sqlstore

import (
	"errors"
	"strings"
	"testing"

	"github.com/waguard/waguard/compliance/party"
)

func testSealer(t testing.TB, scope string, ids ...string) *sealer {
	t.Helper()
	s := &sealer{}
	for _, id := range ids {
		s.given = append(s.given, Key{ID: id, Secret: []byte((id + "0123456789abcdefghijklmnopqrstuv")[:KeySize])})
	}
	if err := s.ready(scope); err != nil {
		t.Fatal(err)
	}
	s.lookUpWith([]byte("for look-ups"))
	return s
}

// A value opens in its own place, and in no other.
func TestValuesAreBoundToTheirPlace(t *testing.T) {
	s := testSealer(t, "a", "new", "old")
	text := s.lock(eventBody, "said", "phone", "x", int64(5), "id")
	if strings.Contains(text, "said") || text == s.lock(eventBody, "said", "phone", "x", int64(5), "id") {
		t.Fatalf("sealed as %s, twice alike or in the clear", text)
	}
	if got, err := s.unlock(eventBody, text, "phone", "x", int64(5), "id"); got != "said" || err != nil {
		t.Fatalf("%q %v", got, err)
	}
	if got, err := testSealer(t, "a", "old", "new").unlock(eventBody, text, "phone", "x", 5, []byte("id")); got != "said" || err != nil {
		t.Fatalf("not the first key, and types as a driver gives them: %q %v", got, err)
	}
	for why, open := range map[string]func() (string, error){
		"another scope": func() (string, error) {
			return testSealer(t, "b", "new").unlock(eventBody, text, "phone", "x", int64(5), "id")
		},
		"another table":  func() (string, error) { return s.unlock(flightBody, text, "phone", "x", int64(5), "id") },
		"another row":    func() (string, error) { return s.unlock(eventBody, text, "phone", "y", int64(5), "id") },
		"texts run over": func() (string, error) { return s.unlock(eventBody, text, "phonex", "", int64(5), "id") },
		"another time":   func() (string, error) { return s.unlock(eventBody, text, "phone", "x", int64(6), "id") },
		"less of a row":  func() (string, error) { return s.unlock(eventBody, text, "phone", "x", int64(5)) },
		"a key's name changed": func() (string, error) {
			return s.unlock(eventBody, "$old"+strings.TrimPrefix(text, "$new"), "phone", "x", int64(5), "id")
		},
	} {
		if got, err := open(); got != "" || !errors.Is(err, ErrTampered) {
			t.Errorf("%s: %q %v", why, got, err)
		}
	}
	if got, err := testSealer(t, "a", "old").unlock(eventBody, text, "phone", "x", int64(5), "id"); got != "" || !errors.Is(err, ErrUnknownKey) {
		t.Errorf("a key that is not there: %q %v", got, err)
	}
}

func TestLookUps(t *testing.T) {
	s := testSealer(t, "", "k")
	h := party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	seen := map[string]string{}
	for why, hash := range map[string]string{
		"a phone":                    s.handle(h).Value,
		"the same as a user":         s.handle(party.Handle{Scheme: party.User, Value: h.Value}).Value,
		"scheme and value run over":  s.handle(party.Handle{Scheme: "phone+", Value: h.Value[1:]}).Value,
		"the value as an event's id": s.id("event", h.Value),
		"and as a flight's":          s.id("flight", h.Value),
	} {
		if other, here := seen[hash]; here || len(hash) != 24 {
			t.Errorf("%s and %s are both %q", why, other, hash)
		}
		seen[hash] = why
	}
	if s.handle(h) != testSealer(t, "other scope", "other").handle(h) {
		t.Error("a hash depends on more than the key of look-ups")
	}
	if s.id("event", "") != "" || s.handle(party.Handle{}) != (party.Handle{}) {
		t.Error("nothing has a hash")
	}
	var plain *sealer
	if plain.handle(h) != h || plain.id("event", "x") != "x" || plain.lock(eventBody, "x") != "x" {
		t.Error("without keys something is changed")
	}
	other := testSealer(t, "", "k")
	other.lookUpWith([]byte("another"))
	if s.handle(h) == other.handle(h) {
		t.Error("a hash does not depend on its key")
	}
}

// FuzzUnlock: whatever stands in a column, it opens to what was sealed there or
// is an error of a kind.
func FuzzUnlock(f *testing.F) {
	s := testSealer(f, "a", "k")
	sealed := s.lock(eventBody, "said", "row")
	for _, seed := range []string{sealed, sealed[:len(sealed)-1], "", "$", "$$", "$k$", "$k$AAAA", "$other$AAAA", "k$AAAA", `{"id":"e"}`, sealed + "\n", strings.ToUpper(sealed)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := s.unlock(eventBody, text, "row")
		var seal *SealError
		switch {
		case err == nil && got != "said":
			t.Errorf("%q opens to %q", text, got)
		case err != nil && (got != "" || !errors.As(err, &seal) || !errors.Is(err, ErrTampered) && !errors.Is(err, ErrUnknownKey)):
			t.Errorf("%q: %q %v", text, got, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s := testSealer(b, "", "k")
	body := strings.Repeat("x", 400)
	sealed := s.lock(eventBody, body, "phone", "hash", int64(5), "id")
	h := party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	b.Run("lock", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.lock(eventBody, body, "phone", "hash", int64(5), "id")
		}
	})
	b.Run("unlock", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.unlock(eventBody, sealed, "phone", "hash", int64(5), "id"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("look", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.handle(h)
		}
	})
}
