package compliance

import (
	"slices"
	"sync"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

// hoursGate: marketing goes out by day, where the recipient is. Of somebody of
// whom only the country is known it has to be day in all of its zones.
type hoursGate struct {
	hours      [ruleHoursAE + 1]byEdition[pace.Hours]
	places     [ruleHoursAE + 1]byEdition[[]string] // none: everywhere
	categories [ruleHoursAE + 1]byEdition[[]category.Category]
}

const (
	ruleQuiet = iota
	ruleHoursUS
	ruleHoursAE
)

func (hoursGate) Name() string { return "hours" }

func (hoursGate) Rules() []policy.ID {
	return []policy.ID{ruleQuiet: "quiet-hours", ruleHoursUS: "law-us-quiet-hours", ruleHoursAE: "law-uae-hours"}
}

func newHoursGate(book *policy.Book) (g hoursGate, err error) {
	for n, id := range g.Rules() {
		if g.hours[n], err = params[pace.Hours](book, id, "hours"); err != nil {
			return g, err
		}
		if g.places[n], err = params[[]string](book, id, "places"); err != nil {
			return g, err
		}
		if g.categories[n], err = params[[]category.Category](book, id, "categories"); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g hoursGate) Judge(c *Case, r *Results) {
	of := categoryOf(c)
	for n := range g.hours {
		e := r.Edition(n)
		switch {
		case e == nil || !r.InForce(n) || !c.Message.paced() || n == ruleQuiet && c.Business.Pace.Hours == nil:
			r.OutOfScope(n)
			continue
		case of == category.Unknown && c.Message.Kind == Template && c.Template.IsUnknown():
			r.Fail("template", c.Template.Cause(), n)
			continue
		case !slices.Contains(g.categories[n].in(e), of):
			r.OutOfScope(n)
			continue
		}
		if places := g.places[n].in(e); len(places) > 0 && !slices.Contains(places, c.Place) {
			r.OutOfScope(n)
			continue
		}
		hours := g.hours[n].in(e)
		if n == ruleQuiet {
			hours = *c.Business.Pace.Hours
		}
		if len(c.Zones) == 0 {
			r.Fail("time zone", errNowhere, n)
			continue
		}
		r.Clear(n)
		open, next := hours.Open(c.Now, c.Zones)
		if open {
			continue
		}
		b := Break{Where: "hours", Clears: next}
		if n == ruleQuiet {
			b.Why = "It is not between " + hours.From.String() + " and " + hours.Until.String() + " where the recipient is."
			if len(c.Zones) > 1 {
				b.Why = "It is not between " + hours.From.String() + " and " + hours.Until.String() + " in every time zone the recipient may be in."
			}
		}
		r.Break(n, b)
	}
}

// errNowhere: neither the number nor the id tells where the recipient is. The app
// may know, and say so in Message.Zone.
var errNowhere = fault("nobody knows where the recipient is")

// wakes puts off an instant until the app's own hours allow it, so that what waits
// for something else does not wait in vain.
func wakes(c *Case, at time.Time) time.Time {
	if h := c.Business.Pace.Hours; h != nil && categoryOf(c) == category.Marketing {
		_, at = h.Open(at, c.Zones)
	}
	return at
}

// An atlas finds the time zones of recipients, and keeps those it loaded: they do
// not change while a program runs.
type atlas struct{ loaded sync.Map }

// zones are the time zones a recipient may be in: what the app says, else those of
// the number, else those of the country that the id names. Nil where nothing is
// known, or where this machine does not have one of them (an image without zone
// data needs the package time/tzdata).
func (a *atlas) zones(m *Message) []*time.Location {
	var names []string
	switch {
	case m.Zone != "":
		names = []string{m.Zone}
	case m.To.Phone != "":
		names = party.Zones(m.To.Phone)
		if len(names) == 0 {
			if iso, ok := party.Place(m.To.Phone); ok {
				names = party.ZonesOf(iso)
			}
		}
	case m.To.User != "":
		if iso, ok := party.PlaceOfUser(m.To.User); ok {
			names = party.ZonesOf(iso)
		}
	}
	if len(names) == 0 {
		return nil
	}
	zones := make([]*time.Location, len(names))
	for i, name := range names {
		if zones[i] = a.zone(name); zones[i] == nil {
			return nil
		}
	}
	return zones
}

// zone loads a time zone; nil where this machine has none of that name.
func (a *atlas) zone(name string) *time.Location {
	if z, ok := a.loaded.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil
	}
	a.loaded.Store(name, z)
	return z
}
