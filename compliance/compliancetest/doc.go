// Package compliancetest runs an app's own cases and flows, in its own
// repository, with the runner and the census this library uses for itself.
//
//	testdata/policy/
//	  cases/<area>/<rule-id>/<name>.json         a message in its circumstances, with a hand-written expect
//	  cases/<area>/<rule-id>/<name>.golden.json  the whole Decision, regenerated on demand
//	  flows/<name>.jsonl                         a timeline
//	  flows/<name>.expect.json                   what should come of its sends, by id
//
// A golden alone cannot guard a verdict, since goldens get regenerated; the
// expect of a case is written by a person and no tool touches it. To make the
// goldens of the cases that ran anew:
//
//	WAGUARD_GOLDEN=update go test ./...
//
// which is refused where CI is set. The census walks both ways: every rule that
// is built has a case that breaks it and one in which it is in scope and clear,
// and one on each side of every exactly dated edition boundary; every case
// names a rule there is; no golden without a case.
//
// [Doors] runs the same cases through every way a message can take to a Sender
// and through those of the app, and wants one Decision from all; [Drift] holds
// what an app describes a request as to the bytes its client wrote, which a
// [Recorder] keeps.
//
// Beside the runner there are a [Clock] that stands still, a [Transport] that
// counts what reaches it, and [AccountStore], the conformance kit of that store.
package compliancetest
