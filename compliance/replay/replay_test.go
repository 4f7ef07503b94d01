package replay_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/replay"
)

func TestReadRefusesWhatItCannotUnderstand(t *testing.T) {
	for _, c := range []struct{ line, err, why string }{
		{`{"at":"2026-11-25T08:00:00Z"}`, "line 1: none of business", "nothing happens in it"},
		{`{"at":"2026-11-25T08:00:00Z","grant":{},"revoke":{}}`, "grant and revoke in one event", "two things at once"},
		{`{"grant":{"party":{"phone":"+447700900123"}}}`, "at: missing", "no time"},
		{`{"at":"yesterday","grant":{"party":{"phone":"+447700900123"}}}`, "at: ", "no instant"},
		{`{"at":"2026-11-25T08:00:00Z","grant":{"party":{"phone":"07700900123"}}}`, "grant: ", "no international number"},
		{`{"at":"2026-11-25T08:00:00Z","grant":{"party":{"phone":"+447700900123"},"since":"May"}}`, `unknown field "since"`, "an unknown member"},
		{`{"at":"2026-11-25T08:00:00Z","note":"x","revoke":{"party":{"phone":"+447700900123"}}}`, "note: unknown beside revoke", "an unknown member beside it"},
		{`{"at":"2026-11-25T08:00:00Z","endpoint":"calls","send":{}}`, "endpoint is messages or marketing_messages", "an unknown endpoint"},
		{`{"at":"2026-11-25T08:00:00Z","at":"2026-11-25T09:00:00Z","send":{}}`, "at: stands twice", "which of the two is meant?"},
		{`{"at":"2026-11-25T08:00:00Z","webhook":[]}`, "a JSON object belongs here", "no object"},
		{`{"at":"2026-11-25T08:00:00Z","business":{"country":"Britain"}}`, "country is no ISO 3166", "no country"},
		{`{"at":"2026-11-25T08:00:00Z","send":{}} trailing`, "something follows", "more than one value"},
		{`[]`, "a JSON object belongs on each line", "a list"},
		{"{\"at\":\"\xff\"}", "not UTF-8", "not text"},
		{`{"at":`, "not JSON", "truncated"},
	} {
		n := 0
		for _, err := range replay.Read(strings.NewReader(c.line)) {
			n++
			require.ErrorContains(t, err, c.err, c.why)
			var le *replay.LineError
			require.ErrorAs(t, err, &le)
			require.Equal(t, 1, le.Line)
		}
		require.Equal(t, 1, n, c.why)
	}
}

func TestReadGoesOnAfterABadLine(t *testing.T) {
	long := `{"at":"2026-11-25T08:00:00Z","id":"x","send":{"a":"` + strings.Repeat("x", replay.MaxLine) + `"}}`
	in := "\n" + `{"id":"bad","at":1,"send":{}}` + "\n" + long + "\n" + `{"at":"2026-11-25T08:00:00Z","id":"good","send":{}}` + "\n"
	var got []string
	for e, err := range replay.Read(strings.NewReader(in)) {
		var le *replay.LineError
		if errors.As(err, &le) {
			got = append(got, fmt.Sprint(le.Line, le.ID, "!"))
		} else {
			got = append(got, fmt.Sprint(e.Line, e.ID))
		}
	}
	require.Equal(t, []string{"2bad!", "3!", "4good"}, got)
}

func TestABodyThatIsNoMessageIsUndecided(t *testing.T) {
	ready, err := compliance.Prepare(nil)
	require.NoError(t, err)
	for why, send := range map[string]string{
		"a list": `[]`, "nothing in it": `{}`, "no recipient": `{"messaging_product":"whatsapp","type":"text","text":{"body":"hi"}}`,
		"an unknown type":          `{"messaging_product":"whatsapp","to":"+447700900123","type":"poll","poll":{}}`,
		"a text of the wrong type": `{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":"hi"}`,
		"a key twice":              `{"messaging_product":"whatsapp","to":"+447700900123","to":"+447700900456","type":"text","text":{"body":"hi"}}`,
	} {
		w, err := replay.NewWorld(replay.WithPrepared(ready))
		require.NoError(t, err)
		for e, err := range replay.Read(strings.NewReader(`{"at":"2026-11-25T08:00:00Z","id":"s","send":` + send + `}`)) {
			require.NoError(t, err, why)
			v, err := w.Apply(t.Context(), e)
			require.NoError(t, err, why)
			require.Equal(t, compliance.Undecided, v.Decision.Verdict, why)
			require.Equal(t, "message-malformed", string(v.Decision.Violations[0].Rule), why)
			require.Len(t, v.Decision.Violations, 1, "%s: nothing else can be said", why)
		}
	}
}

