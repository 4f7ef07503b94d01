// Package pace keeps how much a person was sent, how fast, and at what hour it may
// be: the first thing a Sender spends.
//
//	judged, and may leave ─▶ Spend    all of it, or nothing where there is no room
//	did not leave         ─▶ Back     given back
//	handed over           ─▶ Settled  under the name the platform has for it
//	failed, told later    ─▶ Back     given back, found by that name
//	131056                ─▶ Pushed   the pair waits 4^X seconds
//	131049                ─▶ Refused  marketing to the person rests
//
// # Tabs
//
// A [Tab] lists the messages that still count, and what the platform answered. It
// holds no counters: what is due, how many are in a period and how long a wait is
// are worked out when they are asked for, in one place, from the numbers of the
// rules then in force ([State.Room]). So a message given back leaves no trace, two
// tabs of one person can be put together, and a store need know nothing but how to
// keep a text while nobody comes in between ([Store]).
//
// # Who is one person
//
// A tab lies under the least of a person's handles by scheme and value ([Under]),
// whichever of them a message goes to. Who was met under a phone number first and
// under a user id later has two tabs until links know better; then the next write
// pours them together, and both count. After a change of number the tab stays with
// the number, as windows do: the platform's pair is of the new one.
//
// # What is counted
//
//	pair     messages of one number to one person    Rate: 6 s apart, 45 at once
//	caps     marketing to one person, all numbers     Cap: so many in a moving period
//	reach    people of a portfolio, outside windows   Tally: so many in a moving day
//
// A rate may borrow, a cap never does. A [Tally] has the people of the last day by
// quarters of an hour, and lets go of them up to that much later than the platform
// does. What is spent under a name is spent once a day, however often it is asked
// for ([NameLife]).
//
// # Hours
//
// [Hours] are hours of the day on the recipient's own wall. Of somebody of whom
// only the country is known it has to be day in all of its time zones.
package pace
