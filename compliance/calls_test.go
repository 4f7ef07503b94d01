package compliance_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

func callTo(who party.Party) compliance.Message {
	return compliance.Message{Kind: compliance.Call, Type: "call", From: line, To: who}
}

func askFree(who party.Party) compliance.Message {
	m := reply(who, "May we call you about order 8812?")
	m.Type, m.CallRequest = "interactive/call_permission_request", true
	return m
}

func askTemplate(who party.Party) compliance.Message {
	m := notice(who)
	m.Template = filled("may_we_call", "8812")
	return m
}

// callShop is a shop whose customer asha agreed to calls on the web, and which
// has a template that asks for the permission in WhatsApp.
func callShop(t *testing.T) *shop {
	s := newShop(t, nil)
	d, err := template.ParseDefinition([]byte(`{"id":"may_we_call","name":"may_we_call","language":"en","status":"APPROVED","category":"UTILITY","components":[
		{"type":"BODY","text":"Your order {{1}} is held at the depot. May we call you to agree on a day for its delivery?","example":{"body_text":[["8812"]]}},{"type":"call_permission_request"}]}`))
	require.NoError(t, err)
	d.Ref.Account = "A1"
	require.NoError(t, s.Inbox().Templates(t.Context(), noon.Add(-time.Hour), d))
	return s
}

// calls reads what the shop's stores say about calling a person.
func (s *shop) calls(t *testing.T, who party.Party) window.Calls {
	ms, err := s.stores.Windows.Marks(t.Context(), window.Place{Line: line, Handles: who.Handles()})
	require.NoError(t, err)
	return window.CallsAt(ms, s.clock.Now(), window.DefaultCallRules())
}

func (s *shop) hears(t *testing.T, events ...compliance.Event) {
	t.Helper()
	l, err := s.Inbox().Receive(t.Context(), events...)
	require.NoError(t, err)
	require.Empty(t, l.Unreadable)
}

func answers(ack compliance.Ack, err error) func(context.Context) (compliance.Ack, error) {
	return func(context.Context) (compliance.Ack, error) { return ack, err }
}

func refusedBy(t *testing.T, err error) (rules []policy.ID, retry time.Time) {
	t.Helper()
	var r *compliance.Refusal
	require.ErrorAs(t, err, &r)
	for _, v := range r.Decisions[0].Violations {
		if v.Severity == policy.Block {
			rules = append(rules, v.Rule)
		}
	}
	return rules, r.Decisions[0].RetryAt
}

// Do counts a call once it was placed, and webhooks about the same call count
// it no second time, under whichever handle and in whichever order they come.
func TestDoCountsACall(t *testing.T) {
	both := party.Party{Phone: asha.Phone, User: "GB.91827364554637281900"}
	granted := compliance.CallAnswer{ID: "p1", Line: line, From: both, At: noon.Add(-time.Hour), Granted: true, Permanent: true}
	told := []compliance.Event{
		compliance.Called{ID: "wacid.1", Line: line, With: both, At: noon.Add(time.Second), State: "connect"},
		compliance.Called{ID: "wacid.1", Line: line, With: asha, At: noon.Add(2 * time.Second), State: "ringing"},
		compliance.Called{ID: "wacid.1", Line: line, With: both, At: noon.Add(8 * time.Second), State: "accepted"},
		compliance.Called{ID: "wacid.1", Line: line, With: both, At: noon.Add(time.Minute), State: "ended", Connected: true, Began: noon.Add(8 * time.Second)},
	}
	for why, ack := range map[string]compliance.Ack{"the client told the id": {Message: "wacid.1"}, "the client told no id": {}} {
		t.Run(why, func(t *testing.T) {
			s := callShop(t)
			s.hears(t, granted)
			_, err := s.Do(t.Context(), callTo(asha), answers(ack, nil))
			require.NoError(t, err)
			require.Len(t, s.calls(t, both).Connected, 1, "placed, and it may have connected")
			s.clock.Set(noon.Add(2 * time.Minute))
			s.hears(t, slices.Concat(told, told)...)
			c := s.calls(t, both)
			require.Equal(t, []time.Time{noon.Add(8 * time.Second)}, c.Connected, "still one")
			require.Zero(t, c.Unanswered)
		})
	}
	t.Run("what was told comes before the client returns", func(t *testing.T) {
		s := callShop(t)
		s.hears(t, granted)
		_, err := s.Do(t.Context(), callTo(asha), func(context.Context) (compliance.Ack, error) {
			s.clock.Set(noon.Add(2 * time.Minute))
			s.hears(t, told...)
			return compliance.Ack{Message: "wacid.1"}, nil
		})
		require.NoError(t, err)
		require.Len(t, s.calls(t, both).Connected, 1)
	})
	t.Run("a call is no reply", func(t *testing.T) {
		s := callShop(t)
		s.hears(t, granted)
		_, err := s.Do(t.Context(), callTo(asha), answers(compliance.Ack{Message: "wacid.1"}, nil))
		require.NoError(t, err)
		ms, err := s.stores.Windows.Marks(t.Context(), window.Place{Line: line, Handles: asha.Handles()})
		require.NoError(t, err)
		require.False(t, slices.ContainsFunc(ms, func(m window.Mark) bool { return m.Kind == window.Replied }))
	})
}

