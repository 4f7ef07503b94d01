package webhook

import (
	"strings"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/internal/jsondoc"
	"github.com/waguard/waguard/template"
)

// template reads news about one template. What it is about shows in its
// members: Meta's own page prints a quality under the status field.
func (p *parser) template(v jsondoc.Value) {
	c := template.Change{ID: p.digest(v, ""), At: p.at(), Template: word(v.Get("message_template_id")),
		Ref: template.Ref{Account: p.account, Name: word(v.Get("message_template_name")),
			Language: template.Language(word(v.Get("message_template_language")))}}
	if c.Template == "" && (c.Ref.Name == "" || c.Ref.Language == "") {
		p.unreadable(v, "message_template_id", errMissing)
		return
	}
	ok := true
	read := func(key string) category.Category {
		w := v.Get(key)
		if w.None() {
			return category.Unknown
		}
		k, known := category.Parse(w.String())
		if !known || k == category.Service {
			p.unreadable(v, key, errUnknown)
			ok = false
		}
		return k
	}
	switch {
	case !v.Get("new_quality_score").None():
		c.Quality = strings.ToUpper(word(v.Get("new_quality_score")))
	case !v.Get("correct_category").None():
		// an announcement: "new" is the one in effect now, "correct" takes
		// over at the time given
		c.Next = read("correct_category")
		if c.Category = read("new_category"); v.Get("new_category").None() {
			c.Category = read("category")
		}
		if at := v.Get("category_update_timestamp"); !at.None() {
			t, sound := instant(at)
			if !sound {
				p.unreadable(v, "category_update_timestamp", errTime)
				return
			}
			c.NextAt = t
		}
	case !v.Get("new_category").None():
		c.Category = read("new_category")
		c.Was = read("previous_category")
	case !v.Get("event").None():
		c.Status = template.Status(strings.ToUpper(word(v.Get("event"))))
		c.Reason = word(v.Get("reason"))
		c.Category = read("message_template_category")
		if other := v.Get("other_info"); other.Fault() == nil {
			c.Notice = strings.ToUpper(word(other.Get("title")))
		}
	case !v.Get("message_template_element").None():
		c.Words = p.words(v)
		ok = c.Words != nil
	default:
		p.nothing(v, "", p.field, "names no status, quality or category")
		return
	}
	if ok {
		p.emit(compliance.TemplateNews{Change: c})
	}
}

// words reads the components a webhook tells of: the texts, and the buttons that
// open an address or call a number. A member that is no text, or longer than any,
// says nothing of the template, and then none of its words is taken: what they are
// is not known.
func (p *parser) words(v jsondoc.Value) *template.Words {
	w, sound := &template.Words{}, true
	text := func(v jsondoc.Value, key string) string {
		m := v.Get(key)
		if !m.None() && (m.Kind() != jsondoc.String || len(m.String()) > maxWords) {
			if sound {
				p.unreadable(m, key, errShape)
			}
			sound = false
		}
		return m.String()
	}
	w.Header, w.Body, w.Footer = text(v, "message_template_title"), text(v, "message_template_element"), text(v, "message_template_footer")
	for i, b := range v.Get("message_template_buttons").Elements() {
		if i == maxButtons {
			break
		}
		kind := strings.ToUpper(word(b.Get("message_template_button_type")))
		if kind == "" {
			continue
		}
		w.Buttons = append(w.Buttons, template.Button{Type: kind, Text: text(b, "message_template_button_text"),
			URL: text(b, "message_template_button_url"), Phone: text(b, "message_template_button_phone_number")})
	}
	if !sound {
		return nil
	}
	return w
}

// Bounds of what a template can hold: a lone body may have 32,768 characters.
const (
	maxWords   = 4 * 32768
	maxButtons = 20
)
