package wire

import (
	"slices"
	"strconv"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/template"
)

// A Content is what an id of a provider's own stands for, where a body names
// that and not Meta's template: Twilio's ContentSid, Gupshup's template id.
type Content struct {
	// Template is the registered template: name, language, and the account when
	// it is not that of the line.
	Template template.Ref
	// Texts are the words of a content that is no template but an ordinary
	// message, such as a list picker, with {{1}} where a variable goes.
	Texts []compliance.Text
	// Type is the wire type of such a message: "interactive/list".
	Type string
	// Places says where a variable stands when it is none of the body's:
	// "header", "button.0". Twilio numbers variables through the whole content,
	// Meta from 1 in each component.
	Places map[string]string
}

// WithContents says what the provider's own ids stand for. A template whose id
// nobody knows stays without a name or a language, and is held.
func WithContents(find func(id string) (Content, bool)) Option {
	return func(m *compliance.Message) {
		if m.Kind != compliance.Template || m.Template.Language != "" {
			return
		}
		c, ok := find(m.Template.Name)
		if !ok {
			return
		}
		values := variables(m.Template.Parts)
		if len(c.Texts) > 0 {
			m.Kind, m.Type, m.Template = compliance.Freeform, c.Type, template.Filled{}
			if m.Type == "" {
				m.Type = "content"
			}
			for _, t := range c.Texts {
				t.Words = fill(t.Words, values)
				m.Texts = append(m.Texts, t)
			}
			return
		}
		if c.Template.Account != "" {
			m.From.Account = c.Template.Account
		}
		m.Template.Name, m.Template.Language = c.Template.Name, template.Language(c.Template.Language)
		m.Locale = locale(c.Template.Language)
		m.Template.Parts = place(m.Template.Parts, values, c.Places)
	}
}

// variables are the numbered values of a content, which a decoder leaves in the
// body, named as the provider names them.
func variables(parts []template.Part) []template.Value {
	for i := range parts {
		if parts[i].Type == "body" {
			return parts[i].Values
		}
	}
	return nil
}

// place moves values to where they stand. Names that are numbers only count
// variables through, which Meta does in each part by order.
func place(parts []template.Part, values []template.Value, places map[string]string) []template.Part {
	var all []template.Part
	for _, p := range parts {
		if p.Type != "body" {
			all = append(all, p)
		}
	}
	for _, v := range values {
		to := places[v.Name]
		p := template.Part{Type: to, Index: -1}
		if n, button := strings.CutPrefix(to, "button."); button {
			p.Type, p.Sub = "button", "url"
			if i, err := strconv.Atoi(n); err == nil {
				p.Index = i
			}
		} else if to == "" {
			p.Type = "body"
		}
		if counted(v.Name) {
			v.Name = ""
		}
		at := slices.IndexFunc(all, func(x template.Part) bool { return x.Type == p.Type && x.Index == p.Index })
		if at < 0 {
			at = len(all)
			all = append(all, p)
		}
		all[at].Values = append(all[at].Values, v)
	}
	return all
}

func counted(name string) bool {
	return name != "" && len(name) <= 4 && strings.Trim(name, "0123456789") == ""
}

func fill(words string, values []template.Value) string {
	for _, v := range values {
		words = strings.ReplaceAll(words, "{{"+v.Name+"}}", v.Text)
	}
	return words
}

func itoa(n int) string { return strconv.Itoa(n) }
