package optin_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/waguard/waguard/optin"
)

func ExampleIntentModel() {
	r, err := optin.NewReader(optin.IntentModel(nil)) // words and grammar alone
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Read("please stop messaging me", "en").Level)
	// Output: certain
}

func ExampleAppendIntentModel() {
	weights := make([][optin.IntentClasses]float64, optin.IntentBuckets) // train sets them
	b, err := optin.AppendIntentModel(nil, weights)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = optin.NewReader(optin.IntentModel(b))
	fmt.Println(len(b), err)
	// Output: 2621465 <nil>
}

func ExampleIntentReader_Features() {
	r, err := optin.NewReader()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(r.Features(nil, "stop", "en")) > 0)
	// Output: true
}

func TestIntentModelErrors(t *testing.T) {
	good, err := optin.AppendIntentModel(nil, make([][optin.IntentClasses]float64, optin.IntentBuckets))
	require.NoError(t, err)
	for why, b := range map[string][]byte{
		"nothing":        {},
		"cut short":      good[:len(good)-1],
		"another magic":  append([]byte("W"), good[1:]...),
		"other concepts": slices.Concat(good[:17], []byte{good[17] + 1}, good[18:]),
		"no scale":       append(append([]byte{}, good[:21]...), make([]byte, len(good)-21)...),
	} {
		_, err := optin.NewReader(optin.IntentModel(b))
		require.ErrorIs(t, err, optin.ErrIntentModel, why)
	}
	_, err = optin.AppendIntentModel(nil, nil)
	require.ErrorIs(t, err, optin.ErrIntentModel, "no weights")
}

// The model alone never makes a stop certain.
func TestIntentModelNeverCertain(t *testing.T) {
	words, model := newReader(t, optin.IntentModel(nil)), newReader(t)
	for _, batch := range []string{"", "fresh5"} {
		for _, l := range readLabelled(t, batch) {
			if model.Read(l.Text, l.Lang).Level == optin.IntentCertain {
				require.Equal(t, optin.IntentCertain, words.Read(l.Text, l.Lang).Level, l.Text)
			}
		}
	}
}
