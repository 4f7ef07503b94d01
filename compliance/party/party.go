package party

// Schemes of a [Handle].
const (
	Phone  = "phone"  // E.164 with its plus, in the one form that all wa_id forms of a number share
	User   = "user"   // business-scoped user id (BSUID), as Meta writes it
	Parent = "parent" // parent BSUID, shared by linked portfolios
)

// A Handle is one name a person goes by. Values are canonical and compare
// byte for byte.
type Handle struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// A Party is one person under every handle the caller knows, canonical, at
// least one of them set. The zero Party is nobody.
type Party struct {
	Phone  string `json:"phone,omitempty"`
	User   string `json:"user,omitempty"`
	Parent string `json:"parent,omitempty"`
}

// A Line is the business side of a conversation: the WhatsApp Business Account
// and the phone_number_id within it.
type Line struct {
	Account string `json:"account,omitempty"`
	Number  string `json:"number"`
}

// IsZero reports whether nobody is named.
func (p Party) IsZero() bool { return p == Party{} }

// Append adds the party's handles to hs, phone first.
func (p Party) Append(hs []Handle) []Handle {
	if p.Phone != "" {
		hs = append(hs, Handle{Phone, p.Phone})
	}
	if p.User != "" {
		hs = append(hs, Handle{User, p.User})
	}
	if p.Parent != "" {
		hs = append(hs, Handle{Parent, p.Parent})
	}
	return hs
}

// Handles returns the party's handles, phone first.
func (p Party) Handles() []Handle { return p.Append(nil) }
