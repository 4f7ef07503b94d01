package template

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/waguard/waguard/category"
)

// Fold returns a definition as of an instant with what is known since: the
// youngest news per thing wins, in whatever order the changes stand; repeats and
// changes that do not concern the definition have no effect. It is what a
// [Catalog] that stores definitions and changes answers with.
//
// At the same instant news beats a definition, and a status that cannot be sent
// beats one that can. Four events are no status of their own: FLAGGED sets
// Flagged, which later news of a status takes back; REINSTATED is APPROVED
// again; UNARCHIVED brings back the status from before; LOCKED says nothing
// about sending.
//
// An announced category goes when the category has become it, or when another
// category is told after the announcement and not before the instant it named.
// A Change with a category and no announcement, such as the category every status
// webhook repeats, leaves it standing. What a definition announced without an
// instant (correct_category) also goes when a younger definition has it no more.
func Fold(d Definition, at time.Time, changes []Change) Definition {
	var n news
	n.snapshot(&d, at)
	d.AsOf = at.UTC()
	for i := range changes {
		if changes[i].Concerns(&d) {
			n.change(&changes[i])
		}
	}
	return n.onto(d)
}

// Concerns reports whether the change is about this definition: by template id
// where both have one, and by name, language and account otherwise. An account
// either of them does not name is not compared.
func (c *Change) Concerns(d *Definition) bool {
	if c.Template != "" && d.ID != "" {
		return c.Template == d.ID
	}
	return c.Ref.Name != "" && c.Ref.Name == d.Ref.Name &&
		Language(c.Ref.Language) == Language(d.Ref.Language) &&
		sameAccount(c.Ref.Account, d.Ref.Account)
}

func sameAccount(a, b string) bool { return a == b || a == "" || b == "" }

// news is the youngest that is known about each thing that changes.
type news struct {
	status   register[verdict]
	archived register[bool]
	flagged  register[bool]
	category register[category.Category]
	dated    register[announcement]
	undated  register[category.Category] // announced without an instant; Unknown when a definition has none
	quality  register[string]
	told     register[notice] // the youngest status a webhook told
	moved    register[category.Category]
	words    register[*Words] // nil: those of a definition
}

// A notice is a status with what was told beside it.
type notice struct {
	status Status
	word   string
}

type verdict struct {
	status Status
	reason string
}

type announcement struct {
	next category.Category
	at   time.Time
}

// A register keeps the youngest value offered. Which one stays does not depend
// on the order of the offers.
type register[T any] struct {
	value T
	at    time.Time // zero: nothing known
	rank  int       // decides at the same instant
	id    string    // and then this
}

func (r *register[T]) offer(o register[T]) {
	later := o.at.Compare(r.at)
	if later > 0 || later == 0 && (o.rank > r.rank || o.rank == r.rank && o.id > r.id) {
		*r = o
	}
}

func (r *register[T]) known() bool { return !r.at.IsZero() }

// Ranks at the same instant.
const (
	fromDefinition = iota
	fromNews
	careful // added for what keeps a message in
)

// snapshot takes what a definition said as of an instant.
func (n *news) snapshot(d *Definition, at time.Time) {
	n.ruling(d.Status, d.Reason, at, fromDefinition, "")
	if d.Flagged {
		n.ruling("FLAGGED", "", at, fromDefinition, "")
	}
	n.tell(d.Category, d.Next, d.NextAt, d.Quality, at, fromDefinition, "")
	// what a catalog once answered may be put into another one
	if !d.Since.IsZero() {
		n.told.offer(register[notice]{notice{d.Status, d.Notice}, d.Since.UTC(), fromDefinition, ""})
	}
	if !d.Moved.IsZero() {
		n.moved.offer(register[category.Category]{d.Was, d.Moved.UTC(), fromDefinition, ""})
	}
	n.words.offer(register[*Words]{nil, at, fromDefinition, ""})
}

func (n *news) change(c *Change) {
	n.ruling(c.Status, c.Reason, c.At, fromNews, c.ID)
	n.tell(c.Category, c.Next, c.NextAt, c.Quality, c.At, fromNews, c.ID)
	if s := Status(strings.ToUpper(string(c.Status))); s != "" && s != "LOCKED" && s != "FLAGGED" {
		rank := fromNews
		if s == "REINSTATED" || s == "UNARCHIVED" {
			s = Approved
		}
		if s != Approved {
			rank += careful
		}
		n.told.offer(register[notice]{notice{s, strings.ToUpper(c.Notice)}, c.At, rank, c.ID})
	}
	if c.Was != category.Unknown {
		n.moved.offer(register[category.Category]{c.Was, c.At, fromNews, c.ID})
	}
	if c.Words != nil {
		n.words.offer(register[*Words]{c.Words, c.At, fromNews, c.ID})
	}
}

func (n *news) tell(now, next category.Category, nextAt time.Time, quality string, at time.Time, rank int, id string) {
	if now != category.Unknown {
		n.category.offer(register[category.Category]{now, at, rank, id})
	}
	switch {
	case next != category.Unknown && !nextAt.IsZero():
		n.dated.offer(register[announcement]{announcement{next, nextAt.UTC()}, at, rank, id})
	case next != category.Unknown || rank == fromDefinition && now != category.Unknown:
		n.undated.offer(register[category.Category]{next, at, rank, id})
	}
	if quality != "" {
		n.quality.offer(register[string]{strings.ToUpper(quality), at, rank, id})
	}
}

