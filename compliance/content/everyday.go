package content

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed everyday/*.json
var everydayFiles embed.FS

// An everydaySet is what the harmless things and services are called that businesses of one
// language sell, book and deliver. Who offers a barred thing by meaning alone names none of
// them; and what is named after a barred thing (a glue gun, a wine glass) is mostly one. They
// excuse nothing by themselves: the model weighs how many there are, and beside what.
type everydaySet struct {
	Lang   string              `json:"lang"`
	Things map[string][]string `json:"things"` // by kind; see everydayKinds
	Guises []string            `json:"guises"` // whose names hold or lean on a barred word
}

var everydayKinds = [...]string{
	"food", "drinks", "clothes", "home", "electronics", "tools", "vehicles", "beauty", "baby", "sport", "paper", "services",
	"learning", "travel", "events", "property", "work", "health", "money", "farm", "office",
}

// guise stands behind the kinds.
const guise = uint8(len(everydayKinds))

func (b *builder) everyday(sets []everydaySet) error {
	for _, e := range sets {
		fail := func(err error) error { return fmt.Errorf("content: everyday/%s.json: %w", e.Lang, err) }
		for _, kind := range slices.Sorted(maps.Keys(e.Things)) {
			k := slices.Index(everydayKinds[:], kind)
			if k < 0 {
				return fail(fmt.Errorf("no kind of things is named %q; there are %s", kind, strings.Join(everydayKinds[:], ", ")))
			}
			if err := b.add(e.Lang, meaning{role: everyday, rule: -1, value: uint8(k)}, e.Things[kind]...); err != nil {
				return fail(err)
			}
		}
		if err := b.add(e.Lang, meaning{role: everyday, rule: -1, value: guise}, e.Guises...); err != nil {
			return fail(err)
		}
	}
	return nil
}

// A thing is an everyday one, where it is named.
type thing struct {
	first, end int32
	kind       uint8
}

// manyThings is how many of them are looked at.
const manyThings = 64

// offeredReach is how many tokens a thing and what sells it stand apart at most.
const offeredReach = 4

// thing takes down an everyday thing.
func (f *featureScratch) thing(x thing) {
	if len(f.things) < manyThings {
		f.things = append(f.things, x)
	}
}

// ownWords drops things that are words of a term's own name: the sport in "sports betting".
func (f *featureScratch) ownWords(terms []term) {
	f.things = slices.DeleteFunc(f.things, func(x thing) bool {
		return slices.ContainsFunc(terms[:min(len(terms), manyTerms)], func(t term) bool {
			return t.role != weak && t.hit.First <= x.first && x.end <= t.hit.End && x.end-x.first < t.hit.End-t.hit.First
		})
	})
}

// leans reports whether a term that no excuse covers is part of the name of an everyday thing,
// or stands right beside one, and whether that is one named after barred things.
func (f *featureScratch) leans(first, end int32) (beside, guised bool) {
	for i := range f.things {
		if x := &f.things[i]; max(x.first-end, first-x.end) <= 0 {
			beside = true
			guised = guised || x.kind == guise
		}
	}
	return beside, guised
}

// everyday notes how many things are named, and whether one of them is what is on offer.
func (f *featureScratch) everyday(o *offerScratch) {
	n, border := 0, int32(0)
	for i := range f.things {
		x := &f.things[i]
		if x.first >= border {
			n++
			border = x.end
		}
		for k := range o.cues[:min(len(o.cues), manyThings)] {
			if q := &o.cues[k]; q.role >= sell && q.role <= unit && max(x.first-q.end, q.first-x.end) <= offeredReach {
				f.signs |= 1 << signThingOffered
				break
			}
		}
	}
	if n > 0 {
		f.signs |= 1 << (signThings + min(n, 3) - 1)
	}
}

// thingKinds notes of which kinds the things are, by themselves and beside each rule that the
// message speaks of.
func (f *featureScratch) thingKinds() {
	for i := range f.things {
		x := &f.things[i]
		f.note(spot{key(mix(seedThing, uint32(x.kind))), x.first})
		for _, rule := range f.spoken {
			f.note(spot{key(mix(mix(rule, seedThing), uint32(x.kind))), x.first})
		}
	}
}
