package compliance

import (
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

// regulatedGate judges the only exceptions policy §5 knows: alcohol, OTC drugs
// and gambling, on the Platform, in listed places, with a licence, to adults,
// without a commerce feature. It speaks when the words offer such a good, and
// names every condition that is not met.
type regulatedGate struct{}

const (
	ruleRegApp = iota
	ruleRegCommerce
	ruleRegAge
	ruleRegAlcohol
	ruleRegOTC
	ruleRegGambling
	ruleRegPermission
	ruleRegLicence
	ruleRegLapsed
	ruleNoDefence
)

func (regulatedGate) Name() string { return "regulated" }

func (regulatedGate) Rules() []policy.ID {
	return []policy.ID{
		ruleRegApp:        "regulated-app-forbidden",
		ruleRegCommerce:   "regulated-no-commerce",
		ruleRegAge:        "regulated-age-18",
		ruleRegAlcohol:    "regulated-country-alcohol",
		ruleRegOTC:        "regulated-country-otc",
		ruleRegGambling:   "regulated-country-gambling",
		ruleRegPermission: "gambling-meta-permission",
		ruleRegLicence:    "regulated-licence-valid",
		ruleRegLapsed:     "regulated-licence-lapsed-stop",
		ruleNoDefence:     "licence-is-no-defence",
	}
}

// verticals with an exception, by the goods rule that bans them without one.
var regulatedGoods = map[policy.ID]string{
	"goods-alcohol": "alcohol", "goods-drugs-otc": "otc", "goods-gambling": "gambling",
}

// exceptionRule is the rule whose list of places opens a vertical.
var exceptionRule = map[string]policy.ID{
	"alcohol": "regulated-country-alcohol", "otc": "regulated-country-otc", "gambling": "regulated-country-gambling",
}

func regulated(rule policy.ID) string { return regulatedGoods[rule] }

// conditions is how a message stands to the exception of one vertical.
type conditions struct {
	platform, place, age, noCommerce, licence, lapsed, permission bool
	lapsedOn                                                      time.Time
}

func (k conditions) met() bool {
	return k.platform && k.place && k.age && k.noCommerce && k.licence && k.permission
}

// exempt reports whether the exception for a vertical exists at this instant
// and every condition of it is met.
func exempt(c *Case, vertical string) bool {
	i, ok := c.Rules.Book().Index(exceptionRule[vertical])
	return ok && c.Rules.InForce(i) && meets(c, vertical).met()
}

func meets(c *Case, vertical string) conditions {
	k := conditions{
		platform:   c.Business.Surface != App,
		noCommerce: !c.Message.Commerce,
		age:        ofAge(c),
		permission: vertical != "gambling" || outsideScope(c),
	}
	if i, ok := c.Rules.Book().Index(exceptionRule[vertical]); ok && c.Rules.InForce(i) && c.Place != "" {
		places, found, err := policy.Param[[]string](c.Rules.Edition(i), "places")
		k.place = err == nil && found && slices.Contains(places, c.Place)
	}
	for _, l := range c.Business.Licences {
		if l.Vertical != vertical || l.Place != c.Place {
			continue
		}
		if l.ValidAt(c.Now) {
			k.licence = true
		} else if !l.Until.IsZero() && !c.Now.Before(l.Until.Time) {
			k.lapsed, k.lapsedOn = true, l.Until.Time
		}
	}
	k.lapsed = k.lapsed && !k.licence
	for _, p := range c.Business.Permissions {
		if p.Vertical == vertical && p.Place == c.Place && p.By == "meta" {
			k.permission = true
		}
	}
	return k
}

// outsideScope: the business declares that its games are of the four kinds that
// need no permission from Meta. Place, age and licence count for them as well:
// what the policy exempts them from is the permission alone.
func outsideScope(c *Case) bool {
	i, ok := c.Rules.Book().Index("gambling-outside-scope")
	return ok && c.Rules.InForce(i) && c.Business.Attests["gambling-outside-scope"]
}

// ofAge: the record of this person says so, or the business attests that its
// whole audience is gated by age and no record says otherwise.
func ofAge(c *Case) bool {
	if s, ok := c.Consent.Get(); ok {
		for _, p := range []optin.Purpose{optin.Marketing, optin.Utility, optin.Authentication} {
			if e := s.Consent(p).Evidence; e != nil && e.AgeOK != nil {
				return *e.AgeOK
			}
		}
	}
	yes, ok := c.Business.Attests["regulated-age-18"]
	return ok && yes
}

func (g regulatedGate) Judge(c *Case, r *Results) {
	for n := range ruleNoDefence + 1 {
		r.OutOfScope(n)
	}
	report, ok := c.Content.Get()
	if !ok {
		return // what could not be read is the content gate's to say
	}
	for i := range report.Findings {
		f := &report.Findings[i]
		vertical := regulated(f.Rule)
		if vertical == "" {
			g.defence(c, r, f.Rule)
			continue
		}
		i, ok := c.Rules.Book().Index(exceptionRule[vertical])
		if !ok || !c.Rules.InForce(i) {
			g.defence(c, r, f.Rule)
			continue // no exception existed then
		}
		g.name(c, r, vertical, meets(c, vertical))
	}
}

// name reports each condition of an exception, met or missing.
func (regulatedGate) name(c *Case, r *Results, vertical string, k conditions) {
	say := func(n int, met bool, b Break) {
		if met {
			r.Clear(n)
		} else {
			b.Kind = vertical
			r.Break(n, b)
		}
	}
	country := map[string]int{"alcohol": ruleRegAlcohol, "otc": ruleRegOTC, "gambling": ruleRegGambling}[vertical]
	where := Break{Where: "to"}
	if c.Place == "" {
		where.Why = "Where this person is could not be told from the number or id, and an unknown place has no exception."
	}
	say(country, k.place, where)
	say(ruleRegApp, k.platform, Break{Where: "business.surface"})
	say(ruleRegCommerce, k.noCommerce, Break{Where: "message"})
	say(ruleRegAge, k.age, Break{Where: "consent.age_ok"})
	if vertical == "gambling" {
		say(ruleRegPermission, k.permission, Break{Where: "business.permissions"})
	}
	if k.lapsed {
		say(ruleRegLapsed, false, Break{Where: "business.licences",
			Why: "The licence for this place ended on " + k.lapsedOn.Format(time.DateOnly) + "; sending has to stop at once."})
	} else {
		say(ruleRegLapsed, true, Break{})
	}
	say(ruleRegLicence, k.licence, Break{Where: "business.licences"})
}

// defence: outside the exceptions no licence lifts a prohibition.
func (regulatedGate) defence(c *Case, r *Results, rule policy.ID) {
	vertical, goods := strings.CutPrefix(string(rule), "goods-")
	if v := regulated(rule); v != "" {
		vertical = v
	}
	if !goods {
		return
	}
	for _, l := range c.Business.Licences {
		if l.Vertical == vertical {
			r.Break(ruleNoDefence, Break{Where: "business.licences", Kind: vertical})
			return
		}
	}
	r.Clear(ruleNoDefence)
}
