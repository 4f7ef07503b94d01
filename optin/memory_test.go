package optin

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
)

var _ Store = (*Memory)(nil)

func TestMemoryHoldsMoreThanAPage(t *testing.T) {
	m := NewMemory()
	const people = 20000 // several pages and trays
	for i := range people {
		e := ev(Granted, i, under(party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", i)}, usr))
		if i%100 == 0 {
			e.Evidence.Wording = strings.Repeat("w", 4096) + e.ID
		}
		_, err := m.Append(context.Background(), e)
		require.NoError(t, err)
	}
	for _, i := range []int{0, 1, 4095, 4096, 9900, people - 1} {
		h, err := m.Events(context.Background(), []party.Handle{{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", i)}})
		require.NoError(t, err)
		require.Len(t, h.Events, 1)
		require.Equal(t, fmt.Sprintf("granted-%d", i), h.Events[0].ID)
		require.EqualValues(t, 1, h.Version)
		if i%100 == 0 {
			require.Len(t, h.Events[0].Evidence.Wording, 4096+len(h.Events[0].ID))
		}
	}
	h, err := m.Events(context.Background(), []party.Handle{usr})
	require.NoError(t, err)
	require.Len(t, h.Events, people)
}

func TestMemoryTellsHashesApart(t *testing.T) {
	m := NewMemory()
	// Two people and two ids of one hash, as the maps would hold them.
	one, err := m.Append(context.Background(), ev(Revoked, 1))
	require.NoError(t, err)
	require.Equal(t, 1, one.Added)
	other := party.Handle{Scheme: party.Phone, Value: "+447700900456"}
	for hash, i := range m.byName {
		require.Zero(t, m.among(i, other), "another handle in the place of this hash is not found")
		m.byName[hash] = m.people.add(person{name: m.log.addHandle(other), next: i})
		require.Equal(t, i, m.among(m.byName[hash], tel), "nor does it hide the first")
	}
	for hash, r := range m.byID {
		e := ev(Revoked, 2)
		second := m.log.addEvent(&e, r, nil)
		m.byID[hash] = second
	}
	again, err := m.Append(context.Background(), ev(Revoked, 1))
	require.NoError(t, err)
	require.Zero(t, again.Added, "an id is found behind another of its hash")
}

func TestMemoryManySettings(t *testing.T) {
	m := NewMemory()
	for i := range maxSettings + 10 {
		e := ev(Granted, i)
		e.Evidence.Surface = fmt.Sprintf("page %d", i)
		_, err := m.Append(context.Background(), e)
		require.NoError(t, err)
	}
	h, err := m.Events(context.Background(), []party.Handle{tel})
	require.NoError(t, err)
	for i := range h.Events {
		require.Equal(t, fmt.Sprintf("page %d", i), h.Events[i].Evidence.Surface)
	}
	require.LessOrEqual(t, len(m.log.list), maxSettings)
}

func TestMemoryRefusesWhatItCouldNotFindAgain(t *testing.T) {
	m := NewMemory()
	for _, e := range []Event{ev(Revoked, 1, func(e *Event) { e.ID = "" }), ev(Revoked, 1, under())} {
		_, err := m.Append(context.Background(), ev(Revoked, 2), e)
		require.Error(t, err)
	}
	h, err := m.Events(context.Background(), []party.Handle{tel})
	require.NoError(t, err)
	require.Empty(t, h.Events, "nothing of a call that fails is stored")
}

func TestMemoryClose(t *testing.T) {
	m := NewMemory()
	require.NoError(t, m.Close())
	require.ErrorIs(t, m.Close(), ErrClosed)
	_, err := m.Events(context.Background(), nil)
	require.ErrorIs(t, err, ErrClosed)
}

func TestFlightsUnderOneHandleLeaveInAnyOrder(t *testing.T) {
	for _, order := range []string{"abc", "acb", "bac", "bca", "cab", "cba"} {
		m := NewMemory()
		for round := range 2 { // the second with places used before
			for _, id := range "abc" {
				require.NoError(t, m.Enter(context.Background(), Flight{ID: string(id), Handles: []party.Handle{tel, usr}, Expires: minute(9), Version: uint64(2 * 3 * round)}))
			}
			left := "abc"
			for i, id := range order {
				require.NoError(t, m.Leave(context.Background(), string(id)))
				left = strings.ReplaceAll(left, string(id), "")
				done, err := m.Append(context.Background(), ev(Revoked, 1, under(tel, usr), func(e *Event) { e.ID = fmt.Sprint(round, i) }))
				require.NoError(t, err)
				got := ""
				for _, f := range done.Flights {
					got += f.ID
				}
				require.Equal(t, left, got)
			}
			require.Empty(t, m.flights)
			require.Empty(t, m.under)
		}
	}
}

// FuzzMemory packs whatever an event can hold and expects it back.
func FuzzMemory(f *testing.F) {
	f.Add("id", uint8(1), "+447700900123", "marketing", int64(1), int64(2), "web", "105", "wording", true, int64(3))
	f.Add("\x00", uint8(255), "", "", int64(-1), int64(1)<<60, "\xff", strings.Repeat("x", 5000), "", false, int64(0))
	f.Fuzz(func(t *testing.T, id string, kind uint8, value, purpose string, at, received int64, channel, number, wording string, age bool, expires int64) {
		if id == "" {
			return
		}
		utc := func(n int64) int64 { return n % (1 << 58) } // what a time.Time can hold in microseconds
		e := Event{ID: id, Kind: Kind(kind), Handles: []party.Handle{{Scheme: purpose, Value: value}, tel}, Channel: Channel(channel), Actor: wording, Ref: id}
		e.At, e.Received = unixMicro(utc(at)), unixMicro(utc(received))
		e.Line = party.Line{Account: channel, Number: number}
		if purpose != "" {
			e.Purposes = []Purpose{Purpose(purpose), Purpose(number), "a", "b", "c"}
		}
		if wording != "" {
			e.Evidence = &Evidence{Source: Source(channel), Wording: wording, Version: value, Proof: number, Surface: id, Locale: purpose, Country: "GB", BusinessName: value, Given: Given(channel), Act: Act(number)}
			e.Until = unixMicro(utc(at ^ expires))
			if age {
				when := unixMicro(utc(expires))
				e.Evidence.AgeOK, e.Evidence.Expires = &age, &when
			}
		}
		m := NewMemory()
		if _, err := m.Append(context.Background(), ev(Revoked, 1, under(tel), func(e *Event) { e.ID = id + "!" }), e); err != nil {
			t.Fatal(err)
		}
		h, err := m.Events(context.Background(), e.Handles[:1])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Event{e}, h.Events); diff != "" && e.Handles[0] != tel {
			t.Error(diff)
		}
	})
}
