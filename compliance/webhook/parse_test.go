package webhook_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/webhook"
	"github.com/waguard/waguard/template"
)

// at is the time most bodies here carry.
var at = time.Unix(1795168800, 0).UTC()

var number = party.Line{Account: "1", Number: "2"}

// change wraps one change into an envelope.
func change(field, value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","time":1795168800,"changes":[{"field":"` + field + `","value":` + value + `}]}]}`
}

// talk is a change of the field messages with members beside the metadata.
func talk(members string) string {
	return change("messages", `{"metadata":{"phone_number_id":"2"},`+members+`}`)
}

func parse(t *testing.T, body string) []compliance.Event {
	t.Helper()
	var c webhook.CloudAPI
	events, err := c.Parse([]byte(body), received)
	require.NoError(t, err)
	return events
}

func TestNoWebhook(t *testing.T) {
	for _, c := range []struct {
		why, body string
		err       error
	}{
		{"nothing", ``, webhook.ErrNotJSON},
		{"a body that was cut off", `{"entry":[{"id":"1"`, webhook.ErrNotJSON},
		{"nothing but nesting", strings.Repeat("[", 1<<20), webhook.ErrNotJSON},
		{"a list", `[]`, webhook.ErrEnvelope},
		{"no entries", `{"object":"whatsapp_business_account"}`, webhook.ErrEnvelope},
		{"entries that are no list", `{"entry":{}}`, webhook.ErrEnvelope},
		{"another product's webhook", `{"object":"page","entry":[]}`, webhook.ErrEnvelope},
	} {
		var api webhook.CloudAPI
		events, err := api.Parse([]byte(c.body), received)
		require.ErrorIs(t, err, c.err, c.why)
		require.Nil(t, events, c.why)
	}
	small := webhook.CloudAPI{MaxBytes: 10}
	_, err := small.Parse([]byte(`{"entry":[]}`), received)
	require.ErrorIs(t, err, webhook.ErrTooLarge, "size is bounded")
	var api webhook.CloudAPI
	_, err = api.Parse([]byte(talk(`"messages":[`+strings.Repeat(`{},`, webhook.MaxItems)+`{}]`)), received)
	require.ErrorIs(t, err, webhook.ErrTooLarge, "and so is what a small body can unfold to")
	_, err = api.Parse([]byte(restrictions(webhook.MaxItems+1)), received)
	require.ErrorIs(t, err, webhook.ErrTooLarge, "restrictions of one account are counted too")
}

// restrictions is one piece of news that names so many of them.
func restrictions(n int) string {
	return change("account_update", `{"event":"ACCOUNT_RESTRICTION","restriction_info":[`+strings.Repeat(`{"restriction_type":"X"},`, n-1)+`{"restriction_type":"X"}]}`)
}

// TestManyRestrictions: a long list is read in the time of its length (the whole
// of it hashed for each took more than a minute), and each keeps an id of its own.
func TestManyRestrictions(t *testing.T) {
	began, ids := time.Now(), map[string]bool{}
	for _, e := range parse(t, restrictions(webhook.MaxItems)) {
		ids[e.(compliance.AccountNews).ID] = true
	}
	require.Len(t, ids, webhook.MaxItems)
	require.Less(t, time.Since(began), 10*time.Second)
}

