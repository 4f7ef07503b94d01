package outcome

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxBody bounds what is read of a body: an error answer is small.
const maxBody = 1 << 20

// Read takes the codes, the status and the words of an error out of a JSON body,
// in the shapes of the Cloud API ({"error":{"code":…}}), of a failed status
// ({"errors":[{"code":…}]}), of Twilio ({"code":…,"status":…}, or ErrorCode) and
// of client libraries' error types, whose members are named alike in other cases.
// What is no JSON is taken for the text. It never fails: what is not there is not
// told.
func Read(body []byte) Answer {
	var a Answer
	if len(body) > maxBody {
		return a
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		var text string
		if json.Unmarshal(body, &text) == nil {
			a.Text = text
		} else if !json.Valid(body) {
			a.Text = string(body)
		}
		return a
	}
	a.take(top, 0)
	a.Text = strings.TrimSpace(a.Text)
	return a
}

// take reads the members of one object, and those of the objects errors lie in.
func (a *Answer) take(m map[string]json.RawMessage, depth int) {
	if depth > 4 {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(m)) { // of one answer always the same is read
		raw := m[k]
		switch strings.ReplaceAll(strings.ToLower(k), "_", "") {
		case "code", "errorcode", "channelerrorcode":
			if n, ok := number(raw); ok {
				a.Codes = append(a.Codes, n)
			}
		case "status", "statuscode", "httpstatus", "httpstatuscode":
			if n, ok := number(raw); ok && n >= 100 && n < 600 {
				a.HTTP = n
			}
		case "message", "msg", "title", "details", "detail", "errormessage":
			var s string
			if json.Unmarshal(raw, &s) == nil && s != "" {
				a.Text += s + "\n"
				continue
			}
			a.inner(raw, depth)
		case "error", "err", "errors", "errordata", "data", "cause":
			a.inner(raw, depth)
		}
	}
}

func (a *Answer) inner(raw json.RawMessage, depth int) {
	var one map[string]json.RawMessage
	if json.Unmarshal(raw, &one) == nil {
		a.take(one, depth+1)
		return
	}
	var many []map[string]json.RawMessage
	if json.Unmarshal(raw, &many) == nil {
		for _, one := range many {
			a.take(one, depth+1)
		}
		return
	}
	var s string
	if json.Unmarshal(raw, &s) == nil && s != "" {
		a.Text += s + "\n"
	}
}

// number reads a code, which Twilio's forms and some clients write as text.
func number(raw json.RawMessage) (int, bool) {
	n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	return n, err == nil
}
