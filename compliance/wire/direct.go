package wire

import (
	"fmt"
	"strconv"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/internal/jsondoc"
)

// direct reads what Direct Send looks at beside the words: a medium in the
// header, the buttons in their order, the name the template it makes is to have,
// and how long the message may wait: ttl_seconds, beside the category (Meta, Direct
// Send, Configure message time-to-live, 2026-07-31). The member that templates have
// for it is read, too, and the documented one counts before it.
func (d *decoder) direct(root jsondoc.Value) {
	s := compliance.Shape{}
	v := root.Get("interactive")
	if h := v.At("header", "type").String(); jsondoc.Plain(h) && h != "text" {
		s.Header = h
	}
	for _, b := range v.At("action", "buttons").Elements() {
		word := b.Get("type").String()
		if !jsondoc.Plain(word) {
			word = "reply" // Meta's own samples leave it out
		}
		s.Buttons = append(s.Buttons, word)
	}
	config := root.Get("direct_send_config")
	if !config.None() && d.object(config, "direct_send_config") {
		s.Template = d.text(config.Get("template_name"), "direct_send_config.template_name")
	}
	for _, at := range [...]struct {
		v     jsondoc.Value
		field string
	}{{root.Get("message_send_ttl_seconds"), "message_send_ttl_seconds"},
		{config.Get("message_send_ttl_seconds"), "direct_send_config.message_send_ttl_seconds"},
		{root.Get("ttl_seconds"), "ttl_seconds"}} {
		if at.v.None() {
			continue
		}
		n, ok := at.v.Int()
		if !ok || n == 0 || n < -1 || n > maxTTL {
			d.bad(at.field, at.v, fmt.Errorf("%w: want seconds up to %s", ErrType, strconv.Itoa(maxTTL)))
			continue
		}
		s.TTL = time.Duration(n) * time.Second // -1, the platform's longest, is told as it is
	}
	d.m.Shape = s
}

// maxTTL is the longest time any message may wait, 30 days in seconds (Meta,
// time-to-live, 2025-10-31).
const maxTTL = 2_592_000
