package compliance_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/outcome"
)

// graphError stands for a client library's error type.
type graphError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *graphError) Error() string { return e.Message }

// loudError cannot be written as JSON.
type loudError struct{}

func (loudError) Error() string                { return "loud" }
func (loudError) MarshalJSON() ([]byte, error) { panic("no") }

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		why   string
		a     compliance.Answer
		class outcome.Class
		code  int
	}{
		{"an acknowledgement with a code", compliance.Answer{Ack: compliance.Ack{Codes: []int{131049}}}, outcome.CoolDown, 131049},
		{"an acknowledgement with an HTTP status alone", compliance.Answer{Ack: compliance.Ack{HTTP: 429}}, outcome.RetryAfter, 0},
		{"a provider's code", compliance.Answer{Ack: compliance.Ack{Provider: "gupshup", Codes: []int{1003}}}, outcome.StopNumber, 1003},
		{"a client's error", compliance.Answer{Err: &graphError{131056, "pair"}}, outcome.RetryAfter, 131056},
		{"wrapped by the app", compliance.Answer{Err: fmt.Errorf("order 12: %w", &graphError{132015, "paused"})}, outcome.FixTemplate, 132015},
		{"and by this library", compliance.Answer{Err: &compliance.DeliveryError{Err: fmt.Errorf("x: %w", &graphError{368, "policy"})}}, outcome.StopNumber, 368},
		{"joined to others", compliance.Answer{Err: errors.Join(errors.New("a"), &graphError{131050, "stopped"})}, outcome.Never, 131050},
		{"an error that only says it", compliance.Answer{Err: errors.New("whatsapp: (#130429) Rate limit hit")}, outcome.RetryAfter, 130429},
		{"a body", compliance.Answer{HTTP: 400, Body: []byte(`{"error":{"code":131047,"message":"Re-engagement message"}}`)}, outcome.Never, 131047},
		{"status, code and text", compliance.Answer{HTTP: 400, Codes: []int{63018}, Text: "rate"}, outcome.RetryAfter, 63018},
		{"a time limit on the way", compliance.Answer{Err: context.DeadlineExceeded}, outcome.RetryAfter, 0},
		{"a broken connection", compliance.Answer{Err: fmt.Errorf("post: %w", &net.OpError{Op: "read", Err: errors.New("reset")})}, outcome.RetryAfter, 0},
		{"an error of the app's own", compliance.Answer{Err: errors.New("no such order")}, outcome.Unknown, 0},
		{"an error that cannot be written", compliance.Answer{Err: loudError{}}, outcome.Unknown, 0},
		{"no error", compliance.Answer{Ack: compliance.Ack{Message: "wamid.1"}}, outcome.Unknown, 0},
	} {
		o := compliance.Classify(c.a)
		require.Equal(t, c.class, o.Class, c.why)
		require.Equal(t, c.code, o.Code, c.why)
	}
	require.True(t, compliance.Classify(compliance.Answer{Err: context.DeadlineExceeded}).Maybe, "it may have gone out")
}

func ExampleClassify() {
	// a client answered with an error; what now?
	o := compliance.Classify(compliance.Answer{Err: &graphError{131049, "not delivered to maintain healthy ecosystem engagement"}})
	fmt.Println(o.Class, o.Of, o.Wait(1))
	o = compliance.Classify(compliance.Answer{HTTP: 400, Body: []byte(`{"error":{"code":130429}}`)})
	fmt.Println(o.Class, o.Of, o.Wait(1), o.Wait(4))
	// Output:
	// cool-down person 24h0m0s
	// retry-after number 1s 8s
}
