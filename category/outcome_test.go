package category_test

import (
	"context"
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

// What was kept of a catalog comes to one count for each template.
func ExampleConfusion_AddLatest() {
	ctx, at := context.Background(), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	kept := category.NewOutcomes()
	err := kept.Note(ctx,
		category.Outcome{Template: "shipped", Predicted: category.Utility, Decided: category.Utility, By: category.Created, At: at},
		category.Outcome{Template: "shipped", Predicted: category.Utility, Decided: category.Marketing, By: category.Recorded, At: at.Add(time.Hour)},
		category.Outcome{Template: "sale", Predicted: category.Marketing, Decided: category.Marketing, By: category.Created, At: at})
	if err != nil {
		panic(err)
	}
	var c category.Confusion
	fmt.Println(c.AddLatest(kept.Outcomes(ctx, "")))
	fmt.Println(c.Total(), c.Accuracy())
	// Output:
	// <nil>
	// 2 0.5
}

func TestAddLatest(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	o := func(by category.Decider, h int, decided category.Category) category.Outcome {
		return category.Outcome{Template: "t", Predicted: category.Utility, Decided: decided, By: by, At: at.Add(time.Duration(h) * time.Hour)}
	}
	for _, c := range []struct {
		why  string
		all  []category.Outcome
		want category.Category
	}{
		{"the youngest decision", []category.Outcome{o(category.Created, 1, category.Utility), o(category.Recorded, 2, category.Marketing)}, category.Marketing},
		{"whatever the order", []category.Outcome{o(category.Recorded, 2, category.Marketing), o(category.Created, 1, category.Utility)}, category.Marketing},
		{"a sample is no decision", []category.Outcome{o(category.Created, 1, category.Utility), o(category.Sampled, 2, category.Marketing)}, category.Utility},
		{"and counts where there is none", []category.Outcome{o(category.Sampled, 2, category.Marketing)}, category.Marketing},
	} {
		var m category.Confusion
		require.NoError(t, m.AddLatest(func(yield func(category.Outcome, error) bool) {
			for _, o := range c.all {
				if !yield(o, nil) {
					return
				}
			}
		}), c.why)
		require.Equal(t, 1, m.Total(), c.why)
		require.Equal(t, 1, m.Count(category.Utility, c.want), c.why)
	}
	var m category.Confusion
	require.Error(t, m.AddLatest(func(yield func(category.Outcome, error) bool) {
		_ = yield(o(category.Created, 1, category.Utility), nil) && yield(category.Outcome{}, category.ErrIncomplete)
	}))
	require.Zero(t, m.Total(), "a list that broke off counts nothing")
}