// What the platform answered to a call or a request is learned also from the
// error of a client.
func TestDoLearnsFromRefusedCalls(t *testing.T) {
	granted := compliance.CallAnswer{ID: "p1", Line: line, From: asha, At: noon.Add(-time.Hour), Granted: true, Permanent: true}
	for _, c := range []struct {
		why    string
		code   int
		ask    bool
		after  time.Duration
		broken []policy.ID
		retry  time.Time
	}{
		{"138006: there is no permission", 138006, false, time.Hour, []policy.ID{"call-permission-granted"}, time.Time{}},
		{"138012: as many calls connected as may", 138012, false, time.Hour, []policy.ID{"call-connected-limit"}, noon.Add(24 * time.Hour)},
		{"138012, a day later", 138012, false, 24 * time.Hour, nil, time.Time{}},
		{"138009: as many requests as may", 138009, true, time.Hour, []policy.ID{"call-request-limit"}, noon.Add(24 * time.Hour)},
		{"138009, a day later", 138009, true, 24 * time.Hour, nil, time.Time{}},
		{"138014: paused for quality", 138014, false, 6 * 24 * time.Hour, []policy.ID{"account-not-restricted"}, noon.Add(7 * 24 * time.Hour)},
		{"138014, a week later", 138014, false, 7 * 24 * time.Hour, nil, time.Time{}},
		{"138003: called already, which teaches nothing", 138003, false, time.Hour, nil, time.Time{}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := callShop(t)
			s.hears(t, granted)
			m := callTo(asha)
			if c.ask {
				m = askTemplate(asha)
			}
			_, err := s.Do(t.Context(), m, answers(compliance.Ack{Codes: []int{c.code}}, errors.New("refused")))
			require.Error(t, err)
			require.Empty(t, s.calls(t, asha).Connected, "a call that was not placed did not connect")
			require.Empty(t, s.calls(t, asha).Asked, "nor was a request sent")
			s.clock.Set(noon.Add(c.after))
			_, err = s.Do(t.Context(), m, answers(compliance.Ack{}, nil))
			if c.broken == nil {
				require.NoError(t, err)
				return
			}
			rules, retry := refusedBy(t, err)
			require.Equal(t, c.broken, rules)
			require.Equal(t, c.retry, retry)
		})
	}
	s := callShop(t)
	_, err := s.Do(t.Context(), askTemplate(asha), answers(compliance.Ack{Codes: []int{138017}}, errors.New("refused")))
	require.Error(t, err)
	require.True(t, s.calls(t, asha).Permanent, "138017 says that calls are allowed for good")
}

