// Package optintest is the conformance kit for an [optin.Store].
//
//	func TestStore(t *testing.T) {
//		optintest.Run(t, func(t *testing.T) optin.Store { return open(t) })
//	}
//
// Each duty written in the documentation of optin.Store is checked on a fresh
// store, by its number. A failure says which duty was broken and how. Duties
// about races want the race detector and more than one run: passing once is no
// proof. The kit knows nothing of the store but its interface; the duty about
// Close is skipped for a store that has no Close method, and those of
// optin.Lister and optin.Eraser for one that is none.
package optintest
