package webhook

import (
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/internal/jsondoc"
)

// preferences reads WhatsApp's own marketing switch.
func (p *parser) preferences(value jsondoc.Value) {
	p.number(value)
	p.contacts(value)
	list := value.Get("user_preferences")
	if list.None() {
		p.unreadable(value, "user_preferences", errMissing)
		return
	}
	p.items(list, "value.user_preferences", func(v jsondoc.Value) {
		if v.Get("category").String() != "marketing_messages" {
			p.nothing(v, "", p.field, "of another category than marketing messages")
			return
		}
		e := compliance.Preferred{ID: p.own(v), Line: p.line}
		switch v.Get("value").String() {
		case "stop":
			e.Stop = true
		case "resume":
		default:
			p.unreadable(v, "value", errUnknown)
			return
		}
		var ok bool
		if e.At, ok = p.time(v); !ok {
			return
		}
		if e.Who, ok = p.person(v, names{phone: "wa_id", user: "user_id", parent: []string{"parent_user_id"}}); ok {
			p.emit(e)
		}
	})
}
