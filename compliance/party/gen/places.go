package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// A span is the numbers that begin with some digits, calling code included.
type span struct{ prefix, value string }

// fiction are ranges set aside for films and books, which libphonenumber, rightly, does
// not take for numbers in use. Examples and tests are full of them. Ofcom,
// "Telephone numbers for use in TV and radio drama programmes".
var fiction = []span{
	{"441632960", "GB"},
	{"443069990", "GB"},
	{"447700900", "GB"},
	{"448081570", "GB"},
}

// A plan is what one calling code looks like: the places that share it, in the
// order in which libphonenumber asks them.
type plan struct {
	code    int
	regions []region
	minimum int // digits of a national number before a place may be told
	longest int
	memo    map[string]uint32
}

// A region decides whether a national number is its own as libphonenumber's
// GetRegionCodeForNumber does: by leading digits where it has them, else by
// the general description and one of the kinds of number.
type region struct {
	iso     string
	leading *pattern
	general *pattern
	kinds   []*pattern
	lines   int // how many kinds, from the first, are fixed and mobile lines
}

func plans() ([]*plan, error) {
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, err
	}
	byRegion := map[string]*phonenumbers.PhoneMetadata{}
	for _, m := range all.GetMetadata() {
		byRegion[m.GetId()+strconv.Itoa(int(m.GetCountryCode()))] = m
	}
	var ps []*plan
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedCallingCodes())) {
		p := &plan{code: code, memo: map[string]uint32{}}
		if code == 1 {
			p.minimum = 3 // an area code is told by all its digits, or not at all
		}
		for _, iso := range phonenumbers.GetRegionCodesForCountryCode(code) {
			m := byRegion[iso+strconv.Itoa(code)]
			if m == nil {
				return nil, fmt.Errorf("no metadata of %s under +%d", iso, code)
			}
			r, err := newRegion(iso, m)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", iso, err)
			}
			for _, n := range m.GetGeneralDesc().GetPossibleLength() {
				p.longest = max(p.longest, int(n))
			}
			p.regions = append(p.regions, r)
		}
		if len(p.regions) == 0 {
			return nil, fmt.Errorf("no region under +%d", code)
		}
		ps = append(ps, p)
	}
	return ps, nil
}

func newRegion(iso string, m *phonenumbers.PhoneMetadata) (r region, err error) {
	r.iso = iso
	if r.general, err = compile(m.GetGeneralDesc().GetNationalNumberPattern(), m.GetGeneralDesc().GetPossibleLength()); err != nil {
		return r, err
	}
	descs := []*phonenumbers.PhoneNumberDesc{m.GetFixedLine(), m.GetMobile()}
	if m.GetCountryCode() != 1 {
		// Under +1 toll-free, personal and premium numbers belong to no one
		// place, and leading digits count such numbers in.
		descs = append(descs, m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(),
			m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail())
		if l := m.GetLeadingDigits(); l != "" {
			if r.leading, err = compile(l, nil); err != nil {
				return r, err
			}
		}
	}
	for i, d := range descs {
		if d == nil || d.GetNationalNumberPattern() == "" {
			continue
		}
		k, err := compile(d.GetNationalNumberPattern(), d.GetPossibleLength())
		if err != nil {
			return r, err
		}
		r.kinds = append(r.kinds, k)
		if i < 2 {
			r.lines++
		}
	}
	return r, nil
}

// A state is how far every pattern of a plan has come.
type state struct {
	digits  int
	regions []regionState
}

type regionState struct {
	led     bool // the leading digits have matched
	leading set
	general set
	kinds   []set
}

func (p *plan) start() state {
	var s state
	for _, r := range p.regions {
		rs := regionState{general: r.general.start()}
		if r.leading != nil {
			rs.leading = r.leading.start()
		}
		for _, k := range r.kinds {
			rs.kinds = append(rs.kinds, k.start())
		}
		s.regions = append(s.regions, rs)
	}
	return s
}

