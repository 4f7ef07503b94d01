package replay

import (
	"context"
	"errors"
	"iter"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// errUnknown is what a store answers whose fact a case declares unknown.
var errUnknown = errors.New("replay: declared unknown")

type brokenConsent struct{ optin.Store }

func (brokenConsent) Events(context.Context, []party.Handle) (optin.History, error) {
	return optin.History{}, errUnknown
}

type brokenWindows struct{ window.Store }

func (brokenWindows) Marks(context.Context, window.Place) ([]window.Mark, error) {
	return nil, errUnknown
}

type brokenTemplates struct{ template.Catalog }

func (brokenTemplates) Find(context.Context, template.Ref) (template.Definition, bool, error) {
	return template.Definition{}, false, errUnknown
}

func (brokenTemplates) Definitions(context.Context, string) iter.Seq2[template.Definition, error] {
	return func(yield func(template.Definition, error) bool) { yield(template.Definition{}, errUnknown) }
}

type brokenAccount struct{ compliance.AccountStore }

func (brokenAccount) News(context.Context, party.Line) ([]compliance.AccountNews, error) {
	return nil, errUnknown
}
