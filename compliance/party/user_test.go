package party

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
)

func TestParseUser(t *testing.T) {
	long := strings.Repeat("9", 128)
	for _, c := range []struct {
		in  string
		ok  bool
		why string
	}{
		{"GB.91812345678", true, "as Meta writes it"},
		{"US.aB9", true, "letters of both cases"},
		{"US." + long, true, "128 characters, the most"},
		{"US." + long + "9", false, "129"},
		{"XK.1", true, "Kosovo, which is not in ISO 3166 and has users"},
		{"ENT.", false, "one letter too many before the dot"},
		{"GB.", false, "nothing after the prefix"},
		{"GB", false, "no dot"},
		{"", false, "nothing"},
		{"gb.918", false, "small letters are no country code"},
		{"UK.918", false, "the United Kingdom is GB"},
		{"EU.918", false, "no country"},
		{"ZZ.918", false, "no country"},
		{"GB.91-8", false, "a hyphen"},
		{"GB.91 8", false, "a space"},
		{"GB.918 ", false, "a space at the end"},
		{"GB.918.1", false, "a second dot"},
		{"GB.９", false, "a full width digit"},
		{"GB.ENT.918", false, "a parent BSUID"},
		{"+447700900123", false, "a phone"},
	} {
		got, err := ParseUser(c.in)
		checkUser(t, User, c.in, c.ok, c.why, got, err)
	}
}

func TestParseParent(t *testing.T) {
	long := strings.Repeat("z", 128)
	for _, c := range []struct {
		in  string
		ok  bool
		why string
	}{
		{"GB.ENT.91812345678", true, "as Meta writes it"},
		{"GB.ENT." + long, true, "128 characters, the most"},
		{"GB.ENT." + long + "z", false, "129"},
		{"GB.ENT.", false, "nothing after the prefix"},
		{"GB.ENT", false, "no second dot"},
		{"GB.918", false, "a plain BSUID"},
		{"GB.ent.918", false, "small letters"},
		{"ZZ.ENT.918", false, "no country"},
		{"GB", false, "a country alone"},
		{"", false, "nothing"},
	} {
		got, err := ParseParent(c.in)
		checkUser(t, Parent, c.in, c.ok, c.why, got, err)
	}
}

func checkUser(t *testing.T, scheme, in string, ok bool, why, got string, err error) {
	t.Helper()
	if ok {
		require.NoError(t, err, why)
		require.Equal(t, in, got, why)
		return
	}
	var ue *UserError
	require.ErrorAs(t, err, &ue, why)
	require.Equal(t, scheme, ue.Scheme)
	require.Empty(t, got, why)
	if len(in) > 8 {
		require.NotContains(t, err.Error(), in[3:], "the id never is in the error")
	}
}

func TestPlaceOfUser(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"GB.918", "GB", "a BSUID"},
		{"BR.ENT.918", "BR", "a parent BSUID"},
		{"ZZ.918", "", "no country"},
		{"GB", "", "no id"},
		{"GB.", "", "nothing behind"},
		{"", "", "nothing"},
	} {
		iso, ok := PlaceOfUser(c.in)
		require.Equal(t, c.want, iso, c.why)
		require.Equal(t, c.want != "", ok, c.why)
	}
}

func TestParseUsername(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"some.name", "some.name", "a dot inside"},
		{"Some_Name9", "some_name9", "case does not count"},
		{"abc", "abc", "three is the least"},
		{strings.Repeat("a", 35), strings.Repeat("a", 35), "thirty-five is the most"},
		{"a__", "a__", "underscores may be doubled and last"},
		{"ab", "", "two"},
		{strings.Repeat("a", 36), "", "thirty-six"},
		{"123.456", "", "no letter"},
		{".abc", "", "dot first"},
		{"abc.", "", "dot last"},
		{"a..bc", "", "dot doubled"},
		{"wwwhat", "", "begins with www"},
		{"WWW_shop", "", "case does not count for www either"},
		{"shop.com", "", "a domain"},
		{"shop.IN", "", "a domain in capitals"},
		{"shop.html", "", "a page"},
		{"shop.de", "", "a country's domain"},
		{"shop.combo", "shop.combo", "not the domain itself"},
		{"com", "com", "no dot before it"},
		{"naïve", "", "a letter beyond a-z"},
		{"ab\u0130cd", "", "a letter that folds into ASCII"},
		{"some name", "", "a space"},
		{"@name", "", "the sign is not part of it"},
		{"na-me", "", "a hyphen"},
	} {
		got, err := ParseUsername(c.in)
		require.Equal(t, c.want, got, c.why)
		require.Equal(t, c.want == "", err != nil, c.why)
		if err != nil {
			require.True(t, errors.As(err, new(*UserError)), c.why)
		}
	}
}

// Our list of countries is that of CLDR, as x/text carries it, without groupings,
// codes that were given up and codes that never were official.
func TestCountries(t *testing.T) {
	require.Len(t, countries, 2*(249+3))
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			cc := string([]rune{a, b})
			r, err := language.ParseRegion(cc)
			real := err == nil && r.IsCountry() && r.Canonicalize() == r && !r.IsPrivateUse()
			switch cc {
			case "AN", "CS", "FQ", "NT", "PC", "SU", "YU": // given up
				real = false
			case "CP", "CQ", "DG", "EA", "EZ", "IC", "UN": // reserved for other purposes, nobody's country
				real = false
			case "XK":
				real = true
			}
			require.Equal(t, real, isCountry(cc), cc)
		}
	}
}

func FuzzParseUser(f *testing.F) {
	for _, s := range []string{"GB.918", "GB.ENT.918", "", "GB.", "ZZ.1", "G", "GB.ENT", "US.aB9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, uerr := ParseUser(s)
		p, perr := ParseParent(s)
		if uerr == nil && perr == nil {
			t.Fatalf("%q is both", s)
		}
		for _, r := range []struct {
			v   string
			err error
		}{{u, uerr}, {p, perr}} {
			if r.err == nil {
				if iso, ok := PlaceOfUser(r.v); r.v != s || !ok || iso != s[:2] || len(s) > maxUser {
					t.Fatalf("%q gives %q, %q", s, r.v, iso)
				}
			} else if r.v != "" {
				t.Fatalf("%q beside an error", r.v)
			}
		}
	})
}

func FuzzParseUsername(f *testing.F) {
	for _, s := range []string{"some.name", "www", "a..b", "shop.com", "ABC", "İst", "___a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := ParseUsername(s)
		if err != nil {
			return
		}
		if again, err := ParseUsername(u); err != nil || again != u || len(u) < 3 || len(u) > 35 || u != strings.ToLower(u) {
			t.Fatalf("%q gives %q, %q, %v", s, u, again, err)
		}
	})
}
