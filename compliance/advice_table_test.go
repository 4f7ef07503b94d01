package compliance

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every step of the ladder the code runs on has its words, and there are no words
// of steps it does not have.
func TestEveryStepOfTheLadderIsTold(t *testing.T) {
	states := map[string]bool{}
	for i := range steps {
		if steps[i].track == TrackUtility && steps[i].to != first {
			states[steps[i].to] = true
			require.Contains(t, misuse, steps[i].to)
		}
	}
	require.Len(t, misuse, len(states))
}
