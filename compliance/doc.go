// Package compliance decides whether a WhatsApp message may leave, before it
// leaves, and says why, what to do and when.
//
//	app's code          Sender                                               stores
//	message  ─────────▶ 1 stamp     one instant, one id, one rule sheet
//	                    2 look up   consent · window · template · account ◀── reads
//	                    3 describe  rendered text, its words read, place
//	                    4 judge     pure: Case → Decision
//	                    5 enter     a flight, on the consent version judged ─ writes
//	                    6 record    the Decision into the journal    ──────── writes
//	                    7 deliver   only on Allow: the app's own client
//	receipt  ◀───────── 8 settle    leave the flight, journal the outcome ─── writes
//
//	webhook  ─────────▶ Inbox       events → apply  ─ writes ledger, windows, links, catalog, account
//
// # Flights
//
// A flight is entered with the version of the person's consent that was judged,
// after judging: a message that is held needs no write, and one that goes fails
// to enter when consent moved meanwhile. Then everything is looked up and judged
// again, three times at most, and is Undecided after that. So when
// [optin.Ledger.Revoke] or [Inbox.Receive] has returned, a message that has not
// been judged with the stop in view cannot enter, and those entered before are
// in the receipt of the stop.
//
// # Verdicts
//
// A blocking rule that is broken is Deny, whatever else is unknown. Otherwise a
// blocking rule in force that could not be judged is Undecided. Otherwise Allow.
// Nothing that could not be found out is taken for a yes: the zero [Verdict] is
// Undecided, the zero [Kind] of a message refuses, and the zero [Fact] is
// unknown. A [Decision] is evidence of what was judged, never a permission to
// send later.
//
// # Doors
//
// [Wrap] guards a client's send function and keeps its signature. [Sender.Do]
// takes a closure and fits every client. Both are a few lines over
// [Sender.DoAll]. [Sender.Check] asks without sending; [Sender.Explain] also
// lists what became of every rule.
//
// # Rules
//
// The rules are data (package policy): each with editions, severities and
// citations. What decides them are gates. A gate says for each of its rules what
// became of it, and [New] refuses a book in which a built rule has no gate. An
// app adds rules with [policy.Book.With], decides them with a [Gate] of its own,
// raises or waives what it must, and sees all of that in every Decision.
package compliance
