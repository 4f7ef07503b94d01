package content

import "github.com/waguard/waguard/compliance/policy"

// A detector knows one kind of identifier. To add a kind, write its structure
// and checksum in a file of its own, list it in detectors, and give its words
// to labels/<lang>.json. Finding the digits, and weighing what stands by
// them, is the same for all.
type detector struct {
	kind string
	rule policy.ID
	name string // in sentences: "a payment card number"

	// read says whether digits can be this identifier, and how sure their
	// structure alone makes it. groups are the widths of the printed groups,
	// one group for digits without separators.
	read func(digits []byte, groups []int) (reading, bool)

	// grouped reports whether the groups are a way this identifier is printed.
	grouped func(groups []int) bool

	min, max int // digits

	on bool // its rule is in the book
}

func detectors() []detector { return []detector{cardPAN()} }

// A tier says how much a valid structure proves by itself.
type tier uint8

const (
	tierC tier = iota + 1 // nothing: a label has to stand by it
	tierF                 // enough in its canonical print, else it needs a label
	tierA                 // enough
)

// A reading is what a detector makes of digits.
type reading struct {
	tier   tier
	scheme string // in sentences: "visa", "elo or visa"
}
