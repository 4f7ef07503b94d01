package optin

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

//go:embed words/*.json
var wordFiles embed.FS

// A role is what a word or phrase can do in a sentence about messages. One
// word may have several.
type role uint64

const (
	isAlone   role = 1 << iota // is a stop when nothing else is said: end, cancel
	isVerb                     // to stop; needs something stopped: stop, quit
	isCut                      // to end a subscription; needs no object: unsubscribe
	isSure                     // a whole clause that is a stop wherever it stands
	isLikely                   // a clause that is probably a stop
	isWeak                     // probably a stop when nothing else is said: enough
	isKeep                     // the wish to go on receiving, or stopping denied
	isNeg                      // negates a verb
	isNo                       // negates a noun, or "I do not want"
	isWant                     // to want, to receive
	isSend                     // to send: what is sent matters
	isWrite                    // to contact: whom matters
	isCall                     // to telephone
	isMsg                      // messages
	isMkt                      // advertising
	isOffer                    // offers, discounts: advertising, and also what people ask for
	isTopic                    // a named kind of message
	isFreq                     // daily, weekly
	isRemove                   // to remove
	isList                     // list, number, contact
	isMe                       // the person
	isThis                     // this, anything
	isMore                     // more, again, any longer
	isAgain                    // again, as in a request to begin again
	isAll                      // all, any kind of
	isOther                    // what else can be stopped, cancelled, not sent
	isGot                      // received, arrived
	isWhen                     // a limit in time: at night, today
	isChannel                  // another channel: e-mail
	isHow                      // asks how
	isWhy                      // asks why, when, what if; or tells of the past
	isInstr                    // tells somebody what to answer
	isExcuse                   // gives a reason for a stop
	isFill                     // says nothing: please, hello, thanks
	isStart                    // is a start when nothing else is said
	isRestart                  // asks for messages again
	isAsk                      // unclear: a person should ask
	isBreak                    // begins a new clause: but, because
	isAnd                      // joins
	isThreat                   // what will be done to whoever writes once more
	isThird                    // somebody else is spoken of: my sister, he told me
	isJoke                     // laughs or sings
	isFirm                     // a stop word nobody uses for orders or deliveries
)

var roleNames = map[string]role{
	"alone": isAlone, "verb": isVerb, "cut": isCut, "sure": isSure, "likely": isLikely, "weak": isWeak, "keep": isKeep,
	"neg": isNeg, "no": isNo, "want": isWant, "send": isSend, "write": isWrite, "call": isCall, "msg": isMsg, "mkt": isMkt,
	"offer": isOffer, "topic": isTopic, "freq": isFreq, "remove": isRemove, "list": isList, "me": isMe, "this": isThis,
	"more": isMore, "all": isAll, "again": isAgain, "other": isOther, "got": isGot, "when": isWhen, "channel": isChannel, "how": isHow, "why": isWhy,
	"instr": isInstr, "excuse": isExcuse, "fill": isFill, "start": isStart, "restart": isRestart, "ask": isAsk, "break": isBreak, "and": isAnd, "threat": isThreat, "third": isThird, "joke": isJoke, "firm": isFirm,
}

// wordList is one file of words. Lang "und" holds what every language shares.
type wordList struct {
	lang     string
	negAfter bool                // a negation may follow its verb
	variants map[rune]rune       // characters folded into others
	words    map[string][]string // role name to words and phrases; a trailing * marks a stem
}

const maxLangs = 32

type payload struct {
	lang  uint8
	roles role
}

type phraseNode struct {
	langs uint32
	more  bool // longer phrases go on from here
	pay   []payload
}

type trieNode struct {
	first, n    int32 // children in lexicon.edges
	exact, stem int32 // entry + 1
}

type trieEdge struct {
	label byte
	to    int32
}

// A lexicon is every language's words, ready to be looked up: a byte trie of
// words and stems, and an automaton of phrases over them.
type lexicon struct {
	langs    []string
	bases    []language.Base // of langs
	english  int             // among langs, or -1
	concepts *concept.Table
	negAfter []bool
	fold     *folder
	trie     []trieNode
	edges    []trieEdge
	entLangs []uint32 // languages of each trie entry
	root     []int32  // entry to phrase node
	next     map[uint64]int32
	nodes    []phraseNode
	near     map[uint64][]int32 // hash of a word less one letter to entries
	entText  []string
	entHash  []uint32 // hash of each entry's text, the same in every build
}

