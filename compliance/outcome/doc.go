// Package outcome says what an answer to a send means for the next one: whether
// the message may go again and when, whether the person, the template or the
// number has to rest, and what there is to mend.
//
//	error code, HTTP status, text ─▶ Table.Classify ─▶ Outcome{Class, Of, After, Effect, Do}
//
// The codes stand in one file, codes.json: dated and cited like the rules, for
// the Cloud API, for Twilio's equivalents, for Gupshup's, and for the bare shapes
// of HTTP. A code decides before a text and a text before an HTTP status, because
// the platform answers a rate limit with HTTP 400 and without Retry-After. The
// order of the platform's checks may change, so the same bad request can draw
// another code the next time: an Outcome is about the answer, not about the cause.
//
// What is not in the table is [Unknown]: a refusal that nobody here can read. It
// is no invitation to try again.
//
// In an app this is [github.com/waguard/waguard/compliance.Classify], which also
// reads a client's error; the Inbox uses the same table for answers and for
// failed statuses, and feeds what they say about people, templates and accounts
// back into the stores.
package outcome
