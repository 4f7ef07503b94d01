package compliance

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/waguard/waguard/compliance/outcome"
)

// An Answer is whatever an app knows about what became of a send. Every field may
// be left empty.
type Answer struct {
	Ack      Ack    // as the client's answer was read
	Err      error  // of the client
	Provider string // meta, twilio, gupshup; empty: told by the code
	HTTP     int    // status of the answer
	Codes    []int  // error codes, also those of a failed status
	Body     []byte // of the answer, JSON or text
	Text     string // of the error
}

// Classify says what an answer to a send means for the next one: never again,
// again after a while, leave this person out for a while, mend the template, or
// stop this number; see package [outcome] for the table it goes by. A code
// decides before a text and a text before an HTTP status. An error that is a
// failure of the way there (a time limit, a broken connection) may go again, and
// Maybe says that the message may have gone out. What nobody here can read is
// [outcome.Unknown] and no reason to try again; an answer without any error is
// Unknown too.
func Classify(a Answer) outcome.Outcome {
	in := outcome.Answer{Provider: a.Provider, Codes: a.Codes, HTTP: a.HTTP, Text: a.Text}
	in.Codes = append(append([]int(nil), in.Codes...), a.Ack.Codes...)
	if in.Provider == "" {
		in.Provider = a.Ack.Provider
	}
	if in.HTTP == 0 {
		in.HTTP = a.Ack.HTTP
	}
	in.Text = strings.TrimSpace(in.Text + "\n" + a.Ack.Details)
	add := func(more outcome.Answer) {
		in.Codes = append(in.Codes, more.Codes...)
		if in.HTTP == 0 {
			in.HTTP = more.HTTP
		}
		in.Text = strings.TrimSpace(in.Text + "\n" + more.Text)
	}
	if len(a.Body) > 0 {
		add(outcome.Read(a.Body))
	}
	if a.Err != nil {
		add(readError(a.Err))
	}
	o := outcome.Builtin().Classify(in)
	if o.Class == outcome.Unknown && a.Err != nil && len(in.Codes) == 0 && in.HTTP == 0 && onTheWay(a.Err) {
		o = outcome.Builtin().Classify(outcome.Answer{HTTP: 504})
	}
	return o
}

// onTheWay reports whether an error happened between here and the platform.
func onTheWay(err error) bool {
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed)
}

// readError takes what an error and those it wraps say of the platform's answer.
// Client libraries each have a type of their own, and most keep the members of the
// answer in it, so their JSON is read.
func readError(err error) (a outcome.Answer) {
	for depth := 0; err != nil && depth < 16; depth++ {
		switch err.(type) {
		case *Refusal, *DeliveryError: // ours; what the platform said is inside
		default:
			one := readOne(err)
			if len(a.Codes) == 0 {
				a.Codes = one.Codes
			}
			if a.HTTP == 0 {
				a.HTTP = one.HTTP
			}
			if a.Text == "" {
				a.Text = err.Error()
			}
			a.Text += "\n" + one.Text
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range many.Unwrap() {
				inner := readError(e)
				a.Codes = append(a.Codes, inner.Codes...)
				a.Text += "\n" + inner.Text
				if a.HTTP == 0 {
					a.HTTP = inner.HTTP
				}
			}
			return a
		}
		err = errors.Unwrap(err)
	}
	return a
}

func readOne(err error) (a outcome.Answer) {
	defer func() {
		if recover() != nil { // a type of the app's that cannot be written as JSON
			a = outcome.Answer{}
		}
	}()
	body, bad := json.Marshal(err)
	if bad != nil || len(body) < 2 || body[0] != '{' {
		return outcome.Answer{}
	}
	return outcome.Read(body)
}