// TestUnreadable: what cannot be read says where, and the stop beside it counts.
func TestUnreadable(t *testing.T) {
	const stop = `{"from":"447700900123","id":"wamid.stop","timestamp":"1795168800","type":"text","text":{"body":"STOP"}}`
	for _, c := range []struct{ why, item, where string }{
		{"no id", `{"from":"447700900456","timestamp":"1795168800","type":"text"}`, "[0].id"},
		{"an id nobody could store", `{"id":"` + strings.Repeat("w", 300) + `","from":"447700900456","timestamp":"1795168800","type":"text"}`, "[0].id"},
		{"an id with a zero byte in it, which PostgreSQL does not take", `{"id":"wamid.\u0000","from":"447700900456","timestamp":"1795168800","type":"text"}`, "[0].id"},
		{"a group nobody could name", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"text","group_id":"\u0000"}`, "[0].group_id"},
		{"no time", `{"id":"wamid.1","from":"447700900456","type":"text"}`, "[0].timestamp"},
		{"a time that is none", `{"id":"wamid.1","from":"447700900456","timestamp":"yesterday","type":"text"}`, "[0].timestamp"},
		{"milliseconds are not seconds", `{"id":"wamid.1","from":"447700900456","timestamp":1795168800000,"type":"text"}`, "[0].timestamp"},
		{"a time before there were any", `{"id":"wamid.1","from":"447700900456","timestamp":"-5","type":"text"}`, "[0].timestamp"},
		{"no type", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800"}`, "[0].type"},
		{"nobody", `{"id":"wamid.1","timestamp":"1795168800","type":"text"}`, "[0].from"},
		{"somebody nobody can be", `{"id":"wamid.1","from":"12","timestamp":"1795168800","type":"text"}`, "[0].from"},
		{"no object", `"hello"`, "[0]"},
		{"two texts", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"text","text":{"body":"a","body":"b"}}`, "[0].text.body"},
		{"a member that nests too deep", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"new","new":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`, "[0].new" + strings.Repeat("[0]", 57)},
		{"an answer of no kind", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"interactive","interactive":{}}`, "[0].interactive.type"},
		{"a permission that is neither", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"maybe"}}}`, "[0].interactive.call_permission_reply.response"},
		{"a permission until never", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept","expiration_timestamp":"soon"}}}`, "[0].interactive.call_permission_reply.expiration_timestamp"},
		{"a move to nowhere", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"system","system":{"type":"user_changed_number"}}`, "[0].system"},
		{"a move to the same number", `{"id":"wamid.1","from":"447700900456","timestamp":"1795168800","type":"system","system":{"type":"user_changed_number","wa_id":"447700900456"}}`, "[0].system"},
	} {
		events := parse(t, talk(`"messages":[`+c.item+`,`+stop+`]`))
		require.Len(t, events, 2, c.why)
		u, ok := events[0].(compliance.Unreadable)
		require.True(t, ok, "%s: %T", c.why, events[0])
		require.Equal(t, "entry[0].changes[0].value.messages"+c.where, u.Where, c.why)
		require.NotEmpty(t, u.ID, c.why)
		var cause interface{ Cause() string }
		require.ErrorAs(t, u.Err, &cause, "the journal can say why: %s", c.why)
		require.Equal(t, compliance.Wrote{ID: "wamid.stop", Line: number, From: party.Party{Phone: "+447700900123"}, At: at, Type: "text", Text: "STOP"}, events[1], c.why)
	}
}

// TestUnreadableAround: a fault outside of the items takes with it what it is
// around, and nothing else.
func TestUnreadableAround(t *testing.T) {
	good := `{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[{"from":"447700900123","id":"wamid.stop","timestamp":1795168800,"type":"text","text":{"body":"STOP"}}]}}`
	for _, c := range []struct{ why, change, where string }{
		{"no field", `{"value":{}}`, "entry[0].changes[0].field"},
		{"no value", `{"field":"messages"}`, "entry[0].changes[0].value"},
		{"two values", `{"field":"messages","value":{},"value":{}}`, "entry[0].changes[0].value"},
		{"a change that is none", `7`, "entry[0].changes[0].field"},
		{"no number", `{"field":"messages","value":{"messages":[{"id":"wamid.1"}]}}`, "entry[0].changes[0].value.messages[0]"},
		{"messages that are no list", `{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":{}}}`, "entry[0].changes[0].value.messages"},
		{"two lists of messages", `{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[],"messages":[]}}`, "entry[0].changes[0].value.messages"},
		{"standby without what it is for", `{"field":"standby","value":{"metadata":{"phone_number_id":"2"}}}`, "entry[0].changes[0].value.standby"},
		{"a switch without positions", `{"field":"user_preferences","value":{"metadata":{"phone_number_id":"2"}}}`, "entry[0].changes[0].value.user_preferences"},
		{"a position nobody knows", `{"field":"user_preferences","value":{"metadata":{"phone_number_id":"2"},"user_preferences":[{"wa_id":"447700900123","category":"marketing_messages","value":"pause","timestamp":1}]}}`, "entry[0].changes[0].value.user_preferences[0].value"},
		{"a call in no direction", `{"field":"calls","value":{"metadata":{"phone_number_id":"2"},"calls":[{"id":"wacid.1","from":"447700900123","event":"connect","timestamp":"1795168800"}]}}`, "entry[0].changes[0].value.calls[0].direction"},
		{"an account in no state", `{"field":"account_update","value":{"event":"DISABLED_UPDATE","ban_info":{}}}`, "entry[0].changes[0].value.ban_info.waba_ban_state"},
		{"a restriction of nothing", `{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION"}}`, "entry[0].changes[0].value.restriction_info"},
		{"no template", `{"field":"message_template_status_update","value":{"event":"PAUSED"}}`, "entry[0].changes[0].value.message_template_id"},
		{"a category nobody knows", `{"field":"template_category_update","value":{"message_template_id":5,"new_category":"PROMO"}}`, "entry[0].changes[0].value.new_category"},
		{"a review without an outcome", `{"field":"account_review_update","value":{}}`, "entry[0].changes[0].value.decision"},
		{"an update of nothing", `{"field":"account_update","value":{}}`, "entry[0].changes[0].value.event"},
		{"a violation of nothing", `{"field":"account_update","value":{"event":"ACCOUNT_VIOLATION"}}`, "entry[0].changes[0].value.violation_info.violation_type"},
		{"a restriction of no type", `{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":[{}]}}`, "entry[0].changes[0].value.restriction_info[0].restriction_type"},
		{"restrictions that are no list", `{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":{"restriction_type":"X"}}}`, "entry[0].changes[0].value.restriction_info"},
		{"a state nobody knows", `{"field":"account_update","value":{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"PAUSE"}}}`, "entry[0].changes[0].value.ban_info.waba_ban_state"},
		{"news of an account that says two things", `{"field":"account_update","value":{"event":"ACCOUNT_DELETED","event":"ACCOUNT_RECONNECTED"}}`, "entry[0].changes[0].value.event"},
		{"an announcement for no time", `{"field":"template_category_update","value":{"message_template_id":5,"new_category":"UTILITY","correct_category":"MARKETING","category_update_timestamp":"soon"}}`, "entry[0].changes[0].value.category_update_timestamp"},
		{"echoes of nothing", `{"field":"smb_message_echoes","value":{"metadata":{"phone_number_id":"2"}}}`, "entry[0].changes[0].value.message_echoes"},
		{"an echo to nobody", `{"field":"smb_message_echoes","value":{"metadata":{"phone_number_id":"2"},"message_echoes":[{"id":"wamid.1","timestamp":"1795168800","type":"text"}]}}`, "entry[0].changes[0].value.message_echoes[0].to"},
		{"a call of no kind", `{"field":"calls","value":{"metadata":{"phone_number_id":"2"},"calls":[{"id":"wacid.1"}]}}`, "entry[0].changes[0].value.calls[0].event"},
		{"a number that is said twice", `{"field":"messages","value":{"metadata":{"phone_number_id":"2","phone_number_id":"3"},"messages":[{"id":"wamid.1"}]}}`, "entry[0].changes[0].value.messages[0]"},
		{"a status of nothing", `{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"statuses":[{"id":"wamid.1","timestamp":"1795168800","recipient_id":"447700900123"}]}}`, "entry[0].changes[0].value.statuses[0].status"},
		{"a limit nobody knows", `{"field":"business_capability_update","value":{"max_daily_conversations_per_business":"TIER_MANY"}}`, "entry[0].changes[0].value.max_daily_conversations_per_business"},
	} {
		events := parse(t, `{"entry":[{"id":"1","changes":[`+c.change+`,`+good+`]}]}`)
		require.Len(t, events, 2, c.why)
		u, ok := events[0].(compliance.Unreadable)
		require.True(t, ok, "%s: %#v", c.why, events[0])
		require.Equal(t, c.where, u.Where, c.why)
		require.IsType(t, compliance.Wrote{}, events[1], c.why)
	}
	require.Equal(t, "entry[0].changes", parse(t, `{"entry":[{"id":"1"}]}`)[0].(compliance.Unreadable).Where)
	require.Equal(t, "entry", parse(t, `{"entry":[],"entry":[]}`)[0].(compliance.Unreadable).Where)
	require.Equal(t, "entry[0]", parse(t, `{"entry":[null]}`)[0].(compliance.Unreadable).Where)
}

