package optintest

import (
	"testing"

	"github.com/waguard/waguard/optin"
)

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) optin.Store { return optin.NewMemory() })
}
