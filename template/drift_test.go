package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/template"
)

func TestDifferences(t *testing.T) {
	const submitted = `{"name":"order","language":"en-US","category":"utility","components":[
		{"type":"header","format":"text","text":"On its way"},
		{"type":"body","text":"Your order {{1}} left.","example":{"body_text":[["17"]]}},
		{"type":"buttons","buttons":[{"type":"url","text":"Track","url":"https://example.com/{{1}}","example":["17"]},{"type":"phone_number","text":"Call","phone_number":"+44 20 7946 0123"}]}]}`
	const held = `{"id":"5","status":"APPROVED","quality_score":{"score":"GREEN"},"name":"order","language":"en_US","category":"UTILITY","parameter_format":"POSITIONAL","components":[
		{"type":"BUTTONS","buttons":[{"type":"URL","text":"Track","url":"https://example.com/{{1}}","example":["https://example.com/17"]},{"type":"PHONE_NUMBER","text":"Call","phone_number":"+442079460123"}]},
		{"type":"HEADER","format":"TEXT","text":"On its way"},
		{"type":"BODY","text":"Your order {{1}} left.","example":{"body_text":[["17"]]}}]}`
	const code = `{"name":"c","language":"en","category":"AUTHENTICATION","message_send_ttl_seconds":300,"components":[{"type":"BODY","add_security_recommendation":true},{"type":"FOOTER","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}]}`
	const codeHeld = `{"id":"6","status":"APPROVED","name":"c","language":"en","category":"AUTHENTICATION","message_send_ttl_seconds":300,"components":[{"type":"BODY","text":"*{{1}}* is your verification code. For your security, do not share this code.","add_security_recommendation":true},{"type":"FOOTER","text":"This code expires in 5 minutes.","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Copy code","url":"https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]}]}`
	parse := func(s string) template.Definition {
		d, err := template.ParseDefinition([]byte(s))
		require.NoError(t, err)
		return d
	}
	for _, c := range []struct {
		why, submitted, held string
		want                 []string
	}{
		{"the same, as Meta writes it", submitted, held, nil},
		{"a one-time code, with Meta's own words", code, codeHeld, nil},
		{"another category", submitted, strings.Replace(held, `"UTILITY"`, `"MARKETING"`, 1), []string{"category"}},
		{"other words", submitted, strings.Replace(held, "order {{1}} left", "order {{1}} has left", 1), []string{"components[1].text"}},
		{"another address", submitted, strings.Replace(held, `"url":"https://example.com/`, `"url":"https://other.example.com/`, 1), []string{"components[2].buttons[0].url"}},
		{"a zero stripped", strings.Replace(submitted, "+44 20", "+44 020", 1), held, []string{"components[2].buttons[1].phone_number"}},
		{"a footer nobody submitted", submitted, strings.Replace(held, `"components":[`, `"components":[{"type":"FOOTER","text":"Hi"},`, 1), []string{"components"}},
		{"no header", submitted, strings.Replace(held, `{"type":"HEADER","format":"TEXT","text":"On its way"},`, "", 1), []string{"components[0]"}},
		{"the time-to-live went", code, strings.Replace(codeHeld, `"message_send_ttl_seconds":300,`, "", 1), []string{"message_send_ttl_seconds"}},
		{"the code lives longer", code, strings.Replace(codeHeld, `"code_expiration_minutes":5`, `"code_expiration_minutes":10`, 1), []string{"components[1].code_expiration_minutes"}},
		{"named now", submitted, strings.Replace(held, "POSITIONAL", "NAMED", 1), []string{"parameter_format"}},
		{"a button fewer", submitted, strings.Replace(held, `,{"type":"PHONE_NUMBER","text":"Call","phone_number":"+442079460123"}`, "", 1), []string{"components[2].buttons"}},
	} {
		sub, h := parse(c.submitted), parse(c.held)
		var got []string
		for _, d := range template.Differences(&sub, &h) {
			require.NotEmpty(t, d.Why)
			got = append(got, d.Where)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.why, diff)
		}
	}

	sub, h := parse(submitted), parse(strings.Replace(held, "left.", "left us.", 1))
	s := template.Shelf{Definitions: []template.Definition{h}, Acts: []template.Act{
		{ID: "1", Kind: template.Submitted, Ref: h.Ref, At: time.Unix(1, 0), Definition: &h},
		{ID: "2", Kind: template.Edited, Ref: h.Ref, At: time.Unix(2, 0), Definition: &sub},
		{ID: "3", Kind: template.Used, Ref: h.Ref, At: time.Unix(3, 0)},
	}}
	n := 0
	for r, all := range s.Drift() {
		n++
		require.Equal(t, h.Ref, r)
		require.Equal(t, "components[1].text", all[0].Where)
	}
	require.Equal(t, 1, n, "what was submitted last is what counts")
}
