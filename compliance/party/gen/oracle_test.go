package main

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
)

func TestTheCommittedTableIsWhatThisMakes(t *testing.T) {
	want, err := generate()
	require.NoError(t, err)
	again, err := generate()
	require.NoError(t, err)
	require.Equal(t, string(want), string(again), "the same input makes the same table")
	got, err := os.ReadFile("../table_gen.go")
	require.NoError(t, err)
	require.True(t, string(want) == string(got), "table_gen.go is out of date: run go generate in compliance/party")
}

var kinds = []phonenumbers.PhoneNumberType{
	phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE,
	phonenumbers.SHARED_COST, phonenumbers.VOIP, phonenumbers.PERSONAL_NUMBER, phonenumbers.PAGER,
	phonenumbers.UAN, phonenumbers.VOICEMAIL,
}

// A tally counts how often the table and libphonenumber said the same.
type tally struct{ same, all int }

func (c *tally) count(same bool) {
	c.all++
	if same {
		c.same++
	}
}

func (c tally) rate() float64 { return 100 * float64(c.same) / float64(c.all) }

// sample calls f with numbers of every region: libphonenumber's example of each
// kind, that example with digits changed from the end up to the whole of it, and
// plain random digits of every possible length. They come with or without being valid.
func sample(t *testing.T, perRegion int, f func(e164 string, n *phonenumbers.PhoneNumber)) {
	random := rand.New(rand.NewPCG(26, 11))
	try := func(e164 string) {
		if len(e164) < 8 || len(e164) > 16 {
			return // 7 to 15 digits are what party takes for E.164
		}
		if n, err := phonenumbers.Parse(e164, "ZZ"); err == nil && phonenumbers.Format(n, phonenumbers.E164) == e164 {
			f(e164, n)
		}
	}
	all, err := phonenumbers.MetadataCollection()
	require.NoError(t, err)
	lengths := map[string][]int32{}
	for _, m := range all.GetMetadata() {
		lengths[m.GetId()] = m.GetGeneralDesc().GetPossibleLength()
	}
	for _, region := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())) {
		var examples []string
		for _, k := range kinds {
			if e := phonenumbers.GetExampleNumberForType(region, k); e != nil {
				examples = append(examples, phonenumbers.Format(e, phonenumbers.E164))
				try(examples[len(examples)-1])
			}
		}
		code := strconv.Itoa(phonenumbers.GetCountryCodeForRegion(region))
		for i := range perRegion {
			if i%3 == 2 || len(examples) == 0 {
				length := lengths[region][random.IntN(len(lengths[region]))]
				b := []byte("+" + code)
				for range length {
					b = append(b, byte('0'+random.IntN(10)))
				}
				try(string(b))
				continue
			}
			b := []byte(examples[random.IntN(len(examples))])
			change := 1 + random.IntN(len(b)-1-len(code))
			for j := len(b) - change; j < len(b); j++ {
				b[j] = byte('0' + random.IntN(10))
			}
			try(string(b))
		}
	}
}

func TestPlaceAgreesWithLibphonenumber(t *testing.T) {
	var valid, invalid tally
	apart := map[string]int{}
	sample(t, 2400, func(e164 string, n *phonenumbers.PhoneNumber) {
		want := phonenumbers.GetRegionCodeForNumber(n)
		if want == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			want = ""
		}
		got, _ := party.Place(e164)
		if !phonenumbers.IsValidNumber(n) {
			invalid.count(got == want)
			return
		}
		if n.GetCountryCode() == 1 && !geographic(n) {
			// Libphonenumber gives toll-free, premium and personal numbers to the
			// first region that lists them, mostly the United States. They are in
			// no place, unless they lie in the area code of one.
			require.True(t, got == "" || got == want, "+1 and no area of anywhere: %s by them, %s here", want, got)
			return
		}
		valid.count(got == want)
		if got != want {
			apart[want+" by them, "+got+" here"]++
		}
	})
	t.Logf("valid: %d of %d agree, %.4f %%; apart: %v", valid.same, valid.all, valid.rate(), apart)
	t.Logf("not valid: %d of %d agree, %.2f %% (a number nobody has may be given the place of its neighbours)",
		invalid.same, invalid.all, invalid.rate())
	require.Greater(t, valid.all, 200_000)
	require.Equal(t, valid.all, valid.same)
}

// geographic reports whether a number under +1 is a fixed or mobile line.
func geographic(n *phonenumbers.PhoneNumber) bool {
	k := phonenumbers.GetNumberType(n)
	return k == phonenumbers.FIXED_LINE || k == phonenumbers.MOBILE || k == phonenumbers.FIXED_LINE_OR_MOBILE
}

