package party_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

func ExampleNew() {
	p, err := party.New("+44 7700 900123", "GB.91800000000001", "")
	fmt.Println(p.Phone, p.User, err)

	_, err = party.New("07700 900123", "UK.91800000000001", "")
	fmt.Println(err)
	// Output:
	// +447700900123 GB.91800000000001 <nil>
	// party: phone: no plus: Meta would prepend the business's own country code; user: its prefix is no ISO 3166 country code in capitals
}

func ExampleParsePhone() {
	fmt.Println(party.ParsePhone("+1 (202) 555-0123"))

	_, err := party.ParsePhone("+44 (0)7700 900123")
	var bad *party.PhoneError
	fmt.Println(errors.As(err, &bad), bad.Reason)
	// Output:
	// +12025550123 <nil>
	// true (0) is not dialled from abroad: leave it out
}

func ExampleParseWaID() {
	// One Brazilian mobile, under the two wa_ids it may have.
	old, _ := party.ParseWaID("553187654321")
	now, _ := party.ParseWaID("5531987654321")
	fmt.Println(old, old == now)
	// Output: +5531987654321 true
}

func ExampleForms() {
	fmt.Println(party.Forms("+525512345678"))
	// Output: [525512345678 5215512345678]
}

func ExampleParseUser() {
	fmt.Println(party.ParseUser("GB.91800000000001"))
	_, err := party.ParseUser("GB.ENT.91800000000002")
	fmt.Println(err)
	// Output:
	// GB.91800000000001 <nil>
	// party: user: it is a parent BSUID
}

func ExampleParseParent() {
	fmt.Println(party.ParseParent("GB.ENT.91800000000002"))
	// Output: GB.ENT.91800000000002 <nil>
}

func ExampleParseUsername() {
	fmt.Println(party.ParseUsername("Corner.Bakery"))
	_, err := party.ParseUsername("bakery.com")
	fmt.Println(err)
	// Output:
	// corner.bakery <nil>
	// party: username: ends like a web address
}

func ExamplePlace() {
	for _, phone := range []string{"+12025550123", "+16135550123", "+17875550123", "+18005550123"} {
		iso, ok := party.Place(phone)
		fmt.Printf("%s %q %v\n", phone, iso, ok)
	}
	// Output:
	// +12025550123 "US" true
	// +16135550123 "CA" true
	// +17875550123 "PR" true
	// +18005550123 "" false
}

func ExamplePlaceOfUser() {
	fmt.Println(party.PlaceOfUser("BR.ENT.91800000000002"))
	// Output: BR true
}

func ExampleZones() {
	fmt.Println(party.Zones("+12125550123"))
	// Output: [America/New_York]
}

func ExampleParty_UnmarshalJSON() {
	var p party.Party
	err := json.Unmarshal([]byte(`{"phone":"+44 7700 900123","user":"GB.91800000000001"}`), &p)
	fmt.Println(p.Handles(), err)
	// Output: [{phone +447700900123} {user GB.91800000000001}] <nil>
}

func ExampleMemory() {
	ctx := context.Background()
	at := func(hour int) time.Time { return time.Date(2026, 9, 1, hour, 0, 0, 0, time.UTC) }
	was := party.Party{Phone: "+447700900123", User: "GB.1"}
	is := party.Party{Phone: "+447700900456", User: "GB.2"}

	links := party.NewMemory()
	_ = links.Join(ctx, party.Join{ID: "wamid.1", Handles: was.Handles(), At: at(9)})
	_ = links.Move(ctx, party.Move{ID: "wamid.2", From: was.Handles()[0], To: is.Handles()[0], At: at(11)})
	_ = links.Join(ctx, party.Join{ID: "wamid.3", Handles: is.Handles(), At: at(12)})

	k, err := links.Known(ctx, []party.Handle{{Scheme: party.User, Value: "GB.2"}})
	fmt.Println(k.Handles, err)
	for _, m := range k.Moves {
		fmt.Println(m.From.Value, "became", m.To.Value)
	}
	// Output:
	// [{phone +447700900456} {user GB.2}] <nil>
	// +447700900123 became +447700900456
}

func ExampleZonesOf() {
	fmt.Println(party.ZonesOf("AE"), len(party.ZonesOf("BR")))
	// Output: [Asia/Dubai] 4
}
