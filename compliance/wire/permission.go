package wire

import (
	"fmt"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// maxUnix is the end of the year 9999, the last RFC 3339 can write.
const maxUnix = 253402300799

// CallPermission reads what the Cloud API answered to GET
// /{phone-number-id}/call_permissions, asked about a person on a line at an
// instant. [compliance.Inbox.Receive] applies it: a permission that was lost with
// a webhook is known again, and a limit that others used up holds. A limit counts
// where its usage has reached what is allowed; without an end told it holds for a
// day. A status this version does not know is an error, and so is a temporary
// permission without its end: neither is taken for a yes. Errors are of type
// *[Error].
func CallPermission(body []byte, line party.Line, who party.Party, at time.Time) (compliance.CallPermission, error) {
	p := compliance.CallPermission{Line: line, With: who, At: at}
	root, err := parse(body)
	if err != nil {
		return compliance.CallPermission{}, err
	}
	if root.Kind() != jsondoc.Object {
		return compliance.CallPermission{}, &Error{Line: 1, Err: fmt.Errorf("%w: want an object", ErrType)}
	}
	fail := func(v jsondoc.Value, field string, err error) (compliance.CallPermission, error) {
		if v.None() {
			v, err = root, ErrMissing
		}
		return compliance.CallPermission{}, &Error{Field: field, Line: v.Line(), Err: err}
	}
	status := root.At("permission", "status")
	switch status.String() {
	case "no_permission":
	case "temporary":
		p.Granted = true
		end := root.At("permission", "expiration_time")
		n, ok := end.Int()
		if !ok || n <= 0 || n > maxUnix {
			return fail(end, "permission.expiration_time", fmt.Errorf("%w: want a time in seconds", ErrType))
		}
		p.Until = time.Unix(n, 0).UTC()
	case "permanent":
		p.Granted, p.Permanent = true, true
	default:
		return fail(status, "permission.status", ErrUnknown)
	}
	for _, a := range root.Get("actions").Elements() {
		var into *time.Time
		switch strings.ToLower(a.Get("action_name").String()) {
		case "send_call_permission_request":
			into = &p.AskAgain
		case "start_call":
			into = &p.CallAgain
		default:
			continue
		}
		for _, l := range a.Get("limits").Elements() {
			used, ok := l.Get("current_usage").Int()
			if most, told := l.Get("max_allowed").Int(); !ok || !told || used < most {
				continue
			}
			end := at.Add(24 * time.Hour)
			if n, ok := l.Get("limit_expiration_time").Int(); ok && n > 0 && n <= maxUnix {
				end = time.Unix(n, 0).UTC()
			}
			if end.After(*into) {
				*into = end
			}
		}
	}
	return p, nil
}
