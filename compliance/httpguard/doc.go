// Package httpguard is the door nobody forgets: an [http.RoundTripper] that
// judges what an app's own WhatsApp client is about to put on the wire.
//
//	client ──▶ http.Client{Transport: guard} ──▶ Guard ──▶ http.DefaultTransport ──▶ provider
//	                                               │
//	            which endpoint?  a send ───────────┤ read its body (package wire)
//	                             a receipt ────────┤ passes
//	                             listed in Pass ───┤ passes, unread
//	                             anything else ────┤ refused, undecided
//	                                               │
//	            inside a deliver call?  covered ───┤ passes: it was judged above
//	                                    not ───────┤ RequireTicket: refused
//	                                               └ else judged here, by its bytes
//
// It belongs directly above the RoundTripper that sends, below whatever tries
// again, signs or traces, so that no repeat goes past it. A client that tries
// again does so on an error too; under one use [AnswerRefusals], which makes a
// refusal an answer of status 403 that nobody asks for twice. What is judged
// here is judged at each try; under [compliance.Wrap] the tries of a client are
// one message, one Decision and one charge.
//
// What it sends are the bytes it has read, up to [wire.MaxSize], with the
// headers as they were; a request is never changed and its body always closed.
// What cannot be read in one way only is refused: an unknown type, a query with
// parameters of its own, a compressed body, another media type, a header that
// names another method, a path with escapes.
//
// # Which door
//
// [compliance.Wrap] is the front door: it fits every client, knows the app's own
// types, and gives back the client's own result. The guard fits every client
// that takes an http.Client, needs no code for the types, and cannot be walked
// around by a call somebody forgot to wrap. The two together are the strongest:
// Wrap judges, and a guard with [RequireTicket] below it refuses whatever did
// not come that way. DOORS.md in the root of the repository has the table of
// clients.
package httpguard
