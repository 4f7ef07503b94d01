package category_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func TestConfusion(t *testing.T) {
	var c category.Confusion
	require.Zero(t, c.Accuracy(), "nothing is known of nothing")
	u, m, a := category.Utility, category.Marketing, category.Authentication
	c.AddAll(slices.Values([]category.Outcome{
		{Predicted: u, Decided: u, Sure: true}, {Predicted: u, Decided: u, Sure: true}, {Predicted: u, Decided: m, Sure: true},
		{Predicted: m, Decided: m}, {Predicted: m, Decided: u}, {Predicted: a, Decided: a, Sure: true},
		{Predicted: category.Unknown, Decided: u},
		{Predicted: u, Decided: category.Unknown}, // was not decided
		{Predicted: u, Decided: category.Service}, // is no category of a template
	}))
	require.Equal(t, 7, c.Total())
	require.Equal(t, 1, c.Count(u, m), "the mistake that costs")
	require.InDelta(t, 4.0/7, c.Accuracy(), 1e-9)
	require.InDelta(t, 2.0/3, c.Precision(u), 1e-9)
	require.InDelta(t, 2.0/4, c.Recall(u), 1e-9)
	require.InDelta(t, 1.0/2, c.Recall(m), 1e-9)
	sure, right := c.Sure()
	require.InDelta(t, 4.0/7, sure, 1e-9)
	require.InDelta(t, 3.0/4, right, 1e-9)
	require.Zero(t, c.Count(category.Category(200), u))
}

func ExampleConfusion() {
	reader, err := category.NewReader()
	if err != nil {
		fmt.Println(err)
		return
	}
	var c category.Confusion
	for _, decided := range []struct {
		body string
		by   category.Category
	}{
		{"Your order {{1}} has shipped and arrives on {{2}}.", category.Utility},
		{"Our winter sale has begun: 30% off everything until Sunday.", category.Marketing},
	} {
		got := reader.Read(category.Draft{Lang: "en", Body: decided.body})
		c.Add(got.Outcome("a_template", "en", decided.by, category.Created, time.Time{}))
	}
	fmt.Printf("%d outcomes, %.0f%% as predicted\n", c.Total(), 100*c.Accuracy())
	// Output: 2 outcomes, 100% as predicted
}
