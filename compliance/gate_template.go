package compliance

import (
	"slices"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

// templateGate: the template exists in that language, is approved, and the
// values fit it.
type templateGate struct {
	rules []policy.ID // exists and US first, then those of package template
	num   map[policy.ID]int
}

const (
	ruleExists = iota
	ruleUSMarketing
	ruleFits // the first of package template's own
)

func newTemplateGate() *templateGate {
	g := &templateGate{rules: []policy.ID{ruleExists: "send-template-exists", ruleUSMarketing: "us-marketing-undeliverable"}}
	g.rules = append(g.rules, slices.Collect(template.Rules())...)
	g.num = make(map[policy.ID]int, len(g.rules))
	for n, id := range g.rules {
		g.num[id] = n
	}
	return g
}

func (g *templateGate) Name() string       { return "template" }
func (g *templateGate) Rules() []policy.ID { return g.rules }

func (g *templateGate) Judge(c *Case, r *Results) {
	g.us(c, r)
	if c.Message.Kind != Template {
		r.OutOfScope(ruleExists)
		for n := ruleFits; n < len(g.rules); n++ {
			r.OutOfScope(n)
		}
		return
	}
	d, ok := c.Template.Get()
	if !ok {
		if c.Template.IsAbsent() {
			r.Break(ruleExists, Break{Where: "template"})
			for n := ruleFits; n < len(g.rules); n++ {
				r.OutOfScope(n)
			}
			return
		}
		r.Fail("template", c.Template.Cause(), ruleExists)
		for n := ruleFits; n < len(g.rules); n++ {
			r.Fail("template", c.Template.Cause(), n)
		}
		return
	}
	r.Clear(ruleExists)
	// The catalog finds a template under either spelling; the platform does not.
	if l := c.Message.Template.Language; l != template.Language(l) {
		r.Break(ruleExists, Break{Where: "template", Why: "the language code is written with a hyphen, and Meta compares it as it is", Fix: "write the code as it is registered, with an underscore"})
	}
	for n := ruleFits; n < len(g.rules); n++ {
		r.Clear(n)
	}
	if p := template.CheckStatus(d); p != nil {
		g.tell(*p, r)
	}
	for _, p := range template.CheckLifecycle(d, c.Now) {
		g.tell(p, r)
	}
	for _, p := range template.Check(d, &c.Message.Template, c.Now) {
		g.tell(p, r)
	}
	g.media(c, d, r)
}

// media: header files of a size and type Meta takes, as far as somebody can tell.
func (g *templateGate) media(c *Case, d *template.Definition, r *Results) {
	files, ok := c.Media.Get()
	if !ok && c.Media.IsUnknown() && c.Media.Cause() != errNotLooked {
		r.Fail("media", c.Media.Cause(), g.num["header-media-size"])
	}
	var known []template.Media
	if ok {
		known = *files
	}
	for _, p := range template.CheckMedia(d, &c.Message.Template, known, c.Message.Endpoint == "marketing_messages") {
		g.tell(p, r)
	}
}

func (g *templateGate) tell(p template.Problem, r *Results) {
	if n, ok := g.num[p.Rule]; ok {
		r.Break(n, Break{Severity: p.Severity, Where: p.Where, Span: p.Span, Why: p.Why, Fix: p.Fix, Prevents: p.Prevents})
	}
}

// us: marketing templates to US numbers are accepted and not delivered.
func (g *templateGate) us(c *Case, r *Results) {
	switch {
	case categoryOf(c) != category.Marketing || c.Message.Kind != Template:
		r.OutOfScope(ruleUSMarketing)
	case c.Place == "US":
		r.Break(ruleUSMarketing, Break{Where: "to"})
	default:
		r.Clear(ruleUSMarketing)
	}
}
