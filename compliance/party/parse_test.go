package party

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	p, err := New("+44 7700 900123", "GB.918", "GB.ENT.919")
	require.NoError(t, err)
	require.Equal(t, Party{Phone: "+447700900123", User: "GB.918", Parent: "GB.ENT.919"}, p)

	p, err = New("", "GB.918", "")
	require.NoError(t, err, "one handle is enough")
	require.Equal(t, []Handle{{User, "GB.918"}}, p.Handles())

	p, err = New("", "", "")
	require.ErrorIs(t, err, ErrNobody)
	require.True(t, p.IsZero())

	p, err = New("07700 900123", "ZZ.1", "GB.1")
	require.True(t, p.IsZero(), "nothing of a party that is wrong is used")
	var all *Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Problems, 3, "every problem is told")
	var pe *PhoneError
	require.ErrorAs(t, err, &pe)
	require.Equal(t, noPlus, pe.Reason)
	require.Equal(t, "party: phone: no plus: Meta would prepend the business's own country code; "+
		"user: its prefix is no ISO 3166 country code in capitals; parent: no ENT. after the country prefix", err.Error())

	p, err = New("+447700900123", "ZZ.1", "")
	require.Error(t, err)
	require.True(t, p.IsZero(), "not even the part that is right")
}

func TestPartyJSON(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Party
		why  string
	}{
		{`{"phone":"+447700900123"}`, Party{Phone: "+447700900123"}, "one handle"},
		{`{"parent":"GB.ENT.1","user":"GB.2","phone":"+44 7700 900123"}`, Party{"+447700900123", "GB.2", "GB.ENT.1"}, "any order; values become canonical"},
		{`{}`, Party{}, "the zero Party is written so"},
		{` { "user" : "GB.2" } `, Party{User: "GB.2"}, "spaces"},
	} {
		var p Party
		require.NoError(t, json.Unmarshal([]byte(c.in), &p), c.why)
		require.Equal(t, c.want, p, c.why)
		b, err := json.Marshal(p)
		require.NoError(t, err)
		var q Party
		require.NoError(t, json.Unmarshal(b, &q))
		require.Equal(t, p, q, "there and back: %s", c.why)
	}

	was := Party{Phone: "+447700900123"}
	for _, c := range []struct{ in, says, why string }{
		{`{"phone":"+447700900123","name":"x"}`, "other than", "an unknown member"},
		{`{"Phone":"+447700900123"}`, "other than", "case counts"},
		{`{"phone":"+447700900124","phone":"+447700900125"}`, "twice", "a duplicate could hide a person"},
		{`{"phone":447700900123}`, "no string", "a number loses its plus"},
		{`{"phone":null}`, "no string", "null is not known, and then it is left out"},
		{`{"phone":{"x":1}}`, "no string", "an object"},
		{`{"phone":""}`, "empty", "Meta omits what is absent, and so do we"},
		{`{"phone":"07700900123"}`, "no plus", "no number"},
		{`{"user":"GB.1","parent":"GB.2"}`, "parent", "one of two is wrong"},
		{`["+447700900123"]`, "no object", "an array"},
		{`"+447700900123"`, "no object", "a string"},
		{`{"phone":"+447700900123","user":"` + strings.Repeat("x", maxJSON) + `"}`, "bytes", "too large"},
	} {
		p := was
		err := json.Unmarshal([]byte(c.in), &p)
		require.ErrorContains(t, err, c.says, c.why)
		require.Equal(t, was, p, "nothing half applied: %s", c.why)
	}

	p := was
	require.NoError(t, json.Unmarshal([]byte("null"), &p))
	require.Equal(t, was, p, "null changes nothing")
	for _, in := range []string{``, `{`, `{"phone"`, `{"phone":"+447700900123"`, `{"phone":"+447700900123"} {}`, `nonsense`} {
		require.Error(t, p.UnmarshalJSON([]byte(in)), "called without encoding/json in front: %q", in)
	}
}

func FuzzPartyJSON(f *testing.F) {
	for _, s := range []string{`{"phone":"+447700900123"}`, `{}`, `null`, `{"user":"GB.1","parent":"GB.ENT.2"}`, `{"phone":"x","phone":"y"}`, `[`, `{"a":{}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Party
		if err := p.UnmarshalJSON(b); err != nil {
			if !p.IsZero() {
				t.Fatalf("half applied beside %v", err)
			}
			return
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Party
		if err := json.Unmarshal(out, &q); err != nil || q != p {
			t.Fatalf("%s: %v, %v", out, q, err)
		}
		if !p.IsZero() {
			if q, err := New(p.Phone, p.User, p.Parent); err != nil || q != p {
				t.Fatalf("New refuses what was read: %v", errors.Unwrap(err))
			}
		}
	})
}
