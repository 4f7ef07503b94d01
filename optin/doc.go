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
// # Order of a stop and a send
//
// Every event raises the version of its handles, and a flight enters only on
// the version its Standing has seen. Once [Ledger.Revoke] has returned, no
// flight is entered for that person on what was known before, and those entered
// earlier are in its answer. A Standing that leaves out a stop dated after its
// instant holds the version [NoEntry]: take a new instant and look up again.
//
// The rules are those of the WhatsApp Business Messaging Policy, section 1
// (opt-in; honour every request to stop, on or off WhatsApp), and of the
// Business Terms, section 4 (requests to stop certain types of messages).
package optin