// TestPeople holds who an item is said to be about.
func TestPeople(t *testing.T) {
	const rest = `"timestamp":"1795168800","type":"text","text":{"body":"x"}}`
	for _, c := range []struct {
		why, members string
		want         party.Party
	}{
		{"the contact is found by number, wherever it stands",
			`"contacts":[{"wa_id":"447700900456","user_id":"GB.2"},{"wa_id":"447700900123","user_id":"GB.1","parent_user_id":"GB.ENT.1"}],"messages":[{"from":"447700900123","id":"wamid.1",` + rest + `]`,
			party.Party{Phone: "+447700900123", User: "GB.1", Parent: "GB.ENT.1"}},
		{"or by id",
			`"contacts":[{"wa_id":"447700900456","user_id":"GB.2"},{"wa_id":"447700900123","user_id":"GB.1"}],"messages":[{"from_user_id":"GB.1","id":"wamid.1",` + rest + `]`,
			party.Party{Phone: "+447700900123", User: "GB.1"}},
		{"a contact of somebody else adds nothing",
			`"contacts":[{"wa_id":"447700900456","user_id":"GB.2"}],"messages":[{"from":"447700900123","id":"wamid.1",` + rest + `]`,
			party.Party{Phone: "+447700900123"}},
		{"of a contact that says two things neither is taken",
			`"contacts":[{"wa_id":"447700900123","user_id":"GB.1","user_id":"GB.2"}],"messages":[{"from":"447700900123","id":"wamid.1",` + rest + `]`,
			party.Party{Phone: "+447700900123"}},
		{"a number written as one", `"messages":[{"from":447700900123,"id":"wamid.1",` + rest + `]`, party.Party{Phone: "+447700900123"}},
		{"both forms of a Brazilian mobile are one person", `"messages":[{"from":"551161234567","id":"wamid.1",` + rest + `]`, party.Party{Phone: "+5511961234567"}},
	} {
		events := parse(t, talk(c.members))
		require.Len(t, events, 1, c.why)
		require.Equal(t, c.want, events[0].(compliance.Wrote).From, c.why)
	}
	events := parse(t, talk(`"messages":[{"from":"12","from_user_id":"GB.1","id":"wamid.1",`+rest+`]`))
	require.Len(t, events, 2, "what can be read of a person counts, and what cannot is told")
	require.IsType(t, compliance.Unreadable{}, events[0])
	require.Equal(t, party.Party{User: "GB.1"}, events[1].(compliance.Wrote).From)
}

