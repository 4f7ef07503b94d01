package main

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// A pattern is one of libphonenumber's expressions over digits, run digit by
// digit, so that one can ask of the beginning of a number what its end may be.
type pattern struct {
	prog    *syntax.Prog
	lengths uint32 // bit n: a number of n digits may match; 0: any length
}

func compile(expr string, lengths []int32) (*pattern, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	p := &pattern{prog: prog}
	for _, n := range lengths {
		if n > 0 {
			p.lengths |= 1 << n
		} else {
			p.lengths |= 1 << 31 // -1: no number is of this kind
		}
	}
	return p, nil
}

// A set is the sorted set of instructions a pattern may be at.
type set []uint32

func (p *pattern) start() set { return p.follow(nil, uint32(p.prog.Start)) }

// follow adds an instruction and all that can be reached without a digit.
func (p *pattern) follow(s set, pc uint32) set {
	switch in := &p.prog.Inst[pc]; in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return p.follow(p.follow(s, in.Out), in.Arg)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		return p.follow(s, in.Out)
	case syntax.InstFail:
		return s
	}
	if i, found := slices.BinarySearch(s, pc); !found {
		s = slices.Insert(s, i, pc)
	}
	return s
}

func (p *pattern) step(s set, digit byte) set {
	var next set
	for _, pc := range s {
		in := &p.prog.Inst[pc]
		switch in.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if in.MatchRune(rune(digit)) {
				next = p.follow(next, in.Out)
			}
		}
	}
	return next
}

// matched reports whether the digits so far, n of them, match.
func (p *pattern) matched(s set, n int) bool {
	if p.lengths != 0 && p.lengths&(1<<n) == 0 {
		return false
	}
	return slices.ContainsFunc(s, func(pc uint32) bool { return p.prog.Inst[pc].Op == syntax.InstMatch })
}

func (s set) key(b *strings.Builder) {
	for _, pc := range s {
		b.WriteByte(byte(pc))
		b.WriteByte(byte(pc >> 8))
	}
	b.WriteString("\xff\xff")
}
