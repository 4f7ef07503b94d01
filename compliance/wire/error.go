package wire

import (
	"errors"
	"fmt"

	"github.com/waguard/waguard/internal/jsondoc"
)

// MaxSize is the largest body read, in bytes. Meta's largest body with text in
// it (a list, a Flow with data) stays far below; media is sent by link or id.
const MaxSize = 1 << 20

// What can be wrong with a body; see [Error].
var (
	ErrSize      = jsondoc.ErrSize
	ErrSyntax    = jsondoc.ErrSyntax
	ErrDepth     = jsondoc.ErrDepth
	ErrDuplicate = jsondoc.ErrDuplicate
	ErrUTF8      = jsondoc.ErrUTF8
	ErrMissing   = errors.New("is missing")
	ErrType      = errors.New("has the wrong type")
	ErrUnknown   = errors.New("is unknown")
	ErrEncoding  = errors.New("is not encoded as a form")
	ErrChannel   = errors.New("is for another channel than WhatsApp")
	ErrEndpoint  = errors.New("goes to an endpoint whose bodies are not known")
	ErrHeader    = errors.New("has a header that changes how it is read")
	ErrQuery     = errors.New("has a query that may change what is sent")
)

// An Error is a fault in a body: the field, its line and what is wrong with it.
// It never carries what stands there.
type Error struct {
	Field string // "interactive.action.buttons[0]"; empty: the body as a whole
	Line  int    // from 1
	Err   error  // one of the errors above, perhaps with a word more
}

func (e *Error) Error() string {
	return fmt.Sprintf("wire: line %d: %s", e.Line, e.Cause())
}

// Cause is the fault without the line, fit for a journal.
func (e *Error) Cause() string {
	if e.Field == "" {
		return "the body " + e.Err.Error()
	}
	return e.Field + " " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// parse reads a body as a whole.
func parse(body []byte) (jsondoc.Value, error) {
	d, err := jsondoc.Parse(body, MaxSize)
	if err != nil {
		e := &Error{Line: 1, Err: err}
		var at *jsondoc.Error
		if errors.As(err, &at) {
			e.Line, e.Err = at.Line, at.Err
		}
		return jsondoc.Value{}, e
	}
	root := d.Root()
	if err := root.Fault(); err != nil {
		v, path := root.FaultAt()
		return jsondoc.Value{}, &Error{Field: path, Line: v.Line(), Err: err}
	}
	return root, nil
}
