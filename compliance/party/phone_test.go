package party

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParsePhone(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"+447700900123", "+447700900123", "canonical already"},
		{"+44 7700 900123", "+447700900123", "spaces, as Meta drops them"},
		{" +44-7700-900-123 ", "+447700900123", "hyphens, and spaces around"},
		{"+1 (202) 555-0123", "+12025550123", "parentheses"},
		{"+1.202.555.0123", "+12025550123", "dots"},
		{"(+44) 7700 900123", "+447700900123", "a parenthesis before the plus"},
		{"+390612345678", "+390612345678", "Italian numbers keep their 0"},
		{"+6834123", "+6834123", "Niue: the shortest numbers there are"},
		{"+3780549123456", "+3780549123456", "so do those of San Marino"},

		{"+5531987654321", "+5531987654321", "Brazilian mobile with its ninth digit"},
		{"+553187654321", "+5531987654321", "the same without it"},
		{"+55 11 8765-4321", "+5511987654321", "São Paulo, punctuated"},
		{"+551161234567", "+5511961234567", "mobiles began with 6 as well"},
		{"+551132654321", "+551132654321", "a landline of São Paulo stays"},
		{"+551151234567", "+551151234567", "5 is the last of the landlines"},
		{"+5511321234567", "+5511321234567", "nine digits that do not begin with 9 are left alone"},
		{"+550187654321", "", "no number of Brazil begins with 0"},
		{"+551087654321", "+551087654321", "no area ends in 0: not a mobile, left alone"},
		{"+5215512345678", "+525512345678", "Mexico with the 1 of before 2019"},
		{"+525512345678", "+525512345678", "and without"},
		{"+5210000000000", "+5210000000000", "no area of Mexico begins with 0: the 1 is no prefix"},
		{"+5491123456789", "+541123456789", "Argentine mobile with the 9"},
		{"+541123456789", "+541123456789", "and without"},
		{"+549111234567", "+549111234567", "ten digits that begin with 9 are an area, no prefix"},
	} {
		got, err := ParsePhone(c.in)
		if c.want == "" {
			require.Error(t, err, "%s: %s", c.in, c.why)
			continue
		}
		require.NoError(t, err, "%s: %s", c.in, c.why)
		require.Equal(t, c.want, got, c.why)
		again, err := ParsePhone(got)
		require.NoError(t, err)
		require.Equal(t, got, again, "canonical stays canonical")
	}
}

func TestParsePhoneRefuses(t *testing.T) {
	for _, c := range []struct{ in, reason, why string }{
		{"", noPhone, "nothing"},
		{"   ", noPhone, "nothing but spaces"},
		{"07700 900123", noPlus, "national form: Meta would put the business's code in front"},
		{"447700900123", noPlus, "full number, but nobody can tell"},
		{"(0)7700 900123", trunkParen, "the trunk zero in parentheses"},
		{"+44 (0)7700 900123", trunkParen, "the same, which Meta would keep as a digit"},
		{"+4407700900123", trunkZero, "the same without parentheses"},
		{"+91 098765 43210", trunkZero, "India"},
		{"0044 7700 900123", zeroZero, "an international prefix of some countries"},
		{"+44+7700900123", latePlus, "two pluses"},
		{"44+7700900123", latePlus, "plus in the middle"},
		{"++447700900123", latePlus, "two at the start"},
		{"+1 202 555 CALL", letters, "vanity"},
		{"+447700900123 ext 5", letters, "an extension is no phone that has WhatsApp"},
		{"+٤٤٧٧٠٠٩٠٠١٢٣", otherDigits, "Arabic digits"},
		{"+\uff14\uff147700900123", otherDigits, "full width digits"},
		{"\uff0b447700900123", strange, "a full width plus"},
		{"+44\u00a07700900123", strange, "a space that is not the space"},
		{"+44/7700900123", strange, "a slash often parts two numbers"},
		{"+447700900123\n", strange, "a line end comes from a broken import"},
		{"+44\x007700900123", strange, "a NUL"},
		{"+44770\xff", strange, "no UTF-8"},
		{"+", fewDigits, "a plus alone"},
		{" + ", fewDigits, "a plus alone, with spaces"},
		{"()", noPlus, "punctuation alone"},
		{"+447700", fewDigits, "six digits"},
		{"+1234567890123456", manyDigits, "sixteen digits"},
		{"+" + strings.Repeat("1", 63), manyDigits, "as long as is looked at"},
		{strings.Repeat("1", 65), longPhone, "longer than is looked at"},
		{"+0447700900123", noSuchCode, "no calling code begins with 0"},
		{"+2101234567", noSuchCode, "not assigned"},
		{"+9991234567", noSuchCode, "not assigned"},
	} {
		got, err := ParsePhone(c.in)
		var pe *PhoneError
		require.ErrorAs(t, err, &pe, "%q: %s", c.in, c.why)
		require.Equal(t, c.reason, pe.Reason, "%q: %s", c.in, c.why)
		require.Empty(t, got)
		require.NotContains(t, err.Error(), "7700900123", "the number never is in the error")
	}
}

