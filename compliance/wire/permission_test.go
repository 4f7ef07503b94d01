package wire_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

var (
	asked = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	asha  = party.Party{Phone: "+447700900123"}
	from  = party.Line{Account: "100200300400500", Number: "200300400500600"}
)

func TestCallPermission(t *testing.T) {
	known := func(change func(*compliance.CallPermission)) compliance.CallPermission {
		p := compliance.CallPermission{Line: from, With: asha, At: asked}
		change(&p)
		return p
	}
	for _, c := range []struct {
		why, body string
		want      compliance.CallPermission
	}{
		{"none", `{"messaging_product":"whatsapp","permission":{"status":"no_permission"}}`, known(func(*compliance.CallPermission) {})},
		{"for good", `{"permission":{"status":"permanent"}}`, known(func(p *compliance.CallPermission) { p.Granted, p.Permanent = true, true })},
		{"for a time, with limits that leave room", `{"permission":{"status":"temporary","expiration_time":1795251600},"actions":[
			{"action_name":"send_call_permission_request","can_perform_action":true,"limits":[{"time_period":"PT24H","max_allowed":1,"current_usage":0},{"time_period":"P7D","max_allowed":2,"current_usage":1}]},
			{"action_name":"start_call","can_perform_action":true,"limits":[{"time_period":"PT24H","max_allowed":100,"current_usage":99}]}]}`,
			known(func(p *compliance.CallPermission) { p.Granted, p.Until = true, asked.Add(24*time.Hour) })},
		{"limits that are used up, the later end of two", `{"permission":{"status":"no_permission"},"actions":[
			{"action_name":"send_call_permission_request","can_perform_action":false,"limits":[{"time_period":"PT24H","max_allowed":1,"current_usage":1,"limit_expiration_time":1795168800},{"time_period":"P7D","max_allowed":2,"current_usage":2,"limit_expiration_time":1795172400}]},
			{"action_name":"start_call","can_perform_action":false,"limits":[{"time_period":"PT24H","max_allowed":100,"current_usage":100}]},
			{"action_name":"dance","limits":[{"max_allowed":0,"current_usage":0}]}]}`,
			known(func(p *compliance.CallPermission) {
				p.AskAgain, p.CallAgain = time.Unix(1795172400, 0).UTC(), asked.Add(24*time.Hour)
			})},
	} {
		got, err := wire.CallPermission([]byte(c.body), from, asha, asked)
		require.NoError(t, err, c.why)
		require.Equal(t, c.want, got, c.why)
	}
	for _, c := range []struct {
		why, body, field string
		err              error
	}{
		{"no JSON", `{`, "", wire.ErrSyntax},
		{"no object", `[]`, "", wire.ErrType},
		{"nothing in it", `{}`, "permission.status", wire.ErrMissing},
		{"a status of next year", `{"permission":{"status":"forever"}}`, "permission.status", wire.ErrUnknown},
		{"a status that is no text", `{"permission":{"status":true}}`, "permission.status", wire.ErrUnknown},
		{"for a time, and nobody knows until when", `{"permission":{"status":"temporary"}}`, "permission.expiration_time", wire.ErrMissing},
		{"an end that is no time", `{"permission":{"status":"temporary","expiration_time":"soon"}}`, "permission.expiration_time", wire.ErrType},
		{"an end before all times", `{"permission":{"status":"temporary","expiration_time":-1}}`, "permission.expiration_time", wire.ErrType},
	} {
		got, err := wire.CallPermission([]byte(c.body), from, asha, asked)
		require.ErrorIs(t, err, c.err, c.why)
		var e *wire.Error
		require.ErrorAs(t, err, &e, c.why)
		require.Equal(t, c.field, e.Field, c.why)
		require.Zero(t, got, c.why)
	}
}

func FuzzCallPermission(f *testing.F) {
	f.Add([]byte(`{"permission":{"status":"temporary","expiration_time":1795251600},"actions":[{"action_name":"start_call","limits":[{"time_period":"PT24H","max_allowed":5,"current_usage":5,"limit_expiration_time":1795172400}]}]}`))
	f.Add([]byte(`{"permission":{"status":"permanent"},"actions":[{"limits":{}},7]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := wire.CallPermission(body, from, asha, asked)
		if err != nil {
			require.Zero(t, p)
			return
		}
		require.True(t, p.Granted || !p.Permanent && p.Until.IsZero(), "an end without a permission")
		require.True(t, !p.Granted || p.Permanent || !p.Until.IsZero(), "a temporary permission without an end")
	})
}

// Asking the API mends what a lost webhook left wrong:
//
//	answer, err := http.Get(".../{phone-number-id}/call_permissions?user_wa_id=447700900123")
//	p, err := wire.CallPermission(body, line, who, time.Now())
//	learned, err := guard.Inbox().Receive(ctx, p)
func ExampleCallPermission() {
	body := `{"messaging_product":"whatsapp","permission":{"status":"temporary","expiration_time":1795251600},
		"actions":[{"action_name":"start_call","can_perform_action":false,
		"limits":[{"time_period":"PT24H","max_allowed":100,"current_usage":100,"limit_expiration_time":1795172400}]}]}`
	p, err := wire.CallPermission([]byte(body), party.Line{Number: "200300400500600"}, party.Party{Phone: "+447700900123"}, time.Unix(1795165200, 0))
	fmt.Println(p.Granted, p.Until, err)
	fmt.Println("no call before", p.CallAgain)
	// Output:
	// true 2026-11-21 09:00:00 +0000 UTC <nil>
	// no call before 2026-11-20 11:00:00 +0000 UTC
}
