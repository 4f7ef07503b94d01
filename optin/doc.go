// Package optin is the opt-in ledger: who agreed to what, who stopped, and
// what holds at an instant.
//
//	grant · revoke          Ledger                              Store
//	START · switch  ──────▶ check     everything wrong at once
//	                        widen     to every handle links know
//	                        append    all or nothing      ────▶ events, versions up
//	who is under way ◀───── complete  late links and moves ◀─── open flights
//
//	a send          ──────▶ Standing  = StandingAt(events, at) ◀ events, version
//	                        Enter     flight, version seen ───▶ ErrMoved if it moved
//	                        Leave     outcome known        ───▶
//
// Events are only ever added; meaning is worked out from them by a pure
// function, [StandingAt], so that order, repeats and the kind of store do not
// matter. A [Store] keeps events and knows nothing of what they mean; [Memory]
// is one, and the kit in optintest checks others.
//
// # What holds
//
//	                   messages            calls
//	general grant      General             not covered
//	grant naming p     Named for p, OtherPurposes for the rest; calls like any p
//	stop of all        stopped             stopped
//	stop naming p      p stopped           if p is calls
//	START              as before the person's own stop, never more
//	suppressed         marketing held until somebody has asked
//	platform switch    marketing, apart from all of these; only Resume turns it
//	requested          nothing until confirmed in time; then a grant
//	erased             stopped, and nothing to go back to; only a later grant lifts it
//	ended              agreements end; stops stay
//
// A stop is lifted by a later grant, an affirmative act, for what that grant
// covers and for as long as it is valid; the rest stays stopped. Of a grant and
// a stop at one instant the stop wins. START lifts the person's newest stop of
// everything, with its repeats, and the stops that name purposes said after
// it; what was stopped before stays so. Records whose source is no opt-in (an
// inbound message, a purchase, a bought list) are kept, count for nothing and
// are told by [Consent].NoOptIn.
//
// # Who
//
// A person goes by several handles. Standing is worked out for each handle
// that is asked about and the strictest counts: a stop under one is a stop,
// and of agreements the lesser counts. A handle under which nobody ever agreed
// is no "no". So a stop recorded under the phone binds a send to the BSUID once
// links join them, and a grant under the BSUID alone does not lift it; a grant
// under all handles lifts all.
//
// [Ledger.Moved] records that somebody changed their number or id, or left it for
// nobody knows what; stops go along, agreements do not. [Ledger.Explain] tells who
// somebody is taken for, what joined their handles and when, what moved, and which
// events their standing rests on.
//
// # Order of a stop and a send
//
// Every event raises the version of its handles, and a flight enters only on
// the version its Standing has seen. Once [Ledger.Revoke] has returned, no
// flight is entered for that person on what was known before, and those entered
// earlier are in its answer. A Standing that leaves out a stop dated after its
// instant holds the version [NoEntry]: take a new instant and look up again.
//
// # Evidence
//
// A [Grant] carries [Evidence]: what was shown, where, in which language, how
// the number was given and what the person did. [Evidence.Gaps] tells what an
// audit would miss. A [Draft] is the same as a form or a row has it, in text,
// and tells all that is wrong with it at once, in the caller's names for its
// fields. [Ledger.Request] and [Ledger.Confirm] are the two halves of a double
// opt-in; a confirmation that comes late, or after a stop, is none.
//
// # Lists
//
// [Ledger.Import] reads CSV and JSON Lines of opt-ins or opt-outs, however long,
// with a report line by line. The same list again changes nothing.
// [Ledger.Export] hands out all that is held about one person,
// [Ledger.WriteBlocked] the suppression list.
//
// # Forgetting
//
//	                 goes                                   stays
//	Ledger.Erase     every event of the person, their       a keyed digest of each handle, stopped
//	                 links, what AlsoForget names
//	Ledger.Purge     agreements whose period is past        every stop, and what holds somebody back
//
// An erased person who comes back with an old list stays stopped: [Ledger.Standing]
// knows them by the digest, under the key of [WithKey]. Without the key it is an
// error, once anybody was erased. A store that can forget is an [Eraser], one
// that can list a [Lister].
//
// # Who may, and who did
//
// [WithActorContext] names who acts, [WithAuthoriser] is asked before an import,
// an export, an erasure, a purge, and an opt-in that lifts a stop. [Ledger.Audit]
// tells who did what to a person's consent, when, and from what to what it
// changed; [Ledger.AuditAll] does so for everybody.
//
// The rules are those of the WhatsApp Business Messaging Policy, section 1
// (opt-in; honour every request to stop, on or off WhatsApp), and of the
// Business Terms, section 4 (requests to stop certain types of messages).
package optin
