package compliance

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A Sender spends by the very numbers its gate judges by, made once.
func TestOnePacesForTheGateAndTheSender(t *testing.T) {
	s, err := New(Config{Business: Business{Name: "Example Shop"}, Stores: MemoryStores()})
	require.NoError(t, err)
	gates := 0
	for _, g := range s.gates {
		if g, ok := g.(paceGate); ok {
			require.Same(t, s.paces, g.paces)
			gates++
		}
	}
	require.Equal(t, 1, gates)
}