func loadLexicon(only map[string]bool) (*lexicon, error) {
	names, err := wordFiles.ReadDir("words")
	if err != nil {
		return nil, fmt.Errorf("optin: words: %w", err)
	}
	var lists []*wordList
	var und *wordList
	for _, n := range names {
		b, err := wordFiles.ReadFile(path.Join("words", n.Name()))
		if err != nil {
			return nil, fmt.Errorf("optin: words: %w", err)
		}
		l, err := readWordList(b)
		if err != nil {
			return nil, fmt.Errorf("optin: words/%s: %w", n.Name(), err)
		}
		if l.lang+".json" != n.Name() {
			return nil, fmt.Errorf("optin: words/%s: lang is %q", n.Name(), l.lang)
		}
		if l.lang == "und" {
			und = l
		} else if only == nil || only[l.lang] {
			lists = append(lists, l)
		}
	}
	for code := range only {
		if !slices.ContainsFunc(lists, func(l *wordList) bool { return l.lang == code }) {
			return nil, fmt.Errorf("optin: no words for language %q", code)
		}
	}
	return buildLexicon(und, lists)
}

func buildLexicon(und *wordList, lists []*wordList) (*lexicon, error) {
	if len(lists) == 0 || len(lists) > maxLangs {
		return nil, fmt.Errorf("optin: %d word lists, want 1 to %d", len(lists), maxLangs)
	}
	sort.Slice(lists, func(i, j int) bool { return lists[i].lang < lists[j].lang })
	variant, symbol := map[rune]rune{}, map[rune]bool{}
	if und != nil {
		for from, to := range und.variants {
			variant[from] = to
		}
		for _, ws := range und.words {
			for _, w := range ws {
				for _, r := range w {
					if r >= 0x2190 && (r < 0x2E80 || r >= 0x1F000) {
						symbol[r] = true
					}
				}
			}
		}
	}
	concepts, err := concept.Builtin()
	if err != nil {
		return nil, fmt.Errorf("optin: %w", err)
	}
	b := &lexBuilder{
		lex:     &lexicon{concepts: concepts, fold: newFolder(variant, symbol), next: map[uint64]int32{}, near: map[uint64][]int32{}, nodes: make([]phraseNode, 1)},
		entries: map[string]int32{},
	}
	b.lex.english = slices.IndexFunc(lists, func(l *wordList) bool { return l.lang == "en" })
	for i, l := range lists {
		b.lex.langs = append(b.lex.langs, l.lang)
		base, err := language.ParseBase(l.lang)
		if err != nil {
			return nil, fmt.Errorf("optin: words/%s.json: %w", l.lang, err)
		}
		b.lex.bases = append(b.lex.bases, base)
		b.lex.negAfter = append(b.lex.negAfter, l.negAfter)
		for _, src := range []*wordList{l, und} {
			if src == nil {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(src.words)) { // the same entries in every process
				for _, w := range src.words[name] {
					if err := b.add(uint8(i), w, roleNames[name]); err != nil {
						return nil, fmt.Errorf("optin: words of %q, %s: %w", l.lang, name, err)
					}
				}
			}
		}
	}
	b.inherit()
	b.finish()
	return b.lex, nil
}

type lexBuilder struct {
	lex     *lexicon
	entries map[string]int32 // folded word, with * for a stem
	phrases []phrase
}

// A phrase is one entry of several words, kept until its words are all known.
type phrase struct {
	lang  uint8
	words []int32
	node  int32
}

// inherit gives phrases that only colour a message what their words do
// themselves, so that listing "remove me" as a message of its own does not
// hide that it removes. Negation stays behind: "not interested" negates
// nothing after it.
func (b *lexBuilder) inherit() {
	const colour = isRestart | isAlone | isWeak | isLikely | isExcuse | isFill | isMore | isThis | isAll
	const left = isRestart | isNeg | isKeep | isAlone | isNo | isOther | isGot | isInstr | isHow | isWhy | isWhen | isStart | isBreak | isAnd | isFill | isLikely | isWeak | isExcuse
	for _, p := range b.phrases {
		pay := b.pay(p.node, p.lang)
		if pay == nil || pay.roles&^colour != 0 || pay.roles&(isAlone|isExcuse|isLikely|isRestart) == 0 {
			continue
		}
		var all role
		for _, w := range p.words {
			if one := b.pay(b.lex.next[uint64(uint32(w))], p.lang); one != nil {
				all |= one.roles
			}
		}
		pay.roles |= all &^ left
		if pay.roles&isAlone != 0 && all&(isSend|isWrite) != 0 {
			pay.roles |= all & isNeg // "do not send" as a message of its own
		}
	}
}

