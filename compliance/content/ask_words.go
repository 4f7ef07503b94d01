package content

import (
	"embed"
	"fmt"
	"maps"
	"slices"
)

//go:embed asks/*.json
var askFiles embed.FS

// An askSet is how one language asks for things, and how it says that it does
// not.
type askSet struct {
	Lang string `json:"lang"`
	// After says that a request may stand behind what it asks for.
	After bool `json:"after"`
	// Anyone says that the names of this language stand in sentences of others.
	Anyone bool `json:"anyone"`

	Send []string `json:"send"` // send, share, attach
	It   []string `json:"it"`   // send it: what, the clause before says
	Plea []string `json:"plea"` // please, right behind what is asked for
	Need []string `json:"need"` // we need, what is your
	// Follow begins a question that adds to an earlier one: and the, and your.
	Follow []string `json:"follow"`

	Enter []string `json:"enter"` // enter, type: asks only beside a phrase of reply
	Reply []string `json:"reply"` // reply with
	Chat  []string `json:"chat"`  // here, in this chat

	Secrets   map[string][]string `json:"secrets"`   // card number, password: by kind
	Documents map[string][]string `json:"documents"` // passport, identity card: by kind
	Vague     map[string][]string `json:"vague"`     // card, both sides, the digits: by kind; only what stands around them tells

	Pictures []string `json:"pictures"`  // photo, copy, scan
	About    []string `json:"about"`     // of a question that asks for nothing: where, lost, the same
	Never    []string `json:"never"`     // anywhere in the clause
	Not      []string `json:"not"`       // right before the verb
	Part     []string `json:"part"`      // last four digits
	InPerson []string `json:"in_person"` // bring, show
	Secure   []string `json:"secure"`    // in the app, on our website
	Link     []string `json:"link"`      // https
	Harmless []string `json:"harmless"`  // gift card number, we will send
	Turn     []string `json:"turn"`      // but
}

func (b *builder) asks(sets []askSet) error {
	for _, a := range sets {
		fail := func(err error) error { return fmt.Errorf("content: asks/%s.json: %w", a.Lang, err) }
		n, err := b.lang(a.Lang)
		if err != nil {
			return fail(err)
		}
		if n >= 64 {
			return fail(fmt.Errorf("language number %d, want fewer than 64 languages", n))
		}
		if a.After {
			b.askAfter |= 1 << n
		}
		if a.Anyone {
			b.askAnyone |= 1 << n
		}
		for _, l := range []struct {
			role    role
			value   uint8
			phrases []string
		}{
			{send, 0, a.Send}, {send, it, a.It}, {need, 0, a.Need}, {need, plea, a.Plea}, {need, follow, a.Follow}, {enter, 0, a.Enter}, {reply, 0, a.Reply},
			{askWord, picture, a.Pictures}, {askWord, never, a.Never}, {askWord, not, a.Not}, {askWord, part, a.Part},
			{askWord, inPerson, a.InPerson}, {askWord, secure, a.Secure}, {askWord, chat, a.Chat}, {askWord, link, a.Link}, {askWord, harmless, a.Harmless}, {askWord, turn, a.Turn}, {askWord, about, a.About},
		} {
			if err := b.add(a.Lang, meaning{role: l.role, rule: -1, value: l.value}, l.phrases...); err != nil {
				return fail(err)
			}
		}
		for _, l := range []struct {
			role  role
			kinds map[string][]string
		}{{secret, a.Secrets}, {document, a.Documents}, {vague, a.Vague}} {
			for _, kind := range slices.Sorted(maps.Keys(l.kinds)) {
				k := slices.IndexFunc(askedKinds[:], func(k askedKind) bool { return k.kind == kind })
				if k < 0 {
					return fail(fmt.Errorf("nobody asks for kind %q", kind))
				}
				if err := b.add(a.Lang, meaning{role: l.role, rule: -1, value: uint8(k)}, l.kinds[kind]...); err != nil {
					return fail(err)
				}
			}
		}
	}
	return nil
}