// TestMessages holds the turns of a message that no sample shows.
func TestMessages(t *testing.T) {
	msg := func(rest string) string {
		return talk(`"messages":[{"from":"447700900123","id":"wamid.1","timestamp":"1795168800",` + rest + `}]`)
	}
	wrote := func(why, body string, check func(compliance.Wrote)) {
		t.Helper()
		events := parse(t, body)
		require.Len(t, events, 1, why)
		w, ok := events[0].(compliance.Wrote)
		require.True(t, ok, "%s: %#v", why, events[0])
		check(w)
	}
	wrote("a message that was edited into a stop is one", msg(`"type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"STOP"}}}`),
		func(w compliance.Wrote) { require.Equal(t, "STOP", w.Text) })
	wrote("a place is not what the customer says", msg(`"type":"location","location":{"name":"Stop and Shop"}`),
		func(w compliance.Wrote) { require.Empty(t, w.Text) })
	wrote("an ad counts on a picture too", msg(`"type":"image","image":{"id":"1"},"referral":{"source_type":"ad"}`),
		func(w compliance.Wrote) { require.True(t, w.Ad) })
	wrote("a post is no ad", msg(`"type":"text","text":{"body":"x"},"referral":{"source_type":"post"}`),
		func(w compliance.Wrote) { require.False(t, w.Ad) })
	wrote("an answer of next year is an answer", msg(`"type":"interactive","interactive":{"type":"product_reply","product_reply":{"id":"1"}}`),
		func(w compliance.Wrote) { require.Equal(t, "interactive/product_reply", w.Type) })
	wrote("a card that was not asked for links nobody", msg(`"type":"contacts","contacts":[{"phones":[{"wa_id":"447700900456"}],"origin":"other"}]`),
		func(w compliance.Wrote) { require.Empty(t, w.Links) })
	wrote("a card with two numbers does not say which is theirs", msg(`"type":"contacts","contacts":[{"phones":[{"wa_id":"447700900456"},{"wa_id":"447700900457"}],"origin":"contact_request"}]`),
		func(w compliance.Wrote) { require.Empty(t, w.Links) })

	events := parse(t, msg(`"type":"poll_vote","poll_vote":{}`))
	require.Equal(t, compliance.Nothing{ID: "wamid.1", Field: "poll_vote", Why: "a message type this version does not know, so it opens nothing"}, events[0])
	events = parse(t, msg(`"type":"Call +44 7700"`))
	require.Equal(t, "(unknown)", events[0].(compliance.Nothing).Field, "what a type says is not repeated")
	events = parse(t, msg(`"type":"system","system":{"type":"user_identity_changed"}`))
	require.IsType(t, compliance.Nothing{}, events[0])
	events = parse(t, talk(`"messages":[]`))
	require.IsType(t, compliance.Nothing{}, events[0], "a change always comes to something")
}

func TestStatuses(t *testing.T) {
	status := func(rest string) compliance.Event {
		events := parse(t, talk(`"statuses":[{"id":"wamid.1","timestamp":1795168800,`+rest+`}]`))
		require.Len(t, events, 1)
		return events[0]
	}
	for _, spelling := range []string{"recipient_parent_user_id", "parent_recipient_user_id"} {
		r := status(`"status":"sent","recipient_user_id":"GB.1","` + spelling + `":"GB.ENT.1"`).(compliance.Reported)
		require.Equal(t, party.Party{User: "GB.1", Parent: "GB.ENT.1"}, r.To, "Meta spells it both ways")
	}
	require.Equal(t, party.Party{User: "GB.1"}, status(`"status":"sent","recipient_id":"GB.1"`).(compliance.Reported).To,
		"an id where the number used to be")
	require.Equal(t, []int{131050, 131026}, status(`"status":"failed","recipient_id":"447700900123","errors":[{"code":131050},{"code":"131026"}]`).(compliance.Reported).Codes)
	require.IsType(t, compliance.Unreadable{}, status(`"status":"failed"`), "a failure of nobody's message")
	require.IsType(t, compliance.Unreadable{}, status(`"status":"failed","recipient_type":"group","recipient_id":"g","errors":[{"code":131050}]`),
		"a stop in a group has to say whose")
	require.IsType(t, compliance.Nothing{}, status(`"status":"warning","recipient_id":"447700900123"`))
	require.Equal(t, "g", status(`"status":"sent","recipient_type":"group","recipient_id":"g"`).(compliance.Reported).Group)
}

// TestNothing: what teaches nothing says why, so that nobody wonders where it went.
func TestNothing(t *testing.T) {
	for _, c := range []struct{ why, field, value string }{
		{"the past opens no window", "history", `{}`},
		{"a template changed, and no words are told", "message_template_components_update", `{"message_template_id":5}`},
		{"a notice for people", "account_alerts", `{}`},
		{"news of a template about nothing we keep", "message_template_status_update", `{"message_template_id":5}`},
		{"a capability without a limit", "business_capability_update", `{"max_phone_numbers_per_business":20}`},
		{"a number without a limit", "phone_number_quality_update", `{"display_phone_number":"12025550199","event":"ONBOARDING"}`},
		{"no call", "calls", `{"metadata":{"phone_number_id":"2"}}`},
		{"a call status of next year", "calls", `{"metadata":{"phone_number_id":"2"},"statuses":[{"id":"wacid.1","status":"HELD"}]}`},
		{"an error of a call", "calls", `{"metadata":{"phone_number_id":"2"},"errors":[{"code":138000}]}`},
		{"a switch for something else", "user_preferences", `{"metadata":{"phone_number_id":"2"},"user_preferences":[{"wa_id":"447700900123","category":"news","value":"stop","timestamp":5}]}`},
	} {
		events := parse(t, change(c.field, c.value))
		require.Len(t, events, 1, c.why)
		n, ok := events[0].(compliance.Nothing)
		require.True(t, ok, "%s: %#v", c.why, events[0])
		require.NotEmpty(t, n.Why, c.why)
		require.NotEmpty(t, n.ID, c.why)
		require.Equal(t, c.field, n.Field, c.why)
	}
}