func (b *lexBuilder) pay(node int32, lang uint8) *payload {
	n := &b.lex.nodes[node]
	for i := range n.pay {
		if n.pay[i].lang == lang {
			return &n.pay[i]
		}
	}
	return nil
}

func (b *lexBuilder) add(lang uint8, entry string, r role) error {
	stem := strings.HasSuffix(entry, "*")
	var toks []token
	var folded []byte
	parts := strings.Fields(entry)
	var ids []int32
	for _, p := range parts {
		star := strings.HasSuffix(p, "*")
		if strings.Contains(strings.TrimSuffix(p, "*"), "*") {
			return fmt.Errorf("%q: a star inside a word", entry)
		}
		folded, toks = b.lex.fold.split(folded[:0], toks[:0], []byte(text.Fold(strings.TrimSuffix(p, "*"))))
		for i, t := range toks {
			w := string(folded[t.fs:t.fe])
			if star && i == len(toks)-1 {
				w += "*"
			}
			id, ok := b.entries[w]
			if !ok {
				id = int32(len(b.lex.entText))
				b.entries[w] = id
				b.lex.entText = append(b.lex.entText, w)
				b.lex.entLangs = append(b.lex.entLangs, 0)
			}
			b.lex.entLangs[id] |= 1 << lang
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || len(ids) > 32 || stem && len(entry) < 4 {
		return fmt.Errorf("%q: no words, too many, or too short a stem", entry)
	}
	node := int32(0)
	for i, id := range ids {
		key := uint64(uint32(node))<<32 | uint64(uint32(id))
		to, ok := b.lex.next[key]
		if !ok {
			to = int32(len(b.lex.nodes))
			b.lex.nodes = append(b.lex.nodes, phraseNode{})
			b.lex.next[key] = to
		}
		b.lex.nodes[to].langs |= 1 << lang
		if i < len(ids)-1 {
			b.lex.nodes[to].more = true
		}
		node = to
	}
	if p := b.pay(node, lang); p != nil {
		p.roles |= r
		return nil
	}
	b.lex.nodes[node].pay = append(b.lex.nodes[node].pay, payload{lang, r})
	if len(ids) > 1 {
		b.phrases = append(b.phrases, phrase{lang, ids, node})
	}
	return nil
}

// finish lays out the trie, the first step of every phrase, and the index of
// near spellings.
func (b *lexBuilder) finish() {
	l := b.lex
	l.root = make([]int32, len(l.entText))
	l.entHash = make([]uint32, len(l.entText))
	for id := range l.root {
		l.entHash[id] = hashWord(0, []byte(l.entText[id]))
		l.root[id] = l.next[uint64(uint32(id))]
	}
	type kid map[byte]int32
	kids := []kid{{}}
	l.trie = []trieNode{{}}
	for id, w := range l.entText {
		word, stem := strings.CutSuffix(w, "*")
		at := int32(0)
		for i := 0; i < len(word); i++ {
			to, ok := kids[at][word[i]]
			if !ok {
				to = int32(len(kids))
				kids = append(kids, kid{})
				l.trie = append(l.trie, trieNode{})
				kids[at][word[i]] = to
			}
			at = to
		}
		if stem {
			l.trie[at].stem = int32(id) + 1
			continue
		}
		l.trie[at].exact = int32(id) + 1
		if utf8.RuneCountInString(word) >= minNear {
			for skip, n := -1, 0; skip < len(word); skip += max(n, 1) {
				if n = 0; skip >= 0 {
					_, n = utf8.DecodeRuneInString(word[skip:])
				}
				h := hashSkip([]byte(word), skip, n)
				l.near[h] = append(l.near[h], int32(id))
			}
		}
	}
	for i, k := range kids {
		l.trie[i].first, l.trie[i].n = int32(len(l.edges)), int32(len(k))
		start := len(l.edges)
		for c, to := range k {
			l.edges = append(l.edges, trieEdge{c, to})
		}
		slices.SortFunc(l.edges[start:], func(a, b trieEdge) int { return int(a.label) - int(b.label) })
	}
}

// step follows the edge labelled c, or returns -1.
func (l *lexicon) step(at int32, c byte) int32 {
	n := &l.trie[at]
	edges := l.edges[n.first : n.first+n.n]
	for len(edges) > 8 {
		if mid := len(edges) / 2; edges[mid].label <= c {
			edges = edges[mid:]
		} else {
			edges = edges[:mid]
		}
	}
	for i := range edges {
		if edges[i].label == c {
			return edges[i].to
		}
	}
	return -1
}

// find fills t.ids with what word can stand for, most exact first, and says
// whether the whole word is listed.
func (l *lexicon) find(t *token, word []byte) bool {
	at := int32(0)
	t.n = 0
	var stems [maxStems]int32
	ns := 0
	for _, c := range word {
		if at = l.step(at, c); at < 0 {
			break
		}
		if s := l.trie[at].stem; s != 0 {
			if ns == maxStems {
				copy(stems[:], stems[1:])
				ns--
			}
			stems[ns] = s - 1
			ns++
		}
	}
	exact := at >= 0 && l.trie[at].exact != 0
	if exact {
		t.ids[0], t.n = l.trie[at].exact-1, 1
	}
	for i := ns - 1; i >= 0; i-- {
		t.ids[t.n] = stems[i]
		t.n++
	}
	return exact
}

// minNear is the shortest word, in letters, that is recognised with one
// letter wrong. Shorter words have too many real neighbours (basta, pasta).
const minNear = 6

// hashSkip hashes w without the n bytes at skip; whole when skip is negative.
func hashSkip(w []byte, skip, n int) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(w); i++ {
		if i >= skip && i < skip+n {
			continue
		}
		h = (h ^ uint64(w[i])) * 1099511628211
	}
	return h
}

// findNear looks word up with one letter missing, added, changed, or two
// swapped. Several listed words may be that near.
func (l *lexicon) findNear(t *token, word []byte) bool {
	if n := utf8.RuneCount(word); n < minNear-1 || n > 24 {
		return false
	}
	for skip, n := -1, 0; skip < len(word); skip += max(n, 1) {
		if n = 0; skip >= 0 {
			_, n = utf8.DecodeRune(word[skip:])
		}
		for _, id := range l.near[hashSkip(word, skip, n)] {
			if int(t.n) < len(t.ids) && !slices.Contains(t.ids[:t.n], id) && oneEdit(word, l.entText[id]) {
				t.ids[t.n] = id
				t.n++
			}
		}
	}
	return t.n > 0
}

// oneEdit reports whether a and b differ by one letter or one swap. The first
// letter must agree unless it is missing: other first letters make other words.
func oneEdit(a []byte, b string) bool {
	var x, y [32]rune
	na, nb := 0, 0
	for i := 0; i < len(a) && na < 32; {
		r, n := utf8.DecodeRune(a[i:])
		x[na], na, i = r, na+1, i+n
	}
	for _, r := range b {
		if nb == 32 {
			return false
		}
		y[nb], nb = r, nb+1
	}
	i := 0
	for i < na && i < nb && x[i] == y[i] {
		i++
	}
	p, q := na, nb
	for p > i && q > i && x[p-1] == y[q-1] {
		p, q = p-1, q-1
	}
	dx, dy := p-i, q-i
	switch {
	case dx+dy <= 1:
		return true
	case dx == 1 && dy == 1:
		return i > 0
	case dx == 2 && dy == 2:
		return x[i] == y[i+1] && x[i+1] == y[i]
	}
	return false
}

// readWordList reads one file strictly: unknown and repeated fields are
// errors with the place.
func readWordList(b []byte) (*wordList, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	l := &wordList{words: map[string][]string{}}
	fail := func(format string, a ...any) error {
		line := 1 + bytes.Count(b[:min(int(d.InputOffset()), len(b))], []byte("\n"))
		return fmt.Errorf("line %d: "+format, append([]any{line}, a...)...)
	}
	err := eachField(d, func(key string) error {
		switch key {
		case "lang":
			return d.Decode(&l.lang)
		case "neg_after":
			return d.Decode(&l.negAfter)
		case "variants":
			l.variants = map[rune]rune{}
			return eachField(d, func(to string) error {
				var from string
				if err := d.Decode(&from); err != nil {
					return err
				}
				t, _ := utf8.DecodeRuneInString(to)
				for _, r := range from {
					l.variants[r] = t
				}
				return nil
			})
		case "words":
			return eachField(d, func(name string) error {
				if roleNames[name] == 0 {
					return fmt.Errorf("unknown role %q", name)
				}
				var ws []string
				if err := d.Decode(&ws); err != nil {
					return err
				}
				l.words[name] = ws
				return nil
			})
		}
		return fmt.Errorf("unknown field %q", key)
	})
	if err != nil {
		return nil, fail("%w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fail("text after the word list")
	}
	if l.lang == "" || len(l.words) == 0 {
		return nil, fail("lang or words missing")
	}
	return l, nil
}

func eachField(d *json.Decoder, f func(key string) error) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return fmt.Errorf("want an object")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if seen[key] {
			return fmt.Errorf("field %q is there twice", key)
		}
		seen[key] = true
		if err := f(key); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}
