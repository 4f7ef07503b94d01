// Package window works out whether a business may write freely to a customer.
//
// On WhatsApp a business may send any kind of message for 24 hours after a
// customer wrote or called: the customer service window. After that only
// templates go out (and Direct Send, which needs none). The platform offers no
// field with the end of that window, so it is computed here, from the events
// themselves, each time anew:
//
//	webhook ──▶ Mark ──▶ Store.Note          marks: wrote, stopped, called,
//	                        │                answered, ad, replied, closed
//	            Store.Marks ▼
//	                     []Mark ──▶ StateAt(marks, now, rules) ──▶ State
//
//	   opened                                   safe until   closes
//	     │◀────────────── 24 hours ─────────────────┼───────────▶│
//	─────●──────────────────────────────────────────┼────────────○──────▶ time
//	     [ Open                                     [ Margin     [ closed
//
// Nothing is stored as "open": a State is a pure function of the marks and an
// instant. The newest opening wins, so late and repeated webhooks are harmless
// and any order of arrival gives the same State.
//
//   - The end is half-open: at exactly 24 hours the window is closed.
//   - A margin (60 seconds unless told otherwise) refuses sends shortly before
//     the end, because the platform may count from another instant than the one
//     it reports. A State in the margin says so.
//   - A time later than the receipt of its mark counts as the time of receipt:
//     no clock that runs ahead makes a window longer.
//   - When the platform answered 131047 at T, openings at or before T no longer
//     count.
//   - A group has a window of its own, opened by any of its members; it says
//     nothing about the window of one of them, nor the other way round.
//
// [Windows] reads a [Store] and answers. [Memory] is a Store for one process;
// the package sqlstore has durable ones. [ReachAt] reads from the same marks
// whether messages reach the customer.
//
// # Calls
//
// A call of the business needs a permission that the customer gives in WhatsApp,
// for this line. It belongs to a line and a person like the window, and is
// learned from the same webhooks, so it is worked out from the same marks:
// [CallsAt] makes [Calls] of them. This is its table of states ([CallSteps]); what
// is not in it changes nothing:
//
//	state      on                          becomes
//	unasked    asked                       requested
//	requested  asked                       requested
//	declined   asked                       requested
//	revoked    asked                       requested
//	lapsed     asked                       requested
//	any        allowed for 7 days          temporary
//	any        allowed for good            permanent
//	any        declined                    declined
//	any        withdrawn                   revoked
//	temporary  4 calls in a row not taken  revoked
//	permanent  4 calls in a row not taken  revoked
//	temporary  7 days over                 lapsed
//	requested  7 days over                 as before
//
// Only temporary and permanent allow a call. And of what is counted:
//
//   - A yes and a call that is taken begin the row of calls not taken anew. That a
//     yes does is UNCONFIRMED; WhatsApp tells of the withdrawal itself, and this
//     count stands in for a webhook that is lost.
//   - Requests are counted over a day and a week, connected calls over a day; a
//     call that connects, whoever placed it, begins the count of requests anew.
//   - A call or request is counted when it was placed or sent, so that the next
//     one is judged rightly even if no webhook comes. What webhooks and answers
//     tell of the same one counts once.
package window