func TestReadCaseIsStrict(t *testing.T) {
	for why, c := range map[string]string{
		"neither send nor call": `{"why":"x","at":"2026-11-25T08:00:00Z","template":{}}`,
		"an unknown member":     `{"why":"x","at":"2026-11-25T08:00:00Z","send":{},"hint":1}`,
		"an unknown verdict":    `{"why":"x","at":"2026-11-25T08:00:00Z","send":{},"expect":{"verdict":"maybe"}}`,
		"a bad event":           `{"why":"x","given":[{"at":"2026-11-25T08:00:00Z"}],"at":"2026-11-25T08:00:00Z","send":{}}`,
		"not JSON":              `{`,
	} {
		_, err := replay.ReadCase([]byte(c))
		require.Error(t, err, why)
	}
	c, err := replay.ReadCase([]byte(`{"why":"x","unknown":["weather"],"at":"2026-11-25T08:00:00Z","send":{}}`))
	require.NoError(t, err)
	_, err = c.Run(t.Context())
	require.ErrorContains(t, err, `"weather" is no fact`)
}

func FuzzTimeline(f *testing.F) {
	f.Add(`{"at":"2026-11-25T08:00:00Z","grant":{"party":{"phone":"+447700900123"},"source":"web-form"}}`)
	f.Add(`{"at":"2026-11-25T08:00:00Z","revoke":{"party":{"user":"GB.123"},"channel":"email"}}`)
	f.Add(`{"at":"2026-11-25T08:00:00Z","id":"s","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"hi"}}}`)
	f.Add(`{"at":"2026-11-25T08:00:00Z","call":{"party":{"phone":"+447700900123"}}}`)
	f.Add(`{"at":"2026-11-25T08:00:00Z","webhook":{"object":"whatsapp_business_account","entry":[]}}`)
	ready, err := compliance.Prepare(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		w, err := replay.NewWorld(replay.WithPrepared(ready))
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range replay.Read(strings.NewReader(in)) {
			if err != nil {
				continue
			}
			v, err := w.Apply(t.Context(), e)
			if err == nil && v != nil && v.Decision.Verdict == compliance.Allow && e.Call != nil {
				t.Fatal("a call to somebody nothing is known of was allowed")
			}
		}
	})
}

// A history goes in line by line; each send and call gives a verdict.
func ExampleWorld_Apply() {
	w, err := replay.NewWorld()
	if err != nil {
		panic(err)
	}
	timeline := `
{"at":"2026-11-25T08:00:00Z","id":"s1","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"Hello?"}}}
{"at":"2026-11-25T08:01:00Z","webhook":{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"2"},"contacts":[{"wa_id":"447700900123"}],"messages":[{"from":"447700900123","id":"wamid.1","timestamp":"1795593660","type":"text","text":{"body":"Hi"}}]}}]}]}}
{"at":"2026-11-25T08:02:00Z","id":"s2","phone_number_id":"2","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"Hello!"}}}
`
	for event, err := range replay.Read(strings.NewReader(timeline)) {
		if err != nil {
			panic(err)
		}
		verdict, err := w.Apply(context.Background(), event)
		if err != nil {
			panic(err)
		}
		if verdict != nil {
			fmt.Println(verdict.ID, verdict.Decision.Verdict)
		}
	}
	// Output:
	// s1 deny
	// s2 allow
}

// A case is one message in its circumstances.
func ExampleReadCase() {
	c, err := replay.ReadCase([]byte(`{"why":"nobody agreed","at":"2026-11-25T08:00:00Z",
		"send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"Hello?"}},
		"expect":{"verdict":"deny","rules":["template-only-initiation"]}}`))
	if err != nil {
		panic(err)
	}
	d, err := c.Run(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Verdict, c.Expect.Check(&d), d.At.Format(time.DateOnly))
	// Output: deny <nil> 2026-11-25
}