func TestMovedByField(t *testing.T) {
	events := parse(t, change("user_id_update", `{"metadata":{"phone_number_id":"2"},"user_id_update":[{"wa_id":"447700900123","user_id":{"previous":"GB.1","current":"GB.2"},"parent_user_id":{"previous":"GB.ENT.1","current":"GB.ENT.2"},"timestamp":"1795168800"}]}`))
	require.Len(t, events, 1)
	m := events[0].(compliance.Moved)
	require.Equal(t, party.Party{Phone: "+447700900123", User: "GB.1", Parent: "GB.ENT.1"}, m.From)
	require.Equal(t, party.Party{User: "GB.2", Parent: "GB.ENT.2"}, m.To)
	require.IsType(t, compliance.Nothing{}, parse(t, change("user_id_update", `{"metadata":{"phone_number_id":"2"}}`))[0])
}

func TestCalls(t *testing.T) {
	call := func(rest string) compliance.Event {
		events := parse(t, change("calls", `{"metadata":{"phone_number_id":"2"},"calls":[{"id":"wacid.1","timestamp":1795168800,`+rest+`}]}`))
		require.Len(t, events, 1)
		return events[0]
	}
	who := party.Party{User: "GB.1"}
	require.Equal(t, compliance.Called{ID: "wacid.1", Line: number, With: who, At: at, ByCustomer: true, State: "connect"},
		call(`"event":"connect","direction":"USER_INITIATED","from_user_id":"GB.1","to":"12025550199"`), "a caller known by an id")
	require.Equal(t, compliance.Called{ID: "wacid.1", Line: number, With: who, At: at, ByCustomer: true, State: "ringing"},
		call(`"event":"call_created","direction":"USER_INITIATED","from_user_id":"GB.1"`))
	require.Equal(t, compliance.Called{ID: "wacid.1", Line: number, With: who, At: at, State: "ended", Connected: true, Began: at.Add(-5 * time.Second)},
		call(`"event":"terminate","direction":"BUSINESS_INITIATED","to_user_id":"GB.1","duration":5`), "when it was picked up follows from how long it lasted")
	require.Equal(t, compliance.Called{ID: "wacid.1", Line: number, With: who, At: at, State: "ended", Connected: true, Began: at.Add(-time.Minute)},
		call(`"event":"terminate","direction":"BUSINESS_INITIATED","to_user_id":"GB.1","start_time":"1795168740","duration":5`), "or is told")
	require.Equal(t, compliance.Called{ID: "wacid.1", Line: number, With: who, At: at, State: "ended", Connected: true},
		call(`"event":"terminate","direction":"BUSINESS_INITIATED","to_user_id":"GB.1","start_time":"soon"`), "picked up, and nobody knows when")
	require.Equal(t, compliance.Called{ID: "wacid.1", Line: number, With: who, At: at, State: "ended"},
		call(`"event":"terminate","direction":"BUSINESS_INITIATED","to_user_id":"GB.1","status":"FAILED"`))
	require.IsType(t, compliance.Nothing{}, call(`"event":"call_recording_available"`))
}

