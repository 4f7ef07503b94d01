package compliance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// directLimits are what Direct Send takes, in each edition of its rule: the wire
// types per category, the lengths, the buttons, and for how long.
type directLimits struct {
	utility, authentication byEdition[[]string]
	headers                 byEdition[[]string] // media that some accounts may use
	limits                  byEdition[struct {
		Body    int `json:"body"`    // characters
		Header  int `json:"header"`  // characters
		Footer  int `json:"footer"`  // characters
		Button  int `json:"button"`  // characters of a label
		Buttons int `json:"buttons"` // of a message
		Actions int `json:"actions"` // of these, links and calls, before all replies
		Name    int `json:"name"`    // characters of the name of the template it makes
	}]
	ttl, ttlAuthentication byEdition[secondsRange] // the second as the first where a book has none
}

// secondsRange are the least and the most seconds of something.
type secondsRange struct {
	From int `json:"from"`
	To   int `json:"to"`
}

const directRule policy.ID = "direct-send-type"

func newDirectLimits(book *policy.Book) (d directLimits, err error) {
	err = errors.Join(into(&d.utility, book, "utility"), into(&d.authentication, book, "authentication"),
		into(&d.headers, book, "headers"), into(&d.limits, book, "limits"), into(&d.ttl, book, "ttl"),
		into(&d.ttlAuthentication, book, "ttl_authentication"))
	return d, err
}

func into[T any](to *byEdition[T], book *policy.Book, name string) (err error) {
	*to, err = params[T](book, directRule, name)
	return err
}

// judge: a category that Direct Send takes, in a type it takes for it, within its
// limits.
func (d *directLimits) judge(c *Case, r *Results) {
	m := c.Message
	if m.Kind != Direct {
		r.OutOfScope(ruleDirectType, ruleDirectCategory)
		return
	}
	edition := r.Edition(ruleDirectType)
	types := d.utility.in(edition)
	switch m.Category {
	case category.Utility:
	case category.Authentication:
		types = d.authentication.in(edition)
	default:
		r.Break(ruleDirectCategory, Break{Where: "category"})
		r.OutOfScope(ruleDirectType)
		return
	}
	r.Clear(ruleDirectCategory, ruleDirectType)
	if !slices.Contains(types, m.Type) {
		r.Break(ruleDirectType, Break{Where: "type", Kind: m.Type})
		return
	}
	d.words(m, r, edition)
	d.buttons(m, r, edition)
	if h := m.Shape.Header; h != "" {
		b := Break{Where: "header", Kind: h, Why: "Direct Send does not take this in a header.", Fix: "Leave the header out, or send a template."}
		if slices.Contains(d.headers.in(edition), h) {
			b.Severity, b.Why = policy.Warn, "A medium in the header of a Direct Send is open to some accounts only."
		}
		r.Break(ruleDirectType, b)
	}
	ttl := d.ttl.in(edition)
	if own := d.ttlAuthentication.in(edition); m.Category == category.Authentication && own.To > 0 {
		ttl = own
	}
	if m.Shape.TTL > 0 && ttl.To > 0 &&
		(m.Shape.TTL < time.Duration(ttl.From)*time.Second || m.Shape.TTL > time.Duration(ttl.To)*time.Second) {
		r.Break(ruleDirectType, Break{Where: "ttl", Kind: "ttl", Why: fmt.Sprintf("A Direct Send of this category may wait between %d and %d seconds.", ttl.From, ttl.To),
			Fix: "Set a time within these, or none."})
	}
	if m.Shape.Template != "" && c.answered(barDirectName, m) {
		r.Break(ruleDirectType, Break{Where: "direct_send_config.template_name", Kind: "name",
			Why: "The platform answered that another template has this name (132021).", Fix: "Give it another name, or leave it to the platform."})
	}
	if name, most := m.Shape.Template, d.limits.in(edition).Name; name != "" && most > 0 && (len(name) > most || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "") {
		r.Break(ruleDirectType, Break{Where: "direct_send_config.template_name", Kind: "name",
			Why: "The name of the template to be made is none: small letters, digits and underscores only.", Fix: "Give it such a name, or leave it to the platform."})
	}
}

// words: each part of the message is short enough.
func (d *directLimits) words(m *Message, r *Results, edition *policy.Edition) {
	limits := d.limits.in(edition)
	for i := range m.Texts {
		t := &m.Texts[i]
		most, part := 0, ""
		switch {
		case t.Place == "text.body" || t.Place == "interactive.body":
			most, part = limits.Body, "body"
		case t.Place == "interactive.header":
			most, part = limits.Header, "header"
		case t.Place == "interactive.footer":
			most, part = limits.Footer, "footer"
		case t.Place == "interactive.action.parameters.display_text",
			strings.HasPrefix(t.Place, "interactive.action.buttons.") && (strings.HasSuffix(t.Place, ".title") || strings.HasSuffix(t.Place, ".display_text")):
			most, part = limits.Button, "button"
		}
		if most > 0 && utf8.RuneCountInString(t.Words) > most {
			r.Break(ruleDirectType, Break{Where: t.Place, Kind: part + "-length", Why: fmt.Sprintf("The %s of a Direct Send has at most %d characters.", part, most),
				Fix: "Shorten it, or send a template."})
		}
	}
}

// buttons: few enough, and links and calls before replies.
func (d *directLimits) buttons(m *Message, r *Results, edition *policy.Edition) {
	limits := d.limits.in(edition)
	all := m.Shape.Buttons
	if limits.Buttons > 0 && len(all) > limits.Buttons {
		r.Break(ruleDirectType, Break{Where: "interactive.action.buttons", Kind: "buttons", Why: fmt.Sprintf("A Direct Send has at most %d buttons.", limits.Buttons),
			Fix: "Leave some out."})
		return
	}
	actions, after := 0, false
	for i, b := range all {
		if b == "reply" {
			continue
		}
		actions++
		after = after || slices.Contains(all[:i], "reply")
	}
	if limits.Actions > 0 && (actions > limits.Actions || after) {
		r.Break(ruleDirectType, Break{Where: "interactive.action.buttons", Kind: "actions",
			Why: fmt.Sprintf("Of the buttons of a Direct Send at most %d are links or calls, and they stand before the replies.", limits.Actions), Fix: "Put them first, and leave the others out."})
	}
}
