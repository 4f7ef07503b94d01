package compliance

import (
	"slices"

	"github.com/waguard/waguard/compliance/policy"
)

const ruleHealth = "health-info-regulated"

// mayTellHealth reports whether words about somebody's health may go to this
// person. Policy §3 bars them only where other law wants better protected
// systems: the business attests that it had that looked into, or the edition
// lists the person's place as one whose law asks for nothing more ("unregulated",
// in which the built-in rule lists none). An attested no outweighs the list, and
// an unknown place is on no list.
func mayTellHealth(c *Case) bool {
	if yes, ok := c.Business.Attests[ruleHealth]; ok {
		return yes
	}
	i, ok := c.Rules.Book().Index(ruleHealth)
	if !ok || c.Place == "" {
		return false
	}
	places, found, err := policy.Param[[]string](c.Rules.Edition(i), "unregulated")
	return err == nil && found && slices.Contains(places, c.Place)
}
