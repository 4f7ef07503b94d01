package compliance_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/template"
)

// The platform is asked for what no body says; when it cannot be, the message
// stays in.
func TestWithMedia(t *testing.T) {
	ctx := context.Background()
	picture := definition(t, "picture", "UTILITY", "Your order {{1}} left our warehouse today.")
	picture.Components = append([]template.Component{{Type: "HEADER", Format: "IMAGE"}}, picture.Components...)
	m := notice(asha)
	m.Template = filled("picture", "8812")
	m.Template.Parts = append([]template.Part{{Type: "header", Index: -1, Values: []template.Value{{Type: "image", Raw: []byte(`{"id":"77"}`)}}}}, m.Template.Parts...)

	asked := 0
	answer, fails := template.Media{Bytes: 6_000_000}, error(nil)
	s := newShop(t, nil, compliance.WithMedia(func(_ context.Context, f template.Media) (template.Media, error) {
		asked++
		require.Equal(t, template.Media{ID: "77"}, f)
		return answer, fails
	}))
	require.NoError(t, s.Inbox().Templates(ctx, noon.Add(-time.Hour), picture))
	d := s.Check(ctx, m)
	require.Equal(t, compliance.Deny, d.Verdict)
	require.Equal(t, "header-media-size", string(d.Violations[0].Rule))

	answer = template.Media{Bytes: 60_000, Type: "image/png"}
	require.Equal(t, compliance.Allow, s.Check(ctx, m).Verdict)

	fails = errors.New("it broke")
	d = s.Check(ctx, m)
	require.Equal(t, compliance.Undecided, d.Verdict, "unknown is never yes")
	require.Equal(t, "media", d.Unknowns[0].What)

	told := m
	told.Media = []template.Media{{ID: "77", Bytes: 60_000}}
	asked = 0
	require.Equal(t, compliance.Allow, s.Check(ctx, told).Verdict)
	require.Zero(t, asked, "what the app told is not asked for")
	require.Equal(t, compliance.Allow, s.Check(ctx, notice(asha)).Verdict, "a template without files asks for nothing")
}
