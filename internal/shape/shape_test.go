package shape_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/internal/shape"
)

type licence struct {
	Place string `json:"place" validate:"required,iso3166_1_alpha2"`
}

type profile struct {
	Name     string    `json:"name" validate:"required"`
	Email    string    `json:"email" validate:"omitempty,email"`
	Licences []licence `json:"licences" validate:"dive"`
}

func TestCheckNamesEveryFieldAsItsJSONForm(t *testing.T) {
	got := shape.New().Check(profile{Email: "nobody", Licences: []licence{{"BR"}, {"Brazil"}, {}}})
	want := []shape.Problem{
		{"name", "is missing"},
		{"email", "is no e-mail address"},
		{"licences[1].place", "is no ISO 3166 country code of two letters"},
		{"licences[2].place", "is missing"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("all problems at once, in order, without values (-want +got):\n%s", d)
	}
	if got := shape.New().Check(profile{Name: "x"}); got != nil {
		t.Fatalf("a sound profile has no problems, got %v", got)
	}
	if got := shape.New().Check(3); len(got) != 1 {
		t.Fatalf("what is no struct is a problem, not a yes: %v", got)
	}
}

func ExampleChecker_Check() {
	for _, p := range shape.New().Check(profile{Email: "shop at example"}) {
		fmt.Println(p.Field, p.Msg)
	}
	// Output:
	// name is missing
	// email is no e-mail address
}
