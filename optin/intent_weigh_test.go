package optin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWeigh holds what the model's opinion may do to what the words and the grammar found.
func TestWeigh(t *testing.T) {
	r, err := NewReader()
	require.NoError(t, err)
	opinion := func(class IntentClass, p float64) (all [IntentClasses]float64) {
		for c := range all {
			all[c] = (1 - p) / float64(IntentClasses-1)
		}
		all[class] = p
		return all
	}
	for _, c := range []struct {
		why, text string
		class     IntentClass
		p         float64
		level     IntentLevel
		scope     IntentScope
	}{
		{"a stop word on its own stays one", "cancel", IntentClassNone, 0.99, IntentCertain, ScopeAll},
		{"said twice too", "stop stop", IntentClassNone, 0.99, IntentCertain, ScopeAll},
		{"with other words it is likely at most", "I want to cancel", IntentClassAsk, 0.9, IntentLikely, ScopeAll},
		{"and no less", "I want to cancel", IntentClassNone, 0.99, IntentLikely, ScopeAll},
		{"a certain stop that looks like none is asked about", "stop messaging me", IntentClassNone, 0.9, IntentAsk, ""},
		{"or is likely", "stop messaging me", IntentClassAsk, 0.4, IntentLikely, ScopeAll},
		{"or stays", "stop messaging me", IntentClassStop, 0.95, IntentCertain, ScopeAll},
		{"a stop of messages is not narrowed", "stop messaging me all these messages", IntentClassMarketing, 0.99, IntentCertain, ScopeAll},
		{"one that names nothing is", "take me off the list", IntentClassMarketing, 0.99, IntentCertain, ScopeMarketing},
		{"a likely stop that looks like none is asked about", "leave me alone", IntentClassNone, 0.5, IntentAsk, ""},
		{"and so is one that may be about something else", "leave me alone", IntentClassAsk, 0.6, IntentAsk, ""},
		{"nothing found is a likely stop at most", "my lawyer will see the next one", IntentClassStop, 0.99, IntentLikely, ScopeAll},
		{"of advertising", "my lawyer will see the next one", IntentClassMarketing, 0.99, IntentLikely, ScopeMarketing},
		{"or is asked about", "my lawyer will see the next one", IntentClassAsk, 0.5, IntentAsk, ""},
		{"or is a start", "keep us posted", IntentClassStart, 0.9, IntentStart, ScopeAll},
		{"a start that looks like a stop is asked about", "subscribe", IntentClassStop, 0.9, IntentAsk, ""},
		{"times are not overruled", "stop messaging me on weekends", IntentClassStop, 0.99, IntentAsk, ""},
		{"a denied stop needs no more than any other", "please keep them coming", IntentClassStop, 0.4, IntentNone, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := new(scan)
			first := r.lex.scan(s, c.text, "en")
			in := r.lex.readWords(s, first, c.text)
			r.lex.look(s, first)
			in = r.lex.weigh(s, opinion(c.class, c.p), in)
			require.Equal(t, c.level, in.Level, in.Why)
			require.Equal(t, c.scope, in.Scope)
		})
	}
}