// Under +1 every area code is looked at, with many exchanges: the marketing rule
// for the United States hangs on it.
func TestEveryAreaCode(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	placed := map[string]int{}
	for area := range 1000 {
		regions := map[string]bool{}
		for range 100 {
			e164 := "+1" + strconv.Itoa(1000 + area)[1:] + strconv.Itoa(2000000+random.IntN(8000000))
			n, err := phonenumbers.Parse(e164, "ZZ")
			if err != nil || phonenumbers.Format(n, phonenumbers.E164) != e164 {
				continue
			}
			if !phonenumbers.IsValidNumber(n) || !geographic(n) {
				continue
			}
			regions[phonenumbers.GetRegionCodeForNumber(n)] = true
		}
		got, ok := party.Place("+1" + strconv.Itoa(1000 + area)[1:] + "5550123")
		if len(regions) == 0 {
			// A code of which the sample met no line may still have a few exchanges;
			// what has none must not be placed, and the next test sees to those that do.
			continue
		}
		require.Len(t, regions, 1, "area %03d", area)
		require.True(t, ok, "area %03d", area)
		require.True(t, regions[got], "area %03d is %s here", area, got)
		placed[got]++
	}
	require.Greater(t, placed["US"], 300)
	require.Greater(t, placed["CA"], 35)
	require.Len(t, placed, len(phonenumbers.GetRegionCodesForCountryCode(1)), "every place under +1")
	t.Log(placed)
}

// What the table places under +1 has at least one number libphonenumber takes
// for a line of that place: no code is made up.
func TestNoAreaCodeIsMadeUp(t *testing.T) {
	all, err := plans()
	require.NoError(t, err)
	p := all[slices.IndexFunc(all, func(p *plan) bool { return p.code == 1 })]
	for area := range 1000 {
		digits := strconv.Itoa(1000 + area)[1:]
		s := p.start()
		for i := range digits {
			s = p.step(s, digits[i])
		}
		bits := p.reach(s)
		got, ok := party.Place("+1" + digits + "5550123")
		require.Equal(t, bits != 0, ok, "area %s", digits)
		if !ok {
			continue
		}
		// follow one number to its end and let libphonenumber say whose it is
		for s.digits < 10 {
			for d := byte('0'); d <= '9'; d++ {
				if next := p.step(s, d); p.reach(next) != 0 {
					s, digits = next, digits+string(d)
					break
				}
			}
		}
		n, err := phonenumbers.Parse("+1"+digits, "ZZ")
		require.NoError(t, err)
		require.Equal(t, phonenumbers.GetRegionCodeForNumber(n), got, "area %03d", area)
	}
}

func TestZonesAgreeWithLibphonenumber(t *testing.T) {
	var c tally
	sample(t, 250, func(e164 string, n *phonenumbers.PhoneNumber) {
		want, err := phonenumbers.GetTimezonesForNumber(n)
		require.NoError(t, err)
		if len(want) == 1 && want[0] == phonenumbers.UNKNOWN_TIMEZONE {
			want = nil
		}
		c.count(slices.Equal(want, party.Zones(e164)))
	})
	t.Logf("%d of %d agree, %.4f %%", c.same, c.all, c.rate())
	require.Greater(t, c.all, 40_000)
	require.Equal(t, c.all, c.same)
}

func TestEveryZoneCanBeLoaded(t *testing.T) {
	spans, err := zoneSpans()
	require.NoError(t, err)
	require.NotEmpty(t, spans)
	for _, s := range spans {
		for zone := range strings.FieldsSeq(s.value) {
			_, err := time.LoadLocation(zone)
			require.NoError(t, err)
		}
	}
}

// Valid numbers, of every kind but those below, are taken by ParsePhone.
func TestValidNumbersParse(t *testing.T) {
	var c tally
	why := map[string]int{}
	sample(t, 250, func(e164 string, n *phonenumbers.PhoneNumber) {
		if !phonenumbers.IsValidNumber(n) {
			return
		}
		if k := phonenumbers.GetNumberType(n); k != phonenumbers.FIXED_LINE && k != phonenumbers.MOBILE && k != phonenumbers.FIXED_LINE_OR_MOBILE {
			return // some countries list shared-cost and company numbers that begin with 0 and work at home only
		}
		_, err := party.ParsePhone(e164)
		c.count(err == nil)
		if err != nil {
			why[err.Error()]++
		}
	})
	t.Logf("%d of %d valid lines parse; %v", c.same, c.all, why)
	require.Equal(t, c.all, c.same, why)
}

func TestSteps(t *testing.T) {
	got, err := steps([]span{{"44", "b"}, {"447", "c"}, {"4479", "b"}, {"45", "b"}})
	require.NoError(t, err)
	require.Equal(t, []step{
		{0, ""}, {440000000000, "b"}, {447000000000, "c"}, {447900000000, "b"}, {460000000000, ""},
	}, got, "the longest beginning decides, neighbours of one value are one step")
	_, err = steps([]span{{"44", "a"}, {"44", "b"}})
	require.Error(t, err, "two values for one beginning")
	_, err = steps([]span{{"1234567890123", "a"}})
	require.Error(t, err, "more digits than the table compares")
}