func TestParseWaID(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"447700900123", "+447700900123", "as webhooks write it"},
		{"553187654321", "+5531987654321", "an old account of Brazil"},
		{"5215512345678", "+525512345678", "an old account of Mexico"},
		{"5491123456789", "+541123456789", "Argentina"},
		{"+447700900123", "", "Meta writes no plus"},
		{"44 7700 900123", "", "nor spaces"},
		{"", "", "nothing"},
		{"120363012345678901", "", "a group id is no phone"},
		{"99912345678", "", "no such country"},
		{"٤٤٧٧٠٠", "", "other digits"},
	} {
		got, err := ParseWaID(c.in)
		require.Equal(t, c.want == "", err != nil, "%s: %v", c.why, err)
		require.Equal(t, c.want, got, c.why)
		if err != nil {
			require.True(t, errors.As(err, new(*PhoneError)))
		}
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		why  string
	}{
		{"+5531987654321", []string{"5531987654321", "553187654321"}, "both forms of a Brazilian mobile"},
		{"+553187654321", []string{"5531987654321", "553187654321"}, "asked by the old form"},
		{"+5531923456789", []string{"5531923456789"}, "without its 9 it would be somebody's landline"},
		{"+551132654321", []string{"551132654321"}, "a landline"},
		{"+525512345678", []string{"525512345678", "5215512345678"}, "Mexico"},
		{"+521012345678", []string{"521012345678"}, "no number of Mexico begins with 1"},
		{"+541123456789", []string{"541123456789", "5491123456789"}, "Argentina"},
		{"+447700900123", []string{"447700900123"}, "elsewhere there is one"},
		{"447700900123", nil, "no number, no forms"},
	} {
		got := Forms(c.in)
		require.Equal(t, c.want, got, c.why)
		for _, f := range got {
			p, err := ParseWaID(f)
			require.NoError(t, err, c.why)
			require.Equal(t, got[0], p[1:], "every form comes back to the first: %s", c.why)
		}
	}
}

func TestCanonicalInputIsNotCopied(t *testing.T) {
	user, parent := "GB.91800000000001", "GB.ENT.91800000000002"
	phone, spaced := "+447700900123", "+44 7700 900123"
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = ParsePhone(phone) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = ParseUser(user) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = ParseParent(parent) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = ParseUsername("some.name") }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = Place(phone) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = PlaceOfUser(user) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = New(phone, user, parent) }))
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = ParsePhone(spaced) }), 1.0)
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{
		"+447700900123", "+1 (202) 555-0123", "+553187654321", "+5215512345678", "+5491123456789",
		"+44 (0)7700 900123", "0044", "+", "", "+٤٤", "+390612345678", "++1", "+000000000", "+999999999999999",
		" +", " ", "+540000000000", "+5210000000000", "+5490000000000", "+5521687654321",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePhone(s)
		if err != nil {
			var pe *PhoneError
			if p != "" || !errors.As(err, &pe) || pe.Reason == "" {
				t.Fatalf("%q: %q, %v", s, p, err)
			}
			return
		}
		if len(p) < 1+minDigits || len(p) > 1+maxDigits || p[0] != '+' || !isDigits(p[1:]) {
			t.Fatalf("%q gives %q", s, p)
		}
		if again, err := ParsePhone(p); err != nil || again != p {
			t.Fatalf("%q is not canonical: %q, %v", p, again, err)
		}
		forms := Forms(p)
		if len(forms) == 0 || forms[0] != p[1:] {
			t.Fatalf("%q has forms %q", p, forms)
		}
		for _, form := range forms {
			if q, err := ParseWaID(form); err != nil || q != p {
				t.Fatalf("form %q of %q gives %q, %v", form, p, q, err)
			}
		}
		if iso, ok := Place(p); ok != isISO(iso) {
			t.Fatalf("%q: %q, %v", p, iso, ok)
		}
		for _, z := range Zones(p) {
			if z == "" || strings.ContainsAny(z, " \t") {
				t.Fatalf("%q: zone %q", p, z)
			}
		}
	})
}

func FuzzParseWaID(f *testing.F) {
	for _, s := range []string{"447700900123", "553187654321", "5215512345678", "5210000000000", "", "+44", "0", "1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParseWaID(s)
		q, perr := ParsePhone("+" + s)
		if err == nil && (perr != nil || p != q) {
			t.Fatalf("%q: %q as a wa_id, %q and %v as a phone", s, p, q, perr)
		}
		if err == nil && !slices.Contains(Forms(p), s) {
			t.Fatalf("%q is not among the forms of %q", s, p)
		}
	})
}

func isISO(s string) bool { return len(s) == 2 && isCountry(s) }

// The table never gives what is no country here.
func TestPlacesAreCountries(t *testing.T) {
	for i := 2; i < len(placeNames); i += 2 {
		require.True(t, isCountry(placeNames[i:i+2]), placeNames[i:i+2])
	}
	require.True(t, slices.IsSorted(placeStarts[:]))
	require.True(t, slices.IsSorted(zoneStarts[:]))
	require.Len(t, placeOf, len(placeStarts))
	require.Len(t, zoneOf, len(zoneStarts))
}
