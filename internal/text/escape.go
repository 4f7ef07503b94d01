package text

import "bytes"

// maxEscape is how many bytes one escape has at most: &#x0067;
const maxEscape = 9

// escape is the letter or digit that an escape of HTML or of an address at out[i:] stands for (&#103; &#x67; %67), in lower
// case, and how long it is; 0 is none.
func escape(out []byte, i int) (c byte, n int) {
	base, end, v := 10, 0, 0
	switch {
	case i+2 < len(out) && out[i] == '%':
		base, end = 16, i+3
		n = i + 1
	case i+3 < len(out) && out[i] == '&' && out[i+1] == '#':
		if n = i + 2; out[n] == 'x' {
			base = 16
			n++
		}
		semi := bytes.IndexByte(out[n:min(len(out), i+maxEscape)], ';')
		if semi < 1 {
			return 0, 0
		}
		end = n + semi
	default:
		return 0, 0
	}
	for ; n < end; n++ {
		d := int(out[n] - '0')
		if l := int(out[n]) - 'a'; l >= 0 && l < 6 {
			d = l + 10
		}
		if d >= base {
			return 0, 0
		}
		v = v*base + d
	}
	if v >= 'A' && v <= 'Z' {
		v += 'a' - 'A'
	}
	if v >= 0x80 || ascii[v] != letter && ascii[v] != digit {
		return 0, 0
	}
	if out[i] == '&' {
		end++
	}
	return byte(v), end - i
}

// mayEscape reports whether a token may begin a word with escapes: it is part of one, or one follows.
func mayEscape(out []byte, t Token) bool {
	if int(t.End) < len(out) && (out[t.End] == '%' || out[t.End] == '&') {
		return true
	}
	return t.Start > 0 && (out[t.Start-1] == '%' || out[t.Start-1] == '#')
}

// escaped reads a word of which some letters are escapes (&#103;lock, %67lock). It returns
// i where token i begins none.
func (p *Phrases) escaped(b *Buffer, i int) int {
	ts, out := b.tokens, b.out
	start := int(ts[i].Start)
	for back := 1; back <= 3 && back <= start; back++ { // the marks in front of the first digits
		if _, n := escape(out, start-back); n > back {
			start -= back
			break
		}
	}
	if start > 0 && ascii[out[start-1]] == letter {
		return i
	}
	joined, end, escapes := b.joined[:0], start, 0
	for end < len(out) && len(joined) < maxRun {
		if c, n := escape(out, end); n > 0 {
			joined = append(joined, c)
			end += n
			escapes++
		} else if ascii[out[end]] == letter {
			joined = append(joined, out[end])
			end++
		} else {
			break
		}
	}
	b.joined = joined
	if escapes == 0 || len(joined) < 3 || end < len(out) && out[end] == '%' {
		return i
	}
	j := i
	for j < len(ts) && int(ts[j].Start) < end {
		j++
	}
	if j == i || int(ts[j-1].End) > end {
		return i
	}
	sym := p.words.find(joined)
	if sym == 0 {
		return i
	}
	b.aliases = append(b.aliases, alias{int32(i), int32(j), sym})
	return j
}