func (n *news) ruling(s Status, reason string, at time.Time, rank int, id string) {
	s = Status(strings.ToUpper(string(s)))
	switch s {
	case "", "LOCKED":
		return
	case "FLAGGED":
		n.flagged.offer(register[bool]{true, at, rank + careful, id})
		return
	case "UNARCHIVED":
		n.archived.offer(register[bool]{false, at, rank, id})
		return
	case Archived:
		n.archived.offer(register[bool]{true, at, rank + careful, id})
		return
	case "REINSTATED":
		s = Approved
	}
	n.archived.offer(register[bool]{false, at, rank, id})
	if rank == fromNews { // the API goes on saying APPROVED of a flagged template
		n.flagged.offer(register[bool]{false, at, rank, id})
	}
	if s != Approved {
		rank += careful
	}
	n.status.offer(register[verdict]{verdict{s, reason}, at, rank, id})
}

// and takes over what is younger in other.
func (n *news) and(other *news) {
	if other == nil {
		return
	}
	n.status.offer(other.status)
	n.archived.offer(other.archived)
	n.flagged.offer(other.flagged)
	n.category.offer(other.category)
	n.dated.offer(other.dated)
	n.undated.offer(other.undated)
	n.quality.offer(other.quality)
	n.told.offer(other.told)
	n.moved.offer(other.moved)
	n.words.offer(other.words)
}

// onto returns the definition as the news has it. The definition's own word on
// each thing is among the news.
func (n *news) onto(d Definition) Definition {
	d.Status, d.Reason = n.status.value.status, n.status.value.reason
	if n.archived.value && !n.archived.at.Before(n.status.at) {
		d.Status, d.Reason = Archived, ""
	}
	d.Flagged = n.flagged.value
	d.Quality = n.quality.value
	d.Category = n.category.value
	d.Next, d.NextAt = n.next()
	d.Since, d.Notice = time.Time{}, ""
	if n.told.value.status == d.Status {
		d.Since, d.Notice = n.told.at, n.told.value.word
	}
	d.Was, d.Moved = n.moved.value, n.moved.at
	if d.Stale = n.words.value != nil; d.Stale {
		d.Components = reworded(d.Components, n.words.value)
	}
	return d
}

// reworded is a copy of components with other words. Buttons change where as
// many of their sort are told as there are: which is meant is then known.
func reworded(all []Component, w *Words) []Component {
	all = cloneAll(all)
	for _, part := range [...]struct{ kind, text string }{{"HEADER", w.Header}, {"BODY", w.Body}, {"FOOTER", w.Footer}} {
		switch k := find(all, part.kind); {
		case part.kind == "BODY" && part.text == "": // not told: every template has one
		case k != nil && (part.kind != "HEADER" || k.Format == "" || is(k.Format, "TEXT")):
			k.Text = part.text
		case k == nil && part.text != "":
			c := Component{Type: part.kind, Text: part.text}
			if part.kind == "HEADER" {
				c.Format = "TEXT"
			}
			all = append(all, c)
		}
	}
	if k := find(all, "BUTTONS"); k != nil {
		for _, kind := range [...]string{"URL", "PHONE_NUMBER"} {
			var have []*Button
			for i := range k.Buttons {
				if is(k.Buttons[i].Type, kind) {
					have = append(have, &k.Buttons[i])
				}
			}
			var told []*Button
			for i := range w.Buttons {
				if is(w.Buttons[i].Type, kind) {
					told = append(told, &w.Buttons[i])
				}
			}
			if len(have) == len(told) {
				for i, b := range told {
					have[i].Text, have[i].URL, have[i].Phone = b.Text, b.URL, b.Phone
				}
			}
		}
	}
	return all
}

// next is the change of category still to come. An announcement with an
// instant runs until the category is known to be otherwise after that instant;
// one without stands until it is done or a younger definition has it no more.
func (n *news) next() (category.Category, time.Time) {
	now := &n.category
	dated := n.dated.known() && n.dated.value.next != now.value &&
		!(now.at.After(n.dated.at) && !now.at.Before(n.dated.value.at))
	undated := n.undated.value != category.Unknown && n.undated.value != now.value
	switch {
	case dated && (!undated || n.undated.value == n.dated.value.next || !n.undated.at.After(n.dated.at)):
		return n.dated.value.next, n.dated.value.at
	case undated:
		return n.undated.value, time.Time{}
	}
	return category.Unknown, time.Time{}
}

// clone copies everything a caller could change.
func (d Definition) clone() Definition {
	d.Components = cloneAll(d.Components)
	d.Extra = cloneExtra(d.Extra)
	return d
}

func cloneAll(all []Component) []Component {
	if all == nil {
		return nil
	}
	out := make([]Component, len(all))
	for i, c := range all {
		c.Extra = cloneExtra(c.Extra)
		if c.Buttons != nil {
			c.Buttons = append([]Button{}, c.Buttons...)
			for j := range c.Buttons {
				c.Buttons[j].Extra = cloneExtra(c.Buttons[j].Extra)
			}
		}
		if c.Cards != nil {
			c.Cards = append([]Card{}, c.Cards...)
			for j := range c.Cards {
				c.Cards[j] = Card{cloneAll(c.Cards[j].Components), cloneExtra(c.Cards[j].Extra)}
			}
		}
		out[i] = c
	}
	return out
}

func cloneExtra(m map[string]json.RawMessage) map[string]json.RawMessage {
	m = maps.Clone(m)
	for k, v := range m {
		m[k] = bytes.Clone(v)
	}
	return m
}
