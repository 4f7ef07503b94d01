package category

import "strings"

// suggest says what to change. It quotes the template's own words, never a
// person's.
func suggest(d *Draft, s *scratch, r *Reading) string {
	switch r.Category {
	case Authentication:
		for i := range d.Buttons {
			if same(d.Buttons[i].Type, "OTP") {
				return ""
			}
		}
		return "One-time codes may be sent as authentication templates only: use Meta's fixed text and an OTP button."
	case Utility:
		if w := quoted(d, r); w != "" {
			return "Safer without " + w + ": one promotional element makes a template marketing."
		}
		return ""
	case Marketing:
		if len(r.Reasons) > 0 && r.Reasons[0].Weight == 100 {
			return "Templates with this component are marketing whatever they say; leave it out for a utility template."
		}
		w := quoted(d, r)
		switch {
		case w != "" && s.useful > 0:
			return "For utility, leave out " + w + ": mixed content is marketing."
		case w != "":
			return "For utility, leave out " + w + " and name the order, account, appointment or request it is about."
		case s.useful > 0:
			return "For utility, say only what happened to this person's order, account or request, and ask for nothing else."
		}
		return "For utility, name the order, account, appointment or request it is about, with its number or date."
	}
	return ""
}

// quoted lists up to four promotional pieces of the draft.
func quoted(d *Draft, r *Reading) string {
	var b strings.Builder
	n := 0
	for _, x := range r.Reasons {
		if x.For != Marketing || x.Span[1] == 0 || n == 4 {
			continue
		}
		t := d.Text(x.Where)
		if x.Span[1] > len(t) {
			continue
		}
		if n > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('"')
		b.WriteString(t[x.Span[0]:x.Span[1]])
		b.WriteByte('"')
		n++
	}
	return b.String()
}

// Text is the text at the place a Reason names; empty for places without one.
func (d *Draft) Text(where string) string {
	switch where {
	case "header":
		return d.Header
	case "body":
		return d.Body
	case "footer":
		return d.Footer
	}
	for i := range min(len(d.Buttons), MaxButtons) {
		if where == places[partButtons+i] {
			return d.Buttons[i].Text
		}
	}
	return ""
}
