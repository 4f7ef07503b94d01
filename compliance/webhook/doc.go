// Package webhook is the inbound door: what the platform tells, from the raw
// request to events in the inbox.
//
//	POST ─▶ size ─▶ signature ─▶ Parse ─▶ Receive ─▶ next (raw body, LearnedFrom)
//	          413        401       400       500
//
// [Handler] is all of it around one http.Handler for Meta's Cloud API, and
// [HandlerOf] for another [Provider]: [Twilio], whose forms are signed over their
// address, [Infobip] and [Vonage], whose requests a [Check] vouches for, and
// [Relay] for those that pass Meta's own webhooks on. Parse of each and [Verify]
// stand on their own, for queues, tests and replays.
//
// A webhook may come late, twice and in any order, for seven days: events carry
// the provider's own times and ids, and the stores keep what is youngest by those.
// Any order of a history, with any repeats in it, leaves the same state.
//
// Every item of a webhook is read for itself and comes to something: an event, a
// Nothing that says why it teaches nothing, or an Unreadable that says where. An
// item that cannot be read never holds up what stands beside it, which may be a
// stop. So only three things refuse a whole webhook: a signature that does not
// fit, a body that is no webhook, and an inbox that could not store it; after
// the last Meta sends it again.
//
// What is read with care:
//
//   - People are matched to contacts by number and id, never by their order. A
//     webhook may name somebody by an id alone.
//   - Under standby, messages lie one level deeper; a stop there is a stop.
//   - Times come as strings and as numbers, dates of a ban as English text.
//   - In an announced change of category "new_category" is the one in effect and
//     "correct_category" the one to come; in a change that is done it is
//     "new_category" that counts.
//   - Twilio's forms carry no time: the first receipt counts.
//   - Codes of other providers stay their own; package outcome says what they mean.
//   - A shared card is somebody else, except as the answer to a request for
//     contact information.
//   - The words of a customer are text, captions and labels of buttons. Names of
//     places, files and forms are not, so that no shop called Stop stops anything.
//
// Ids repeat when a webhook repeats: they are the platform's own, or a digest of
// the item.
package webhook