// Do counts a request for permission once it was delivered.
func TestDoCountsARequest(t *testing.T) {
	s := callShop(t)
	s.writes(t, "w1", asha, "when does my order arrive?")
	_, err := s.Do(t.Context(), askFree(asha), answers(compliance.Ack{}, errors.New("connection reset")))
	require.Error(t, err)
	require.Empty(t, s.calls(t, asha).Asked, "what the client could not deliver is not counted")

	_, err = s.Do(t.Context(), askFree(asha), answers(compliance.Ack{Message: "wamid.1"}, nil))
	require.NoError(t, err)
	require.Equal(t, window.CallsRequested, s.calls(t, asha).State)
	for _, m := range []compliance.Message{askFree(asha), askTemplate(asha)} {
		rules, _ := refusedBy(t, errorOf(s.Do(t.Context(), m, answers(compliance.Ack{}, nil))))
		require.Equal(t, []policy.ID{"call-request-limit"}, rules)
	}
	d := s.Check(t.Context(), askTemplate(asha))
	require.Equal(t, noon.Add(24*time.Hour), d.RetryAt)
	require.Equal(t, compliance.Allow, s.Check(t.Context(), notice(asha)).Verdict, "other messages are not held to it")

	// a failed status takes it back, unless another device got it
	s.hears(t, compliance.Reported{ID: "wamid.1", Line: line, To: asha, At: noon, Status: "delivered"},
		compliance.Reported{ID: "wamid.1", Line: line, To: asha, At: noon, Status: "failed", Codes: []int{131000}})
	require.Len(t, s.calls(t, asha).Asked, 1)
	s.clock.Set(noon.Add(24 * time.Hour))
	_, err = s.Do(t.Context(), askTemplate(asha), answers(compliance.Ack{Message: "wamid.2"}, nil))
	require.NoError(t, err)
	require.Len(t, s.calls(t, asha).Asked, 2)
	s.hears(t, compliance.Reported{ID: "wamid.2", Line: line, To: asha, At: s.clock.Now(), Status: "failed", Codes: []int{131000}})
	require.Len(t, s.calls(t, asha).Asked, 1)
}

func errorOf[A any](_ A, err error) error { return err }

// What the API says of a permission stands from the instant it said so.
func TestCallPermission(t *testing.T) {
	answer := func(change func(*compliance.CallPermission)) compliance.CallPermission {
		p := compliance.CallPermission{Line: line, With: asha, At: noon}
		change(&p)
		return p
	}
	week := 7 * 24 * time.Hour
	for _, c := range []struct {
		why    string
		before []compliance.Event
		answer compliance.CallPermission
		want   window.Calls
	}{
		{"a yes that was lost", nil, answer(func(p *compliance.CallPermission) { p.Granted, p.Permanent = true, true }),
			window.Calls{State: window.CallsPermanent, Allowed: true, Permanent: true, Since: noon}},
		{"a week that ends in a day began six days ago", nil, answer(func(p *compliance.CallPermission) { p.Granted, p.Until = true, noon.Add(24*time.Hour) }),
			window.Calls{State: window.CallsTemporary, Allowed: true, Since: noon.Add(24*time.Hour - week), Until: noon.Add(24 * time.Hour)}},
		{"a no that was lost", []compliance.Event{compliance.CallAnswer{ID: "p1", Line: line, From: asha, At: noon.Add(-time.Hour), Granted: true, Permanent: true}},
			answer(func(*compliance.CallPermission) {}), window.Calls{State: window.CallsRevoked, Since: noon}},
		{"limits that others used up", nil, answer(func(p *compliance.CallPermission) {
			p.Granted, p.Permanent, p.AskAgain, p.CallAgain = true, true, noon.Add(3*time.Hour), noon.Add(5*time.Hour)
		}), window.Calls{State: window.CallsPermanent, Allowed: true, Permanent: true, Since: noon, AskAgain: noon.Add(3 * time.Hour), CallAgain: noon.Add(5 * time.Hour)}},
		{"a week's limit that ends in five days", []compliance.Event{compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), ByCustomer: true, State: "ended", Connected: true}},
			answer(func(p *compliance.CallPermission) { p.AskAgain = noon.Add(5 * 24 * time.Hour) }),
			window.Calls{State: window.CallsRevoked, Since: noon, AskAgain: noon.Add(5 * 24 * time.Hour)}},
		{"limits that ended before", nil, answer(func(p *compliance.CallPermission) { p.AskAgain, p.CallAgain = noon, noon.Add(-time.Hour) }),
			window.Calls{State: window.CallsRevoked, Since: noon}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := callShop(t)
			s.hears(t, append(c.before, c.answer, c.answer)...)
			require.Equal(t, c.want, s.calls(t, asha))
		})
	}
}

