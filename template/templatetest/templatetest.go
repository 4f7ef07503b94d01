// Package templatetest checks that a template.Catalog keeps its duties. A store
// of one's own is proved with one call:
//
//	func TestCatalog(t *testing.T) {
//		templatetest.Run(t, func(t testing.TB) template.Catalog { return open(t) })
//	}
//
// The duties and their numbers are those of the Catalog's documentation.
package templatetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/waguard/waguard/template"
)

// Run checks every duty, each as a subtest of its own and on catalogs open has
// just made, which must be empty. Times are whole seconds in UTC.
func Run(t *testing.T, open func(t testing.TB) template.Catalog) {
	t.Helper()
	for _, d := range duties {
		t.Run(d.name(), func(t *testing.T) {
			if err := d.check(t.Context(), func() template.Catalog { return open(t) }); err != nil {
				t.Error(err)
			}
		})
	}
}

// A duty is one numbered demand. check opens as many empty catalogs as it
// needs and returns what was not kept.
type duty struct {
	n     int
	what  string
	check func(ctx context.Context, open func() template.Catalog) error
}

func (d duty) name() string { return fmt.Sprintf("%02d %s", d.n, d.what) }

var duties = []duty{
	{1, "a definition comes back whole", whole},
	{2, "nobody put it", unknown},
	{3, "the younger definition counts", younger},
	{4, "the younger news counts", order},
	{5, "repeats change nothing", repeats},
	{6, "by id and by name", addressed},
	{7, "news before the definition", early},
	{8, "an announced category", announced},
	{9, "empty fields say nothing", empty},
	{10, "another template took over the name", successor},
	{11, "languages", languages},
	{12, "accounts", accounts},
	{13, "all or nothing", atomic},
	{14, "a cancelled context", cancelled},
	{15, "copies", copies},
	{16, "concurrent use", concurrent},
	{17, "the listing", listing},
	{18, "other words", reworded},
	{19, "since when", since},
}
