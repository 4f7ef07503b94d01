// Package party says who is on the other side of a conversation, and where
// their number belongs.
//
// # From a handle to a party
//
// A person has a phone number, a business-scoped user id (BSUID), or a parent
// BSUID; a webhook may show any of them or all. Each is brought to one form,
// and from then on compares byte for byte:
//
//	"+55 31 8765-4321"  ─ ParsePhone ─┐
//	"553187654321"      ─ ParseWaID ──┼─▶ +5531987654321 ─┐
//	"5531987654321"     ─ ParseWaID ──┘                   │
//	"BR.918…"           ─ ParseUser ────▶ BR.918…         ├─▶ Party ─▶ []Handle
//	"BR.ENT.918…"       ─ ParseParent ──▶ BR.ENT.918…    ─┘
//
// [New] does all of that at once, and so does reading the JSON form of a
// [Party]. What does not parse is an error that says why and never quotes the
// number or the id.
//
// # From handles to a person
//
// What is known of a person is spread over handles that were seen together at
// some time, and over changes of handle. [Links] keeps both as they were
// observed, [Known] is what follows from them:
//
//	9:00   join   +44…123   GB.1             ┐ one person
//	9:30   join   GB.1      GB.ENT.7         ┘
//	11:00  move   +44…123 ─▶ +44…456           +44…123 is out of the first join
//	12:00  join   +44…456   GB.2
//	14:00  join   +44…123   GB.3               the old number's next owner
//
//	Known(+44…456)  =  +44…456  GB.2           and the move, so that the caller
//	                                           can look at what came before it
//	Known(GB.1)     =  GB.1  GB.ENT.7
//	Known(+44…123)  =  +44…123  GB.3           and the move
//
// Observations arrive late, twice and out of order; none of that makes a
// difference. [Memory] keeps them in memory; other stores prove themselves with
// the kit in linkstest.
//
// # Where a number belongs
//
// [Place] and [Zones] look the whole number up in a table made from the data of
// Google's libphonenumber by the program in gen, [PlaceOfUser] reads the country
// from a BSUID. No answer is an answer: a number that belongs to no one place
// has none, and then no exception for a country applies.
package party
