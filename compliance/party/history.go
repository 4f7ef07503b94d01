package party

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// A Historian is Links that can say how they came to take handles for one
// person. Its duty, which linkstest checks of those that have it: Bonds returns
// every set of handles that was seen on one person and that names one of hs,
// whether all of it still holds or not, each set once, in the order of
// [SortBonds]. Handles nobody joined have none, and that is no error.
type Historian interface {
	Bonds(ctx context.Context, hs []Handle) ([]Bond, error)
}

// A Bond is all joins of one set of handles.
type Bond struct {
	Handles []Handle  `json:"handles"`        // in the order (Scheme, Value)
	Left    []Handle  `json:"left,omitempty"` // those of them that somebody moved away from since the last join
	ID      string    `json:"id,omitempty"`   // of the first join, by its time; empty where that was before ids were kept
	First   time.Time `json:"first,omitzero"`
	Last    time.Time `json:"last"`
}

// SortBonds puts bonds into the order (First, Last, Handles).
func SortBonds(all []Bond) {
	slices.SortFunc(all, func(a, b Bond) int {
		return cmp.Or(a.First.Compare(b.First), a.Last.Compare(b.Last), slices.CompareFunc(a.Handles, b.Handles, compareHandles))
	})
}