// How a customer said no tells a request declined from a permission taken back.
func TestCallAnswersApart(t *testing.T) {
	for why, c := range map[string]struct {
		answer compliance.CallAnswer
		want   window.CallState
	}{
		"an answer to a request":  {compliance.CallAnswer{Request: "wamid.1"}, window.CallsDeclined},
		"in the business profile": {compliance.CallAnswer{}, window.CallsRevoked},
		"WhatsApp by itself":      {compliance.CallAnswer{Automatic: true}, window.CallsRevoked},
		"by itself, about a call": {compliance.CallAnswer{Automatic: true, Request: "wacid.1"}, window.CallsRevoked},
	} {
		s := callShop(t)
		c.answer.ID, c.answer.Line, c.answer.From, c.answer.At = "p1", line, asha, noon
		s.hears(t, c.answer)
		require.Equal(t, c.want, s.calls(t, asha).State, why)
	}
}

// Any shuffle and any repetition of what is told about calls gives one state,
// and so do the decisions that follow from it.
func TestCallsInAnyOrderGiveOneState(t *testing.T) {
	both := party.Party{Phone: asha.Phone, User: "GB.91827364554637281900"}
	user := party.Party{User: both.User}
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	lives := map[string][]compliance.Event{
		"asked, allowed, called": {
			compliance.Wrote{ID: "w1", Line: line, From: both, At: at(0), Type: "text", Text: "hello"},
			compliance.Sent{ID: "r1", Line: line, To: asha, At: at(1), Type: "interactive/call_permission_request"},
			compliance.CallAnswer{ID: "p1", Line: line, From: user, At: at(2), Granted: true, Until: at(2 + 168), Request: "r1"},
			compliance.Called{ID: "c1", Line: line, With: asha, At: at(3), State: "connect"},
			compliance.Called{ID: "c1", Line: line, With: user, At: at(3).Add(time.Second), State: "ringing"},
			compliance.Called{ID: "c1", Line: line, With: both, At: at(3).Add(9 * time.Second), State: "accepted"},
			compliance.Called{ID: "c1", Line: line, With: both, At: at(4), State: "ended", Connected: true, Began: at(3).Add(10 * time.Second)},
			compliance.Sent{ID: "r2", Line: line, To: asha, At: at(5), Type: "interactive/call_permission_request"},
			compliance.CallAnswer{ID: "p2", Line: line, From: user, At: at(6), Request: "r2"},
			compliance.CallAnswer{ID: "p3", Line: line, From: asha, At: at(7), Granted: true, Permanent: true},
		},
		"four calls that were not taken": {
			compliance.CallAnswer{ID: "p1", Line: line, From: both, At: at(0), Granted: true, Permanent: true},
			compliance.Called{ID: "c1", Line: line, With: asha, At: at(1), State: "rejected"},
			compliance.Called{ID: "c1", Line: line, With: asha, At: at(1).Add(time.Second), State: "ended"},
			compliance.Called{ID: "c2", Line: line, With: user, At: at(2), State: "ended"},
			compliance.Called{ID: "c3", Line: line, With: user, At: at(3), State: "connect"},
			compliance.Called{ID: "c3", Line: line, With: user, At: at(3).Add(time.Minute), State: "ended"},
			compliance.Called{ID: "c4", Line: line, With: asha, At: at(4), State: "rejected"},
			compliance.Called{ID: "c5", Line: line, With: asha, At: at(5), ByCustomer: true, State: "connect"},
			compliance.Called{ID: "c5", Line: line, With: asha, At: at(5).Add(time.Minute), ByCustomer: true, State: "ended"},
		},
		"answers of the platform": {
			compliance.Wrote{ID: "w1", Line: line, From: both, At: at(0), Type: "text", Text: "hello"},
			compliance.CallAnswer{ID: "p1", Line: line, From: asha, At: at(1), Granted: true, Permanent: true},
			compliance.Reported{ID: "x1", Line: line, To: user, At: at(2), Status: "failed", Codes: []int{138006}},
			compliance.Reported{ID: "x2", Line: line, To: user, At: at(3), Status: "failed", Codes: []int{138009}},
			compliance.Reported{ID: "x3", Line: line, To: asha, At: at(4), Status: "failed", Codes: []int{138012}},
			compliance.CallPermission{Line: line, With: user, At: at(5), Granted: true, Until: at(5 + 100), AskAgain: at(40)},
			compliance.Called{ID: "c1", Line: line, With: asha, At: at(6), ByCustomer: true, State: "ended", Connected: true, Began: at(6)},
		},
	}
	type outcome struct {
		Calls    window.Calls
		Verdicts []compliance.Verdict
		Retries  []time.Time
	}
	rng := rand.New(rand.NewPCG(3, 9))
	for why, events := range lives {
		t.Run(why, func(t *testing.T) {
			var want outcome
			for round := range 40 {
				s := callShop(t)
				s.clock.Set(at(8))
				list := slices.Clone(events)
				if round > 0 {
					list = append(list, list[rng.IntN(len(list))], list[rng.IntN(len(list))])
					rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
				}
				for len(list) > 0 {
					n := min(1+rng.IntN(4), len(list))
					s.hears(t, list[:n]...)
					list = list[n:]
				}
				got := outcome{Calls: s.calls(t, both)}
				for _, m := range []compliance.Message{callTo(asha), callTo(user), askTemplate(asha), reply(asha, "Yes.")} {
					d := s.Check(t.Context(), m)
					got.Verdicts, got.Retries = append(got.Verdicts, d.Verdict), append(got.Retries, d.RetryAt)
				}
				if round == 0 {
					want = got
					continue
				}
				require.Equal(t, want, got, "round %d", round)
			}
		})
	}
}

// The figures of the book are those of package window, where it has them.
func TestBookAndWindowAgreeOnCalls(t *testing.T) {
	edition := func(id policy.ID) *policy.Edition {
		i, ok := book().Index(id)
		require.True(t, ok)
		return book().At(noon).Edition(i)
	}
	number := func(id policy.ID, name string) int {
		n, ok, err := policy.Param[int](edition(id), name)
		require.NoError(t, err)
		require.True(t, ok, "%s: %s", id, name)
		return n
	}
	require.Equal(t, window.UnansweredCallsWarn, number("call-permission-granted", "unanswered_warn"))
	require.Equal(t, window.UnansweredCallsRevoke, number("call-permission-granted", "unanswered_revoke"))
	h, ok, err := policy.Param[struct {
		Hours int `json:"hours"`
	}](edition("call-permission-granted"), "temporary")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, window.CallPermissionTemporary, time.Duration(h.Hours)*time.Hour)
	require.Equal(t, []int{1, 2, 100}, []int{number("call-request-limit", "per_24h"), number("call-request-limit", "per_7d"), number("call-connected-limit", "per_24h")})
}
