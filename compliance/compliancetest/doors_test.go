package compliancetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/replay"
)

// TestEveryDoorDecidesAlike runs the library's own cases through every door:
// one in four, since each is judged six times and every rule has several; under
// the race detector, which runs with -short, one in forty.
func TestEveryDoorDecidesAlike(t *testing.T) {
	n, every := 0, 4
	if testing.Short() {
		every = 40
	}
	Doors(t, "../../testdata", Only(func(string) bool { n++; return n%every == 0 }))
}

// aCase is one case of a rule.
func aCase(t *testing.T, rule string) string {
	names, err := files("../../testdata/cases", func(p string) bool {
		return filepath.Base(filepath.Dir(p)) == rule && !strings.HasSuffix(p, goldenExt)
	})
	require.NoError(t, err)
	require.NotEmpty(t, names)
	return names[0]
}

// A door that describes the message in its own way is noticed.
func TestTheKitNoticesADriftingDoor(t *testing.T) {
	raw, err := os.ReadFile(aCase(t, "service-window-24h"))
	require.NoError(t, err)
	c, err := replay.ReadCase(raw)
	require.NoError(t, err)
	c.Event.Send = []byte(`{"to":"+447700900999","type":"text","text":{"body":"Hello"}}`) // to whom no window is open
	c.Event.Call = nil
	ready, err := compliance.Prepare(nil)
	require.NoError(t, err)
	through := func(d Door) error {
		return sameDecisions(t.Context(), &c, []replay.Option{replay.WithPrepared(ready)}, []namedDoor{{"honest", ByDo}, {"drifting", d}})
	}
	require.NoError(t, through(ByDo))
	for _, bad := range []struct {
		why  string
		door Door
		want string
	}{
		{"it describes another text", func(ctx context.Context, s *compliance.Sender, l Letter) error {
			l.Body = []byte(`{"to":"+447700900999","type":"text","text":{"body":"Hello you"}}`)
			return ByDo(ctx, s, l)
		}, "another description"},
		{"it describes another kind", func(ctx context.Context, s *compliance.Sender, l Letter) error {
			l.Body = []byte(`{"status":"read","message_id":"wamid.1"}`)
			return ByDo(ctx, s, l)
		}, "not the Decision"},
		{"it never asks", func(context.Context, *compliance.Sender, Letter) error { return nil }, "0 Decisions"},
		{"it asks twice", func(ctx context.Context, s *compliance.Sender, l Letter) error {
			_ = ByDo(ctx, s, l)
			return ByDo(ctx, s, l)
		}, "2 Decisions"},
		{"it says it was sent", func(ctx context.Context, s *compliance.Sender, l Letter) error { _ = ByDo(ctx, s, l); return nil }, "what came back"},
	} {
		require.ErrorContains(t, through(bad.door), bad.want, bad.why)
	}
}

// A door of the app's own runs beside the library's.
func TestADoorOfTheAppsOwn(t *testing.T) {
	rule, asked := "service-window-24h", 0
	Doors(t, "../../testdata", Only(func(path string) bool { return strings.Contains(path, "/"+rule+"/") }),
		Through("the app's", func(ctx context.Context, s *compliance.Sender, l Letter) error {
			asked++
			return ByDo(ctx, s, l)
		}))
	require.Positive(t, asked)
}