// TestAccount holds the ladder of account_update and the limits.
func TestAccount(t *testing.T) {
	update := func(value string) []compliance.AccountNews {
		t.Helper()
		var all []compliance.AccountNews
		for _, e := range parse(t, change("account_update", value)) {
			n, ok := e.(compliance.AccountNews)
			require.True(t, ok, "%#v", e)
			require.Equal(t, party.Line{Account: "1"}, n.Line)
			require.Equal(t, at, n.At)
			n.ID, n.Line, n.At, n.Received = "", party.Line{}, time.Time{}, time.Time{}
			all = append(all, n)
		}
		return all
	}
	until := time.Unix(1795773600, 0).UTC()
	for _, c := range []struct {
		why, value string
		want       []compliance.AccountNews
	}{
		{"an end written as a string, as Meta's newer page has it",
			`{"event":"ACCOUNT_RESTRICTION","violation_info":{"violation_type":"UTILITY_TEMPLATE_ABUSE"},"restriction_info":[{"restriction_type":"RESTRICTED_UTILITY_TEMPLATES","expiration":"1795773600"}]}`,
			[]compliance.AccountNews{{Kind: compliance.Restricted, Type: "RESTRICTED_UTILITY_TEMPLATES", Cause: "UTILITY_TEMPLATE_ABUSE", Until: until}}},
		{"a violation with a restriction is a restriction",
			`{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT"},"restriction_info":[{"restriction_type":"RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES"}]}`,
			[]compliance.AccountNews{{Kind: compliance.Restricted, Type: "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES", Cause: "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT"}}},
		{"a warning comes under the name of a restriction",
			`{"event":"ACCOUNT_RESTRICTION","violation_info":{"violation_type":"UTILITY_TEMPLATE_ABUSE"}}`,
			[]compliance.AccountNews{{Kind: compliance.Warned, Type: "UTILITY_TEMPLATE_ABUSE"}}},
		{"and so does a lifting",
			`{"event":"ACCOUNT_RESTRICTION","violation_info":{"violation_type":"UTILITY_TEMPLATE_ABUSE_UNBAN"}}`,
			[]compliance.AccountNews{{Kind: compliance.Reinstated, Type: "RESTRICTED_UTILITY_TEMPLATES", Cause: "UTILITY_TEMPLATE_ABUSE_UNBAN"}}},
		{"the cap on utility ends",
			`{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY"}}`,
			[]compliance.AccountNews{{Kind: compliance.Reinstated, Type: "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING", Cause: "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY"}}},
		{"the ban on Direct Send ends",
			`{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"DIRECT_SEND_UTILITY_CATEGORY_ABUSE_UNBAN"}}`,
			[]compliance.AccountNews{{Kind: compliance.Reinstated, Type: "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES", Cause: "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_UNBAN"}}},
		{"the cap on Direct Send ends, and no ban that came after it",
			`{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT_RECOVERY"}}`,
			[]compliance.AccountNews{{Kind: compliance.Reinstated, Type: "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT", Cause: "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_RATE_LIMIT_RECOVERY"}}},
		{"disabled", `{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"November 20, 2026"}}`,
			[]compliance.AccountNews{{Kind: compliance.Disabled}}},
		{"deleted is as good as disabled", `{"event":"ACCOUNT_DELETED"}`,
			[]compliance.AccountNews{{Kind: compliance.Disabled, Type: "ACCOUNT_DELETED"}}},
		{"an account that left the platform is cut off", `{"event":"ACCOUNT_OFFBOARDED"}`,
			[]compliance.AccountNews{{Kind: compliance.Connection, Type: "DISCONNECTED"}}},
		{"and connected when it is back", `{"event":"ACCOUNT_RECONNECTED"}`,
			[]compliance.AccountNews{{Kind: compliance.Connection, Type: "CONNECTED"}}},
		{"announced without a day", `{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE"}}`,
			[]compliance.AccountNews{{Kind: compliance.Disabling}}},
	} {
		require.Equal(t, c.want, update(c.value), c.why)
	}
	events := parse(t, change("account_update", `{"event":"PARTNER_ADDED","waba_info":{"waba_id":"9"}}`))
	require.IsType(t, compliance.Nothing{}, events[0], "the entry of partner news is no account")

	events = parse(t, change("account_update", `{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":"soon"}]}`))
	require.Len(t, events, 2, "a restriction without a readable end is one all the same")
	require.Zero(t, events[1].(compliance.AccountNews).Until)
	events = parse(t, change("account_update", `{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE","waba_ban_date":"le 27 novembre"}}`))
	require.Len(t, events, 2, "and so is an announcement without a readable day")

	for tier, want := range map[string]int{`"TIER_50"`: 50, `"TIER_250"`: 250, `"TIER_1K"`: 1000, `"TIER_2K"`: 2000, `"TIER_10K"`: 10000,
		`"TIER_100K"`: 100000, `"TIER_UNLIMITED"`: -1, `-1`: -1, `250`: 250, `"2000"`: 2000} {
		n := parse(t, change("business_capability_update", `{"max_daily_conversations_per_business":`+tier+`}`))[0].(compliance.AccountNews)
		require.Equal(t, compliance.Limit, n.Kind)
		require.Equal(t, want, n.Count, tier)
	}

	for _, tier := range []string{`0`, `"TIER_0"`, `-2`} {
		events := parse(t, change("business_capability_update", `{"max_daily_conversations_per_business":`+tier+`}`))
		require.IsType(t, compliance.Unreadable{}, events[0], "%s is no limit, and not to be taken for none", tier)
	}

	known := webhook.CloudAPI{Numbers: map[string]string{"12025550199": "2"}}
	events, err := known.Parse(sample(t, "in_phone_number_quality_update_old.json"), received)
	require.NoError(t, err)
	require.Len(t, events, 2)
	q := events[1].(compliance.AccountNews)
	require.Equal(t, compliance.Quality, q.Kind)
	require.Equal(t, "RED", q.Type)
	require.Equal(t, "2", q.Line.Number)
}

