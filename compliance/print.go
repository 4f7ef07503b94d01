package compliance

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sync"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

// A printer makes keyed digests: without the key they tell nothing about a
// person or a text, with it they can be found again.
type printer struct{ macs sync.Pool }

func newPrinter(key []byte) *printer {
	k := append([]byte(nil), key...)
	return &printer{macs: sync.Pool{New: func() any { return hmac.New(sha256.New, k) }}}
}

// sum digests parts with their lengths, so that parts cannot run together.
func (p *printer) sum(parts ...string) string {
	h := p.macs.Get().(hash.Hash)
	h.Reset()
	var n [8]byte
	for _, s := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	out := hex.EncodeToString(h.Sum(nil)[:16])
	p.macs.Put(h)
	return out
}

// message is the print of a described message.
func (p *printer) message(m *Message) string {
	endpoint := m.Endpoint
	if endpoint == "messages" {
		endpoint = "" // which is the same
	}
	parts := []string{"message", m.From.Account, m.From.Number, m.To.Phone, m.To.User, m.To.Parent, m.Also.Phone, m.Also.User, m.Group,
		itoa(int(m.Kind)), m.Type, m.Category.String(), endpoint, m.Template.Name, m.Template.Language}
	for _, t := range m.Texts {
		parts = append(parts, t.Place, t.Words)
	}
	return p.sum(valuesOf(parts, m.Template.Parts)...)
}

// valuesOf adds the values of a template, those in its cards too.
func valuesOf(all []string, parts []template.Part) []string {
	for _, part := range parts {
		all = append(all, part.Type, part.Sub, itoa(part.Index))
		for _, v := range part.Values {
			all = append(all, v.Type, v.Name, v.Text, v.Link)
		}
		for _, c := range part.Cards {
			all = valuesOf(append(all, "card", itoa(c.Index)), c.Parts)
		}
	}
	return all
}

// wamid is the print of a message id. A wamid holds the recipient's number in
// all but plain writing, so it is not kept as it is.
func (p *printer) wamid(id string) string {
	if id == "" {
		return ""
	}
	return p.sum("wamid", id)
}

// person is the digest a journal names a recipient by.
func (p *printer) person(m *Message) string {
	if m.Group != "" {
		return p.sum("group", m.Group)
	}
	return p.party(m.To)
}

// party names a person by the first handle there is, phone before id, so that
// all entries about a number carry one digest.
func (p *printer) party(who party.Party) string {
	for _, h := range who.Handles() {
		return p.handle(h)
	}
	return ""
}

// handle is the digest of one handle: that of a party it is the first of.
func (p *printer) handle(h party.Handle) string { return p.sum("party", h.Scheme, h.Value) }
