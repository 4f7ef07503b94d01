// Package replay judges histories: timelines of what happened between a
// business and its customers, one JSON object a line, oldest first.
//
//	line ──▶ Read ──▶ Event ──▶ World.Apply ──▶ Verdict (for a send or a call)
//	                               │
//	                               ├─ grant, revoke        ──▶ ledger
//	                               ├─ template             ──▶ catalog
//	                               ├─ webhook, result      ──▶ inbox
//	                               └─ send, call           ──▶ Sender.Do, delivered at once
//
// A World is a Sender with its Inbox over stores in memory and a clock that
// stands at the event's own time, so a replay runs the code that production
// runs. The same decoder reads timelines, flows and cases ([ReadCase]), and the
// command line's replay and check commands are this package.
package replay
