// Package text reads what people write in any script: it folds text to a plain
// form with a way back to the original, cuts it into tokens, and finds many
// thousand phrases in it at once.
//
//	text ──Add──▶ Buffer: folded bytes ──Tokens──▶ words, numbers, characters ──Find──▶ Hits
//	                 │                                                                  │
//	                 └──────────────────────── Origin ◀─────────────────────────────────┘
//	                                  bytes of the original
//
// # Folding
//
// Two texts that look the same to a reader fold to the same bytes: compatibility
// forms, case, width, accents, mathematical and enclosed letters and digits are
// gone; digits of every script are ASCII; what nobody sees (zero-width
// and bidirectional marks, variation selectors, broken UTF-8) is dropped. Vowel
// signs of Indic scripts stay, since they are letters in all but name; Arabic vowel
// marks and tatweel go. A letter of another script (Cyrillic, Greek, Armenian, Cherokee, Lisu) that
// stands in for a Latin one is turned only inside a word that mixes the scripts. Folding is idempotent.
//
// The character table is generated from golang.org/x/text and held against it
// by a test, for every code point.
//
// # Phrases
//
// [Compile] makes one automaton of any number of phrases. They are matched on
// whole tokens, so "gun" is not found in "begun"; a star ends a token early:
// "rifle*" finds "rifles" and "riflescope". Text that hides a word is read a second way, and
// its hits are marked; text that hides nothing pays nothing for it. Hidden is what is
//
//	written apart           g l o c k, g.l.o.c.k, pis*tol, g🔥l🔥o🔥c🔥k, letters on lines of their own
//	drawn otherwise         gl0ck, p1st@l, 6|0(k, 🇬🇱🇴🇨🇰, ꓖꓡꓳꓚꓗ, ʞɔolƃ
//	drawn out or doubled    gloooock, ggllooocckk
//	escaped                 &#103;lock, %67lock
//	run together            #glockforsale, in hashtags alone
//
// Flags stay flags, and a word of Cyrillic letters that all pass for Latin ones is read as one
// only in a text that is of another script.
//
// What follows from the letters of a word alone is remembered in a [Memo] from one text to
// the next, its symbol in the automaton among it.
//
// Lists that seldom change are compiled ahead of time: [Phrases.Append] writes what
// [Read] makes ready again at a small part of the cost.
package text

//go:generate go test -run TestFoldTable -write
