package linkstest_test

import (
	"context"
	"fmt"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/party/linkstest"
)

// In a test of one's own store, Run is all it takes:
//
//	func TestLinks(t *testing.T) {
//		linkstest.Run(t, func(t *testing.T) party.Links { return openEmpty(t) })
//	}
//
// Outside of a test the duties can be tried one by one.
func ExampleDuties() {
	for _, d := range linkstest.Duties()[:3] {
		err := d.Check(context.Background(), func() party.Links { return party.NewMemory() })
		fmt.Println(d.Number, d.Says, err)
	}
	// Output:
	// 1 what was learned comes back whole and in order <nil>
	// 2 an id stored twice is stored once <nil>
	// 3 not known is no error <nil>
}
