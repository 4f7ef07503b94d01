package window_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
	"github.com/waguard/waguard/window/windowtest"
)

var (
	noon  = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	alice = window.Place{
		Line:    party.Line{Number: "106540352242922"},
		Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}},
	}
)

func TestMemory(t *testing.T) {
	windowtest.Run(t, func(testing.TB) window.Store { return window.NewMemory() })
}

// A conversation of years holds no more than one of a week.
func TestMemoryIsBoundedPerConversation(t *testing.T) {
	m, hours := window.NewMemory(), 5000
	if testing.Short() {
		hours = 500
	}
	for i := range hours {
		at := noon.Add(time.Duration(i) * time.Hour)
		for _, k := range window.Kinds() {
			err := m.Note(t.Context(), window.Mark{ID: fmt.Sprint(k, "-", i), Kind: k, Place: alice, At: at, Received: at})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	ms, err := m.Marks(t.Context(), alice)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, k := range window.Kinds() {
		want += max(k.Keep().Last, 1+int(k.Keep().For/time.Hour))
	}
	if len(ms) != want {
		t.Errorf("%d marks are kept, want %d: of each kind those of its Keep", len(ms), want)
	}
}

func TestErrorsNameTheMarkAndNobody(t *testing.T) {
	m := window.NewMemory()
	bad := alice
	bad.Group = "both"
	err := m.Note(t.Context(), window.Mark{ID: "wamid.1", Kind: window.Wrote, Place: bad, At: noon, Received: noon})
	var me *window.MarkError
	if !errors.As(err, &me) || me.ID != "wamid.1" {
		t.Fatalf("a place with a person and a group gives %v, want a MarkError of wamid.1", err)
	}
	if s := err.Error(); !strings.HasPrefix(s, "window: ") || strings.Contains(s, "7700") {
		t.Errorf("message %q: it begins with the package and holds no number", s)
	}
	if _, err := m.Marks(t.Context(), window.Place{}); !errors.As(err, &me) || !strings.HasPrefix(err.Error(), "window: ") {
		t.Errorf("reading no place gives %v, want a MarkError", err)
	}
}

func TestWindowsNeverTurnsAnErrorIntoClosed(t *testing.T) {
	m := window.NewMemory()
	m.Close()
	if _, err := window.New(m).State(t.Context(), alice, noon); !errors.Is(err, window.ErrClosed) {
		t.Errorf("error is %v, want ErrClosed", err)
	}
}

func TestOptions(t *testing.T) {
	w := window.New(window.NewMemory())
	if got := w.Rules(); got != window.DefaultRules() {
		t.Errorf("without options the rules are %+v", got)
	}
	w = window.New(window.NewMemory(), window.Length(time.Hour), window.Margin(0))
	if got, want := w.Rules(), (window.Rules{Length: time.Hour}); got != want {
		t.Errorf("rules are %+v, want %+v", got, want)
	}
}
