package party

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestZonesOf(t *testing.T) {
	us := ZonesOf("US")
	for _, zone := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"} {
		require.Contains(t, us, zone)
	}
	require.NotContains(t, us, "America/Toronto", "Canada shares the calling code and not the place")
	require.Equal(t, []string{"Asia/Dubai"}, ZonesOf("AE"))
	require.Equal(t, []string{"Europe/London"}, ZonesOf("GB"))
	require.NotEmpty(t, ZonesOf("IE"))
	require.Nil(t, ZonesOf(""))
	require.Nil(t, ZonesOf("QQ"))
	for iso := range zonesOf() {
		for _, zone := range ZonesOf(iso) {
			require.NotEmpty(t, zone, iso)
		}
	}
}

// The zones of a number that is of one place alone are among those of the place.
func TestZonesOfHoldsTheZonesOfNumbers(t *testing.T) {
	for _, phone := range []string{"+12025550123", "+18085550123", "+5511912345678", "+971501234567", "+79123456789", "+61412345678"} {
		iso, ok := Place(phone)
		require.True(t, ok, phone)
		require.Subset(t, ZonesOf(iso), Zones(phone), phone)
	}
}
