package text

import "unicode/utf8"

// passes pairs letters of Cyrillic, Greek, Armenian, Cherokee and Lisu with the Latin letter they can
// pass for. It is used only inside a word that mixes scripts: in a word of its
// own script a letter is itself, but for the second readings of [Phrases.guise].
var passes = []struct {
	foreign, latin string
	oneWay         bool // no Latin letter passes for one of these
}{
	{foreign: "аеорсухкмтнвіјѕһԁԛԝьӏ", latin: "aeopcyxkmthbijshdqwbl"},
	{foreign: "ԍѵѡҽ", latin: "gvwe", oneWay: true},
	{foreign: "αβεζηικμνορτυχγω", latin: "abeznikmvoptuxyw", oneWay: true},
	{foreign: "հոսօցզյլ", latin: "hnuogqjl", oneWay: true},
	{foreign: "ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏙᏚᏞᏟᏢᏦᏧᏳᏴᎾᏫ", latin: "drtiyajewmhyghzbrwvslcpkdgboo", oneWay: true},
	{foreign: "ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", latin: "bpddtgkjczfmnlsrvhwxyaeiou", oneWay: true},
}

var latinOf, cyrillicOf = func() (map[rune]rune, map[rune]rune) {
	to, from := map[rune]rune{}, map[rune]rune{}
	for _, p := range passes {
		latin := []rune(p.latin)
		for i, r := range []rune(p.foreign) {
			to[r] = latin[i]
			if _, taken := from[latin[i]]; !p.oneWay && !taken {
				from[latin[i]] = r
			}
		}
	}
	return to, from
}()

// A disguise is the way a mixed word is read.
type disguise uint8

const (
	plain      disguise = iota
	asLatin             // every foreign letter passes for a Latin one
	asCyrillic          // every Latin letter passes for a Cyrillic one
)

// unmask rewrites the words of the last part that mix Latin with Cyrillic or
// Greek letters to the script they are meant to be read in. A word in which
// neither script can pass for the other stays as it is.
func (b *Buffer) unmask() {
	last := len(b.parts) - 1
	start := int(b.parts[last].out)
	out := b.out
	spare := b.spare[:0]
	turned := b.turned[:0]
	delta := 0
	keep := func(from, to int, d disguise) {
		for i := from; i < to; {
			r, n := utf8.DecodeRune(out[i:to])
			at, in := start+len(spare), b.in(last, i)
			if len(turned) == 0 || in-at != delta {
				delta = in - at
				turned = append(turned, anchor{int32(at), int32(in)})
			}
			if to, ok := latinOf[r]; ok && d == asLatin {
				r = to
			} else if to, ok := cyrillicOf[r]; ok && d == asCyrillic {
				r = to
			}
			spare = utf8.AppendRune(spare, r)
			i += n
		}
	}
	found := false
	from := start
	for i := start; i < len(out); {
		end, d := readWord(out, i)
		if d != plain {
			found = true
			keep(from, i, plain)
			keep(i, end, d)
			from = end
		}
		i = end
	}
	if found {
		keep(from, len(out), plain)
		b.out = append(out[:start], spare...)
		b.anchors = append(b.anchors[:b.parts[last].anchor], turned...)
	}
	b.spare, b.turned = spare, turned
}

// readWord finds the end of the word, or of the one other character, at i and
// how the word is disguised.
func readWord(out []byte, i int) (end int, d disguise) {
	var latin, foreigners, latinPass, foreignPass int
	for end = i; end < len(out); {
		r, n := utf8.DecodeRune(out[end:])
		c := classOf(r)
		if c&classMask != letter && c&classMask != mark {
			if end == i {
				end += n
			}
			break
		}
		switch {
		case c&foreign != 0:
			foreigners++
			if _, ok := latinOf[r]; ok {
				foreignPass++
			}
		case 'a' <= r && r <= 'z':
			latin++
			if _, ok := cyrillicOf[r]; ok {
				latinPass++
			}
		}
		end += n
	}
	switch {
	case latin == 0 || foreigners == 0:
		return end, plain
	case foreignPass == foreigners:
		return end, asLatin
	case latinPass == latin:
		return end, asCyrillic
	}
	return end, plain
}
