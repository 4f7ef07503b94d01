package compliance_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

func TestATicketCoversItsRecipientsWhileTheCallRuns(t *testing.T) {
	s := newShop(t, nil)
	s.writes(t, "w1", asha, "hello")
	var kept *compliance.Ticket
	_, err := s.Do(t.Context(), reply(asha, "hello"), func(ctx context.Context) (compliance.Ack, error) {
		ticket, ok := compliance.TicketFrom(ctx)
		require.True(t, ok)
		kept = ticket
		for _, c := range []struct {
			why    string
			ms     []compliance.Message
			covers bool
		}{
			{"its recipient", []compliance.Message{reply(asha, "hello")}, true},
			{"twice", []compliance.Message{reply(asha, "hello"), reply(asha, "you")}, true},
			{"somebody else", []compliance.Message{reply(ben, "hello")}, false},
			{"somebody else beside", []compliance.Message{reply(asha, "hello"), reply(ben, "hello")}, false},
			{"a second addressee", []compliance.Message{{Kind: compliance.Freeform, To: asha, Also: ben}}, false},
			{"a handle nobody judged", []compliance.Message{{Kind: compliance.Freeform, To: party.Party{Phone: asha.Phone, User: "GB.1"}}}, false},
			{"a template, where a reply was judged", []compliance.Message{notice(asha)}, false},
			{"a call", []compliance.Message{{Kind: compliance.Call, To: asha}}, false},
			{"a group", []compliance.Message{{Kind: compliance.Freeform, Group: "g"}}, false},
			{"nobody", []compliance.Message{{Kind: compliance.Freeform}}, false},
			{"what could not be read", []compliance.Message{{Kind: compliance.Freeform, To: asha, Malformed: "type is unknown"}}, false},
			{"nothing", nil, false},
		} {
			require.Equal(t, c.covers, ticket.Covers(c.ms), c.why)
			require.Equal(t, c.covers, s.Ticketed(ctx, c.ms), c.why)
		}
		require.True(t, s.Ticketed(context.Background(), []compliance.Message{reply(asha, "hello")}), "found by what it says")
		require.False(t, s.Ticketed(context.Background(), []compliance.Message{reply(asha, "hello you")}))
		require.False(t, s.Ticketed(context.Background(), nil))
		return compliance.Ack{}, nil
	})
	require.NoError(t, err)
	require.False(t, kept.Covers([]compliance.Message{reply(asha, "hello")}), "the call is over")
	require.False(t, s.Ticketed(context.Background(), []compliance.Message{reply(asha, "hello")}))
}

// Windows are a number's own, so one judged for one number is no leave for another.
func TestATicketIsOfTheNumberThatWasJudged(t *testing.T) {
	seed := newShop(t, nil)
	seed.writes(t, "w1", asha, "hello")
	b := business()
	b.Numbers = append(b.Numbers, compliance.Number{ID: "N2", Phone: "+442079460002", Account: "A1"})
	s, err := seed.WithBusiness(b) // in which N2 is new
	require.NoError(t, err)
	_, err = s.Do(t.Context(), reply(asha, "hello"), func(ctx context.Context) (compliance.Ack, error) {
		for number, covers := range map[string]bool{"N1": true, "+442079460000": true, "": true, "MG0123": true, "N2": false, "+442079460002": false} {
			m := reply(asha, "hello")
			m.From = party.Line{Number: number}
			require.Equal(t, covers, s.Ticketed(ctx, []compliance.Message{m}), "read off the wire as from %q", number)
		}
		return compliance.Ack{}, nil
	})
	require.NoError(t, err)
}

// The values of a template's cards are part of what a message says.
func TestATicketKnowsCarouselCardsApart(t *testing.T) {
	card := func(words string) compliance.Message {
		m := notice(asha)
		m.Template.Parts = append(m.Template.Parts, template.Part{Type: "carousel", Index: -1, Cards: []template.FilledCard{{Parts: filled("shipped", words).Parts}}})
		return m
	}
	watch := newShop(t, nil, compliance.Observe()) // delivers whatever the rules say of the cards
	_, err := watch.Do(t.Context(), card("blue"), func(context.Context) (compliance.Ack, error) {
		require.True(t, watch.Ticketed(context.Background(), []compliance.Message{card("blue")}))
		require.False(t, watch.Ticketed(context.Background(), []compliance.Message{card("green")}))
		return compliance.Ack{}, nil
	})
	require.NoError(t, err)
}

func TestALineIsFoundByItsPhoneNumberToo(t *testing.T) {
	b := business()
	require.Equal(t, line, b.Line("N1"))
	require.Equal(t, line, b.Line("+442079460000"), "as providers other than Meta name it")
	require.Equal(t, party.Line{Number: "+442079460001"}, b.Line("+442079460001"))
	require.Equal(t, party.Line{}, b.Line(""))
}

func BenchmarkTicketed(b *testing.B) {
	s := newShop(b, nil)
	s.writes(b, "w1", asha, "hello")
	ms := []compliance.Message{reply(asha, "hello")}
	_, err := s.Do(b.Context(), ms[0], func(ctx context.Context) (compliance.Ack, error) {
		b.Run("context", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !s.Ticketed(ctx, ms) {
					b.Fatal()
				}
			}
		})
		b.Run("digest", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !s.Ticketed(context.Background(), ms) {
					b.Fatal()
				}
			}
		})
		return compliance.Ack{}, nil
	})
	require.NoError(b, err)
}