// TestSameNewsTwice: the same words at another time are other news, the same
// words at the same time are the same.
func TestSameNewsTwice(t *testing.T) {
	body := change("account_update", `{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SCAM"}}`)
	first := parse(t, body)[0].(compliance.AccountNews)
	require.Equal(t, first.ID, parse(t, body)[0].(compliance.AccountNews).ID)
	later := parse(t, strings.Replace(body, "1795168800", "1795168900", 1))[0].(compliance.AccountNews)
	require.NotEqual(t, first.ID, later.ID)
	other := parse(t, strings.Replace(body, `"id":"1"`, `"id":"3"`, 1))[0].(compliance.AccountNews)
	require.NotEqual(t, first.ID, other.ID, "another account")

	body = change("user_preferences", `{"metadata":{"phone_number_id":"2"},"user_preferences":[{"wa_id":"447700900123","category":"marketing_messages","value":"stop","timestamp":5}]}`)
	p := parse(t, body)[0].(compliance.Preferred)
	resent := parse(t, strings.Replace(body, "1795168800", "1795168900", 1))[0].(compliance.Preferred)
	require.Equal(t, p.ID, resent.ID, "what has a time of its own is the same in another envelope")
}

// TestErrorsOfALine: an error about no message teaches nothing, unless it bars
// the account.
func TestErrorsOfALine(t *testing.T) {
	events := parse(t, talk(`"errors":[{"code":130429,"title":"x"},{"code":131031,"title":"x"},{"title":"x"},{"code":-1}]`))
	require.Len(t, events, 4)
	require.IsType(t, compliance.Nothing{}, events[0])
	news := events[1].(compliance.AccountNews)
	require.Equal(t, compliance.NumberBarred, news.Kind)
	require.Equal(t, "131031", news.Type)
	require.Equal(t, number, news.Line)
	require.IsType(t, compliance.Nothing{}, events[2])
	require.IsType(t, compliance.Nothing{}, events[3])
}

func TestWithoutATime(t *testing.T) {
	body := strings.Replace(change("account_review_update", `{"decision":"REJECTED"}`), `"time":1795168800,`, "", 1)
	n := parse(t, body)[0].(compliance.AccountNews)
	require.Equal(t, received, n.At, "news without a time happened when it came")
}

func TestTemplates(t *testing.T) {
	const of = `"message_template_id":5,"message_template_name":"x","message_template_language":"en-US"`
	ref := template.Ref{Account: "1", Name: "x", Language: "en_US"}
	for _, c := range []struct {
		why, field, value string
		want              template.Change
	}{
		{"a quality under the field of statuses", "message_template_status_update", `{"previous_quality_score":"GREEN","new_quality_score":"RED",` + of + `}`,
			template.Change{Quality: "RED"}},
		{"a category under the field of statuses", "message_template_status_update", `{"previous_category":"UTILITY","new_category":"MARKETING",` + of + `}`,
			template.Change{Category: category.Marketing, Was: category.Utility}},
		{"new is what counts now and correct what is announced", "template_category_update", `{"new_category":"UTILITY","correct_category":"MARKETING","category_update_timestamp":1795255200,` + of + `}`,
			template.Change{Category: category.Utility, Next: category.Marketing, NextAt: time.Unix(1795255200, 0).UTC()}},
		{"an announced time as a string", "template_category_update", `{"new_category":"UTILITY","correct_category":"MARKETING","category_update_timestamp":"1795255200",` + of + `}`,
			template.Change{Category: category.Utility, Next: category.Marketing, NextAt: time.Unix(1795255200, 0).UTC()}},
		{"a detection names no time", "template_correct_category_detection", `{"category":"UTILITY","correct_category":"MARKETING",` + of + `}`,
			template.Change{Category: category.Utility, Next: category.Marketing}},
		{"a rejection has a reason", "message_template_status_update", `{"event":"REJECTED","reason":"INVALID_FORMAT",` + of + `}`,
			template.Change{Status: template.Rejected, Reason: "INVALID_FORMAT"}},
		{"a scheduled deletion has none", "message_template_status_update", `{"event":"PENDING_DELETION","reason":null,` + of + `}`,
			template.Change{Status: template.PendingDeletion}},
		{"a pause says which it is", "message_template_status_update", `{"event":"PAUSED","reason":"NONE","message_template_category":"MARKETING","other_info":{"title":"FIRST_PAUSE","description":"x"},` + of + `}`,
			template.Change{Status: template.Paused, Reason: "NONE", Category: category.Marketing, Notice: "FIRST_PAUSE"}},
		{"words changed", "message_template_components_update", `{"message_template_title":"Hello","message_template_element":"Your order {{1}} left.","message_template_footer":"The shop","message_template_buttons":[{"message_template_button_type":"URL","message_template_button_text":"Track","message_template_button_url":"https://example.com/{{1}}"},{"message_template_button_type":"PHONE_NUMBER","message_template_button_text":"Call","message_template_button_phone_number":"+12025550123"}],` + of + `}`,
			template.Change{Words: &template.Words{Header: "Hello", Body: "Your order {{1}} left.", Footer: "The shop", Buttons: []template.Button{
				{Type: "URL", Text: "Track", URL: "https://example.com/{{1}}"}, {Type: "PHONE_NUMBER", Text: "Call", Phone: "+12025550123"}}}}},
		{"the body alone", "message_template_components_update", `{"message_template_element":"Your order left.",` + of + `}`,
			template.Change{Words: &template.Words{Body: "Your order left."}}},
	} {
		events := parse(t, change(c.field, c.value))
		require.Len(t, events, 1, c.why)
		got := events[0].(compliance.TemplateNews).Change
		require.NotEmpty(t, got.ID, c.why)
		c.want.ID, c.want.Ref, c.want.Template, c.want.At = got.ID, ref, "5", at
		require.Equal(t, c.want, got, c.why)
	}
}

