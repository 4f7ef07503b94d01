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
// the package sqlstore has durable ones. [CallsAt] reads from the same marks
// whether the customer may be called, and [ReachAt] whether messages reach them.
package window
