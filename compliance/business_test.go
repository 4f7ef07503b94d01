package compliance_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
)

func problems(t testing.TB, err error) (all []string) {
	t.Helper()
	var e *compliance.BusinessError
	if err == nil {
		return nil
	}
	require.ErrorAs(t, err, &e)
	for _, p := range e.Problems {
		all = append(all, p.String())
	}
	return all
}

func TestParseBusinessTellsEverythingAtOnce(t *testing.T) {
	for _, c := range []struct {
		why, in string
		want    []string
	}{
		{"sound", `{"name":"Example Shop","attests":{"docs-followed":true,"profile-accurate":false}}`, nil},
		{"null is as good as nothing", `{"name":"Example Shop","numbers":null,"contacts":null}`, nil},
		{"a list for an object", `[]`, []string{"is a JSON list where a object belongs"}},
		{"no JSON", `{"name":`, []string{"is no JSON: unexpected end of JSON input, at byte 8"}},
		{"something after it", `{"name":"Example Shop"} {}`, []string{"is no JSON: invalid character '{' after top-level value, at byte 25"}},
		{"types, unknown and doubled members, dates and forms, each in its place",
			`{"name":7,"name":"Example Shop","nick":"x","country":"Britain","numbers":[{"id":"n1","phone":"020","porfolio":"p"},{"id":5},"n3"],
			  "licences":[{"vertical":"alcohol","place":"BR","from":"2027-13-01"},{"vertical":"alcohol","place":"BR","from":"2027-01-01","until":"2026-01-01"}],
			  "attests":{"docs-followed":"yes","profile-accurate":true},"escalation":["fax"],"verticals":{"a":1}}`,
			[]string{
				"name is a JSON number where a string belongs",
				"name is there twice",
				"nick is not known",
				"numbers[0].porfolio is not known",
				"numbers[1].id is a JSON number where a string belongs",
				"numbers[2] is a JSON string where a object belongs",
				`licences[0].from is no date like "2027-12-31"`,
				"attests.docs-followed is a JSON string where a truth value belongs",
				"verticals is a JSON object where a list belongs",
				"country is no ISO 3166 country code of two letters",
				"numbers[0].phone is no phone number with its plus",
				"escalation[0] must be one of human-agent phone email web store form",
				"licences[1].until is before its from",
			}},
		{"one account in two portfolios", `{"name":"x","numbers":[{"id":"a","account":"1","portfolio":"p"},{"id":"b","account":"1","portfolio":"q"},{"id":"c","account":"1"}]}`,
			[]string{"numbers[1].portfolio is another than that of numbers[0], which is of the same account"}},
		{"one phone under two ids, so that nobody knows whose windows those of the phone are",
			`{"name":"x","numbers":[{"id":"a","phone":"+442079460000"},{"id":"b"},{"id":"c"},{"id":"d","phone":"+442079460000"}]}`,
			[]string{"numbers[3].phone is that of numbers[0]"}},
		{"too long", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, []string{"1048587 bytes are more than 1048576"}},
	} {
		b, err := compliance.ParseBusiness([]byte(c.in))
		require.Equal(t, c.want, problems(t, err), c.why)
		if err != nil {
			require.Zero(t, b, "%s: nothing half read", c.why)
		}
	}
}

// A phone that is listed twice is refused at the door, and its digits are not told.
func TestASenderTakesNoPhoneTwice(t *testing.T) {
	b := business()
	b.Numbers = append(b.Numbers, compliance.Number{ID: "N2", Phone: b.Numbers[0].Phone, Account: "A1"})
	want := []string{"numbers[1].phone is that of numbers[0]"}
	_, err := compliance.New(compliance.Config{Business: b, Stores: compliance.MemoryStores()}, compliance.WithPrepared(ready()))
	require.Equal(t, want, problems(t, err))
	_, err = newShop(t, nil).WithBusiness(b)
	require.Equal(t, want, problems(t, err))
}

// What is written down comes back as it was, whichever way it was made.
func TestABusinessGoesThroughItsJSONForm(t *testing.T) {
	b, err := compliance.NewBusiness("Example Cellar").Country("BR").OnApp().
		Number("n1", "+55 11 91234-5678", "a1").Number("n2", "", "a2").Portfolio("a2", "south").
		Contacts(compliance.Contacts{Support: "desk", Email: "help@cellar.example"}).
		PrivacyPolicy("https://cellar.example/privacy").Escalation(compliance.HumanAgent, compliance.ByPhone).
		Licence("alcohol", "BR", "MAPA 7", "2025-01-01", "2027-12-31").Sells("alcohol", "gambling").Permission("gambling", "PE"). // in any order
		Attest("docs-followed").Admit("profile-accurate").For(book()).Build()
	require.NoError(t, err)
	require.Equal(t, "+5511912345678", b.Numbers[0].Phone)
	raw, err := json.Marshal(b)
	require.NoError(t, err)
	back, err := compliance.ParseBusiness(raw)
	require.NoError(t, err)
	require.Equal(t, b, back)
}

func TestABuilderTellsEverythingAtOnce(t *testing.T) {
	_, err := compliance.NewBusiness("").Country("Britain").Number("n1", "020 7946 0000", "a1").Number("n1", "", "a1").
		Portfolio("a9", "p").Licence("alcohol", "BR", "", "soon", "2026-01-01").Permission("gambling", "Peru").
		Escalation("fax").PrivacyPolicy("privacy.html").Attest("docs-followed", "docs-folowed").Admit("docs-followed").For(book()).Build()
	require.Equal(t, []string{
		"numbers[0].phone is no phone number with its plus",
		"numbers have none of the account a portfolio is named for",
		`licences[0].from is no date like "2027-12-31"`,
		"attests.docs-followed is declared both ways",
		"country is no ISO 3166 country code of two letters",
		"privacy_policy is no http or https address",
		"escalation[0] must be one of human-agent phone email web store form",
		"permissions[0].place is no ISO 3166 country code of two letters",
		"numbers[1].id is that of numbers[0]",
		"name is missing",
		"licences[0].vertical is none of the verticals",
		"permissions[0].vertical is none of the verticals",
		"attests.docs-folowed is no rule of this book",
	}, problems(t, err))
}

func TestDeclarationsAreComparedWithABook(t *testing.T) {
	b := business()
	b.Attests = map[policy.ID]bool{"docs-followed": true, "acme/no-sunday": true, "send-template-approved": true}
	require.Equal(t, []string{"attests.acme/no-sunday is no rule of this book"}, problems(t, b.Check(book())), "an alias is a name too")
	var e *compliance.BusinessError
	require.False(t, errors.As((&compliance.Business{}).Check(book()), &e))
}

func FuzzParseBusiness(f *testing.F) {
	f.Add([]byte(`{"name":"Example Shop","country":"BR","licences":[{"vertical":"alcohol","place":"BR","until":"2027-12-31"}],"attests":{"docs-followed":true}}`))
	f.Add([]byte(`{"name":7,"numbers":[{"id":[]}],"nick":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := compliance.ParseBusiness(raw)
		if err != nil {
			require.NotEmpty(t, problems(t, err))
			return
		}
		again, err := json.Marshal(b)
		require.NoError(t, err)
		back, err := compliance.ParseBusiness(again)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%+v", b), fmt.Sprintf("%+v", back))
	})
}
