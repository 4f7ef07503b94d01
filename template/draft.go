package template

import "github.com/waguard/waguard/category"

// Draft is the definition as package category reads it: its own words, with the
// placeholders as they are written. Cards of a carousel are left out.
func (d *Definition) Draft() category.Draft {
	out := category.Draft{Lang: d.Ref.Language, Name: d.Ref.Name}
	for i := range d.Components {
		switch k := &d.Components[i]; {
		case is(k.Type, "HEADER"):
			out.HeaderFormat, out.Header = k.Format, k.Text
		case is(k.Type, "BODY"):
			out.Body = k.Text
			if string(k.Extra["add_security_recommendation"]) == "true" {
				out.Components = append(out.Components, "ADD_SECURITY_RECOMMENDATION")
			}
		case is(k.Type, "FOOTER"):
			out.Footer = k.Text
			if given(k.Extra["code_expiration_minutes"]) {
				out.Components = append(out.Components, "CODE_EXPIRATION_MINUTES")
			}
		case is(k.Type, "BUTTONS"):
			for j := range k.Buttons {
				out.Buttons = append(out.Buttons, category.Button{Type: k.Buttons[j].Type, Text: k.Buttons[j].Text, URL: k.Buttons[j].URL})
			}
		default:
			out.Components = append(out.Components, k.Type)
		}
	}
	return out
}