func (p *plan) step(s state, digit byte) state {
	next := state{digits: s.digits + 1}
	for i, r := range p.regions {
		old := s.regions[i]
		rs := regionState{led: old.led, general: r.general.step(old.general, digit)}
		if r.leading != nil && !rs.led {
			rs.leading = r.leading.step(old.leading, digit)
			if r.leading.matched(rs.leading, next.digits) {
				rs.led, rs.leading = true, nil
			}
		}
		for j, k := range r.kinds {
			rs.kinds = append(rs.kinds, k.step(old.kinds[j], digit))
		}
		next.regions = append(next.regions, rs)
	}
	return next
}

// here returns the index of the region a number that ends here belongs to.
func (p *plan) here(s state) (int, bool) {
	for i, r := range p.regions {
		rs := s.regions[i]
		if r.leading != nil {
			if rs.led {
				return i, true
			}
			continue
		}
		if !r.general.matched(rs.general, s.digits) {
			continue
		}
		for j, k := range r.kinds {
			if k.matched(rs.kinds[j], s.digits) {
				return i, true
			}
		}
	}
	return 0, false
}

// reach returns, as bits, the regions of all numbers that begin like this.
func (p *plan) reach(s state) uint32 {
	key := s.key()
	if bits, known := p.memo[key]; known {
		return bits
	}
	var bits uint32
	if i, ok := p.here(s); ok {
		bits = 1 << i
	}
	if s.digits < p.longest && s.alive() {
		for d := byte('0'); d <= '9'; d++ {
			bits |= p.reach(p.step(s, d))
		}
	}
	p.memo[key] = bits
	return bits
}

// alive reports whether more digits can make a number of it.
func (s state) alive() bool {
	for _, r := range s.regions {
		if r.led || len(r.leading) > 0 || len(r.general) > 0 {
			return true
		}
	}
	return false
}

func (s state) key() string {
	var b strings.Builder
	b.WriteByte(byte(s.digits))
	for _, r := range s.regions {
		if r.led {
			b.WriteByte(1)
		}
		r.leading.key(&b)
		r.general.key(&b)
		for _, k := range r.kinds {
			k.key(&b)
		}
	}
	return b.String()
}

// spans returns the beginnings of numbers that are of one place whatever
// follows, as short as they can be. What is assigned to nobody inside such a
// beginning goes with it; what is between them is left out.
func (p *plan) spans() []span {
	if len(p.regions) == 1 {
		if p.regions[0].iso == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			return nil
		}
		return []span{{strconv.Itoa(p.code), p.regions[0].iso}}
	}
	var out []span
	var walk func(prefix string, s state)
	walk = func(prefix string, s state) {
		bits := p.reach(s)
		if bits == 0 {
			return
		}
		if bits&(bits-1) == 0 && s.digits >= p.minimum {
			i := 0
			for bits>>i != 1 {
				i++
			}
			out = append(out, span{prefix, p.regions[i].iso})
			return
		}
		if s.digits == p.longest {
			return
		}
		for d := byte('0'); d <= '9'; d++ {
			walk(prefix+string(d), p.step(s, d))
		}
	}
	walk(strconv.Itoa(p.code), p.start())
	return out
}

// zeroLed reports whether the national number of a fixed or mobile line may begin
// with 0. Worldwide services have no lines; all their kinds count.
func (p *plan) zeroLed() bool {
	s := p.step(p.start(), '0')
	for i, r := range p.regions {
		kinds := s.regions[i].kinds
		if r.lines > 0 {
			kinds = kinds[:r.lines]
		}
		if len(s.regions[i].general) > 0 && slices.ContainsFunc(kinds, func(k set) bool { return len(k) > 0 }) {
			return true
		}
	}
	return false
}

// placeSpans returns the spans of all calling codes and of fiction.
func placeSpans(ps []*plan) []span {
	var out []span
	for _, p := range ps {
		out = append(out, p.spans()...)
	}
	for _, f := range fiction {
		if !slices.ContainsFunc(out, func(s span) bool { return strings.HasPrefix(f.prefix, s.prefix) }) {
			out = append(out, f)
		}
	}
	return out
}