// What cannot be the words of a template is not taken for any of them.
func TestWordsThatAreNone(t *testing.T) {
	const of = `"message_template_id":5,"message_template_name":"x","message_template_language":"en-US","message_template_element":"Your order left."`
	long := strings.Repeat("a", 4*32768+1)
	for why, value := range map[string]string{
		"a footer that is a number":            `{"message_template_footer":7,` + of + `}`,
		"a title longer than any":              `{"message_template_title":"` + long + `",` + of + `}`,
		"a label longer than any":              `{"message_template_buttons":[{"message_template_button_type":"URL","message_template_button_text":"` + long + `"}],` + of + `}`,
		"an address that is none":              `{"message_template_buttons":[{"message_template_button_type":"URL","message_template_button_url":{}}],` + of + `}`,
		"two members, told of once":            `{"message_template_title":1,"message_template_footer":2,` + of + `}`,
		"two spoilt buttons, told of once too": `{"message_template_buttons":[{"message_template_button_type":"URL","message_template_button_url":1},{"message_template_button_type":"URL","message_template_button_url":2}],` + of + `}`,
	} {
		events := parse(t, change("message_template_components_update", value))
		require.Len(t, events, 1, why)
		require.IsType(t, compliance.Unreadable{}, events[0], why)
	}
}

func TestEchoes(t *testing.T) {
	events := parse(t, change("standby", `{"metadata":{"phone_number_id":"2"},"standby":{"message_echoes":[
		{"id":"wamid.1","timestamp":"1795168800","message":{"recipient":"GB.1","type":"template"}},
		{"id":"wamid.2","timestamp":"1795168800","message":{"recipient_type":"group","to":"g","type":"text"}}]}}`))
	require.Equal(t, compliance.Sent{ID: "wamid.1", Line: number, To: party.Party{User: "GB.1"}, At: at, Type: "template"}, events[0])
	require.IsType(t, compliance.Nothing{}, events[1])
}

// FuzzParse: a body comes to an error or to events, and every event can be
// applied: it has an id, and where it is about a person it names one.
func FuzzParse(f *testing.F) {
	for _, name := range inbound(f) {
		f.Add(sample(f, name))
	}
	f.Add([]byte(talk(`"messages":[{"id":"\ud800"}]`)))
	var c webhook.CloudAPI
	f.Fuzz(func(t *testing.T, b []byte) {
		events, err := c.Parse(b, received)
		if err != nil {
			if events != nil {
				t.Fatal("events and an error")
			}
			return
		}
		for _, e := range events {
			if idOf(t, e) == "" {
				t.Fatalf("no id: %#v", e)
			}
			switch e := e.(type) {
			case compliance.Wrote:
				if e.From.IsZero() || e.At.IsZero() || e.Line.Number == "" {
					t.Fatalf("%#v", e)
				}
			case compliance.Called:
				if e.With.IsZero() || e.At.IsZero() {
					t.Fatalf("%#v", e)
				}
			case compliance.Reported:
				if e.To.IsZero() && e.Group == "" {
					t.Fatalf("%#v", e)
				}
			case compliance.Sent:
				if e.To.IsZero() {
					t.Fatalf("%#v", e)
				}
			case compliance.Unreadable:
				if e.Err == nil {
					t.Fatal("unreadable, and nobody knows why")
				}
			}
			if _, err := json.Marshal(e); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// BenchmarkParse counts events a second: one message, and a full batch of 1,000.
func BenchmarkParse(b *testing.B) {
	var items []string
	for i := range 1000 {
		items = append(items, `{"from":"4477009`+fmt.Sprintf("%05d", i)+`","from_user_id":"GB.`+strconv.Itoa(i)+`","id":"wamid.bWFkZS11cC1pZC0`+strconv.Itoa(i)+`","timestamp":"1795168800","type":"text","text":{"body":"Do you open on Sunday?"}}`)
	}
	for _, c := range []struct {
		name string
		body []byte
		n    int
	}{
		{"message", sample(b, "in_text.json"), 1},
		{"status", sample(b, "in_status_delivered.json"), 1},
		{"batch", []byte(talk(`"messages":[` + strings.Join(items, ",") + `]`)), 1000},
	} {
		b.Run(c.name, func(b *testing.B) {
			var api webhook.CloudAPI
			b.ReportAllocs()
			b.SetBytes(int64(len(c.body)))
			for b.Loop() {
				events, err := api.Parse(c.body, received)
				if err != nil || len(events) != c.n {
					b.Fatal(err, len(events))
				}
			}
			b.ReportMetric(float64(b.N)*float64(c.n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	body := sample(b, "in_text.json")
	secret := []byte("made-up-app-secret")
	sig := sign(secret, body)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := webhook.Verify(secret, body, sig); err != nil {
			b.Fatal(err)
		}
	}
}
