// Package policy is the rule book: what WhatsApp demands of a business that
// sends messages, since when, on whose word, and how heavily it weighs.
//
//	rules/<area>/<id>.json        an app's own files or Go values
//	        │                              │
//	        └──────── Load ────────────────┤        one file a rule; strict, every mistake with its line
//	                                       ▼
//	                                    NewBook      every id once; aliases lead to their rule
//	                                       │
//	              With · Raise · Waive · Enable      what an app decides, kept apart and listed
//	                                       ▼
//	                                     Book        never changes, has a digest
//	                                       │ At(t)
//	                                       ▼
//	                                     Sheet       the rules in force at one instant, numbered as in the book
//
// [Builtin] takes the first steps for the rules of this release. The package
// judges nothing: it says which demands stand at an instant, and the packages
// above decide them. How a rule is decided is its [Check]; a rule whose check
// is "none" is in the book, has editions and citations, and comes out as not
// run.
//
// # Rule files
//
// A rule file holds one [Rule] and is called <area>/<id>.json; an app's own
// rule acme/no-sunday is filed as <area>/acme/no-sunday.json. The areas are
// listed by [Areas]. A rule that has changed over time keeps its id and gets
// another [Edition]: half-open, from the first day on until the day before
// which it ended. Where only the earliest evidence is known, from_by is true;
// where an end is known only roughly, until is the careful edge and until_by
// is true. Numbers and lists a mechanism needs stand in params and are read
// with [Param].
//
// A text rule with the input commerce speaks of messages with a catalogue,
// product or payment. In a plain message it has the severity its edition's
// param "plain" names, save for the terms under strict; without that param it
// says nothing there.
//
// # Inputs
//
// The facts a rule looks at are named so: now; rcpt, rcpt_country and
// rcpt_age_ok (who it goes to); contact (where the number came from); optin,
// optout and prefs (the ledger, and the user's own switch in WhatsApp); last_in
// (the last message or call of theirs); kind (template, freeform, call); tmpl
// (the template); text (every word the recipient reads); commerce (catalog,
// product or payment); surface (platform or app); origin (human or automation);
// profile, attest, vertical, licences and permissions (what the business says
// about itself); account (restrictions, limits and quality); history (what was
// sent before); lineage (where words were taken from); endpoint and wire (how
// the request is made); inbound (what a customer wrote); edition (the day whose
// rules were asked for). A part of one is named with a dot, as in tmpl.category.
package policy
