package party

import (
	"slices"
	"strings"
	"sync"
)

//go:generate go run -C gen .

// Place returns the country or territory of a number, as an ISO 3166-1 alpha-2
// code (AC, TA and XK beside them), judged by the whole number: by area code under +1,
// by number range where places share another calling code (+7, +44, +47, +599
// and so on). ok is false when the number is in no range that is assigned to
// one place: unassigned ranges of a shared calling code, +1 toll-free and
// personal numbers, satellite and other worldwide services, and whatever is no
// E.164 number. It says where the number belongs, not where the person is.
//
// The ranges are those of Google's libphonenumber, see the head of table_gen.go,
// and so is what is taken as one there: numbers of Western Sahara come out as MA,
// mobiles that several French territories share as the first of them.
// phone is a plus and digits as [ParsePhone] returns. Place does not allocate.
func Place(phone string) (iso string, ok bool) {
	if !isPlain(phone) || len(phone) <= minDigits {
		return "", false
	}
	if phone[1] == '1' && len(phone) != len("+12025550100") {
		return "", false
	}
	r := rangeOf(placeStarts[:], phone[1:])
	if r < 0 {
		return "", false
	}
	i := 2 * int(placeOf[r])
	if i == 0 {
		return "", false
	}
	return placeNames[i : i+2], true
}

// Zones returns the IANA time zones a number may be in, by the same data as
// [Place], in the order of that data; nil when nothing is known of it. A number
// whose place has several zones and that does not tell them apart (most
// mobiles) has all of them. A person may be anywhere else.
func Zones(phone string) []string {
	if !isPlain(phone) || len(phone) <= minDigits {
		return nil
	}
	r := rangeOf(zoneStarts[:], phone[1:])
	if r < 0 || zoneOf[r] == 0 {
		return nil
	}
	return strings.Split(zoneSets[zoneOf[r]], " ")
}

// ZonesOf returns the IANA time zones of a place, by the same data: those that
// some number of it may be in, in alphabetical order; nil for a place that has no
// numbers of its own. Of numbers of which the data know the calling code and no
// more it names the zones of every place that shares it; a zone that numbers of
// other places are known to be in, and none of this one, is left out where the
// place has another.
func ZonesOf(iso string) []string { return slices.Clone(zonesOf()[iso]) }

var zonesOf = sync.OnceValue(func() map[string][]string {
	certain := map[string][]string{} // places with numbers that are in this zone and no other
	eachRange(func(iso, zones string) {
		if !strings.Contains(zones, " ") && !slices.Contains(certain[zones], iso) {
			certain[zones] = append(certain[zones], iso)
		}
	})
	of, all := map[string][]string{}, map[string][]string{}
	add := func(to map[string][]string, iso, zone string) {
		if at, known := slices.BinarySearch(to[iso], zone); !known {
			to[iso] = slices.Insert(to[iso], at, zone)
		}
	}
	eachRange(func(iso, zones string) {
		for zone := range strings.SplitSeq(zones, " ") {
			add(all, iso, zone)
			if places := certain[zone]; len(places) == 0 || slices.Contains(places, iso) {
				add(of, iso, zone)
			}
		}
	})
	for iso, zones := range all {
		if of[iso] == nil {
			of[iso] = zones
		}
	}
	return of
})

// eachRange goes through the stretches of numbers that are of one place and of
// one set of zones.
func eachRange(each func(iso, zones string)) {
	for p, z := 0, 0; p < len(placeStarts) && z < len(zoneStarts); {
		if i := 2 * int(placeOf[p]); i != 0 && zoneOf[z] != 0 {
			each(placeNames[i:i+2], zoneSets[zoneOf[z]])
		}
		switch { // on to where the next range of either kind starts
		case p+1 == len(placeStarts):
			z++
		case z+1 == len(zoneStarts):
			p++
		case placeStarts[p+1] < zoneStarts[z+1]:
			p++
		case placeStarts[p+1] > zoneStarts[z+1]:
			z++
		default:
			p, z = p+1, z+1
		}
	}
}

// tableDigits is how many digits of a number the tables look at.
const tableDigits = 12

// rangeOf finds the last range that does not start after the number; -1 if there
// is none. Numbers are compared as if written out to tableDigits.
func rangeOf(starts []uint64, digits string) int {
	var n uint64
	for i := range tableDigits {
		n *= 10
		if i < len(digits) {
			n += uint64(digits[i] - '0')
		}
	}
	i, exact := slices.BinarySearch(starts, n)
	if exact {
		return i
	}
	return i - 1
}
