package sqlstoretest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/template"
)

// What Meta decides of a template, and what the app does with it, outlives the
// process, and is kept or dropped with what it was told beside.
func decidedOn(t *testing.T, p Place) {
	ctx := t.Context()
	db, err := p.Open()
	require.NoError(t, err)
	d := template.NewBuilder(category.Utility, "order_shipped", "en").Body("Your order {{1}} has shipped and arrives tomorrow.", "A-17").Definition()
	d.Ref.Account = shop.Account
	in := sender(t, db).Inbox()
	_, err = in.Submitted(ctx, day.Add(-time.Hour), d, []byte(`{"id":"77","status":"APPROVED","category":"UTILITY"}`))
	require.NoError(t, err)
	moved := compliance.TemplateNews{Change: template.Change{ID: "m", Ref: d.Ref, Template: "77", At: day.Add(-time.Minute), Was: category.Utility, Category: category.Marketing}}
	reworded := compliance.TemplateNews{Change: template.Change{ID: "w", Ref: d.Ref, Template: "77", At: day.Add(-time.Second), Words: &template.Words{Body: "Your order {{1}} has left."}}}
	_, err = in.Receive(ctx, moved, reworded)
	require.NoError(t, err)
	require.Error(t, in.Did(ctx, template.Act{ID: "e", Kind: template.Edited, Ref: d.Ref, Definition: &d}), "an act without an instant")
	require.NoError(t, db.Close())

	db = p.open(t)
	stores := db.Stores()
	var by []category.Decider
	for o, err := range stores.Outcomes.Outcomes(ctx, shop.Account) {
		require.NoError(t, err)
		require.Equal(t, category.Utility, o.Predicted)
		by = append(by, o.By)
	}
	require.Equal(t, []category.Decider{category.Created, category.Recorded}, by)
	got, found, err := stores.Templates.Find(ctx, d.Ref)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, template.Approved, got.Status, "the edit that was refused left nothing")
	require.Equal(t, category.Marketing, got.Category)
	require.Equal(t, category.Utility, got.Was)
	require.True(t, got.Stale)
	require.Equal(t, "Your order {{1}} has left.", got.Components[0].Text)
	shelf, err := sender(t, db).Shelf(ctx, shop.Account)
	require.NoError(t, err)
	require.Len(t, shelf.Definitions, 1)
	require.Len(t, shelf.Acts, 1)
	require.Equal(t, d.Components, shelf.Acts[0].Definition.Components, "as it was submitted")
}
