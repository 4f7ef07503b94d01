package content

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"slices"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// builtinWords are the words of the built-in book, compiled, behind the digest of
// what they were compiled from. They are made anew by
//
//	go generate ./compliance/content
//
// and until then, whenever a list or a rule has changed, compiled at the start of the
// process like those of any other book.
//
//go:generate go test -run TestStoredLexicon -write
//go:embed lexicon_gen.bin
var builtinWords []byte

// errStored is a file that was not written by append.
var errStored = errors.New("lexicon_gen.bin is damaged: run go generate ./compliance/content")

const lexiconMagic = "waguard lexicon 4\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A source is all that words are compiled from.
type source struct {
	sum     [sha256.Size]byte
	longest int // bytes of the longest example
}

// sourceOf sums up the words and examples of a book, the lists of this package, and
// the tables in its code that the lists name things of.
func sourceOf(book *policy.Book, ds []detector) source {
	d := digest{h: sha256.New()}
	src := source{}
	d.strings(lexiconMagic)
	for i := range ds {
		d.strings(ds[i].kind, string(ds[i].rule))
		d.list(ds[i].labels)
	}
	for _, k := range askedKinds {
		d.strings(k.kind)
	}
	d.list(hintNames[:])
	d.list(everydayKinds[:])
	for _, r := range book.All() {
		if r.Check != policy.Lexical && r.Check != policy.Identifier {
			continue
		}
		d.strings(string(r.ID), string(r.Check))
		if r.Check == policy.Lexical {
			d.strings(r.Text.Kind, fmt.Sprint(r.Text.Conduct))
			for _, tag := range slices.Sorted(maps.Keys(r.Text.Languages)) {
				l := r.Text.Languages[tag]
				d.strings(tag)
				for _, list := range [...][]string{l.Goods, l.Weak, l.Alone, l.Sells, l.Strict, l.Excuses} {
					d.list(list)
				}
			}
		}
		if r.Examples == nil {
			continue
		}
		for _, side := range [...][]policy.Example{r.Examples.Match, r.Examples.Clear} {
			d.number(len(side))
			for _, e := range side {
				d.strings(e.Lang, e.Text)
				src.longest = max(src.longest, len(e.Text))
			}
		}
	}
	for _, files := range [...]fs.FS{cueFiles, topicFiles, everydayFiles, labelFiles, askFiles, wantFiles} {
		d.files(files)
	}
	d.flush()
	d.h.Sum(src.sum[:0])
	return src
}

// A digest sums up strings, each behind its length.
type digest struct {
	h   hash.Hash
	buf []byte
}

func (d *digest) flush() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}

func (d *digest) number(n int) { d.buf = binary.AppendUvarint(d.buf, uint64(n)) }

func (d *digest) strings(ss ...string) {
	for _, s := range ss {
		d.number(len(s))
		if d.buf = append(d.buf, s...); len(d.buf) >= 16<<10 {
			d.flush()
		}
	}
}

func (d *digest) list(ss []string) {
	d.number(len(ss))
	d.strings(ss...)
}

// files sums up every file; what cannot be read is read, and refused, by those who need it.
func (d *digest) files(files fs.FS) {
	d.flush()
	space := make([]byte, 16<<10)
	_ = fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		d.strings(name)
		d.number(int(info.Size()))
		d.flush()
		_, err = io.CopyBuffer(d.h, f, space)
		return err
	})
}

// stored are the words compiled from this source, when they are those that were
// stored.
func (src source) stored() (w lexicons, ok bool, err error) {
	r := reader{b: builtinWords}
	if string(r.take(len(lexiconMagic))) != lexiconMagic || string(r.take(len(src.sum))) != string(src.sum[:]) {
		return w, false, nil
	}
	if sum := r.uint32(); r.short || sum != crc32.Checksum(r.b, castagnoli) {
		return w, false, fmt.Errorf("content: %w", errStored)
	}
	if w.rules, err = r.lexicon(); err != nil {
		return w, false, err
	}
	if w.wants, err = r.lexicon(); err != nil {
		return w, false, err
	}
	if len(r.b) > 0 {
		return w, false, fmt.Errorf("content: %w", errStored)
	}
	return w, true, nil
}

// append appends what stored reads.
func (src source) append(dst []byte, w lexicons) []byte {
	dst = append(dst, lexiconMagic...)
	dst = append(dst, src.sum[:]...)
	body := w.wants.append(w.rules.append(nil))
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(body, castagnoli))
	return append(dst, body...)
}

func (l *lexicon) append(dst []byte) []byte {
	number := func(n int) { dst = binary.AppendUvarint(dst, uint64(n)) }
	list := func(ss []string) {
		number(len(ss))
		for _, s := range ss {
			number(len(s))
			dst = append(dst, s...)
		}
	}
	list(l.tags)
	list(slices.Sorted(maps.Keys(l.fillers)))
	dst = binary.LittleEndian.AppendUint64(dst, l.askAfter)
	dst = binary.LittleEndian.AppendUint64(dst, l.askAnyone)
	number(len(l.senses))
	for _, n := range l.senses {
		number(int(n.to - n.from))
		for _, m := range l.said[n.from:n.to] {
			dst = append(dst, byte(m.role), m.value)
			number(int(m.rule + 1))
			number(int(m.lang))
		}
	}
	number(len(l.of))
	for i := 0; i < len(l.of); { // phrases of one list follow each other
		run := i
		for run < len(l.of) && l.of[run] == l.of[i] {
			run++
		}
		number(int(l.of[i]))
		number(run - i)
		i = run
	}
	return l.phrases.Append(dst)
}

func (r *reader) uvarint() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n >= 1<<31 {
		r.b, r.short = nil, true
		return 0
	}
	r.b = r.b[size:]
	return int(n)
}

func (r *reader) strings() []string {
	var ss []string
	for n := r.uvarint(); len(ss) < n && !r.short; {
		ss = append(ss, string(r.take(r.uvarint())))
	}
	return ss
}

func (r *reader) lexicon() (*lexicon, error) {
	l := &lexicon{fillers: map[string]bool{}}
	for _, tag := range r.strings() {
		if err := l.speak(tag); err != nil {
			return nil, fmt.Errorf("content: %w", errStored)
		}
	}
	for _, w := range r.strings() {
		l.fillers[w] = true
	}
	for _, set := range []*uint64{&l.askAfter, &l.askAnyone} {
		if b := r.take(8); b != nil {
			*set = binary.LittleEndian.Uint64(b)
		}
	}
	var ms []meaning
	for n := r.uvarint(); len(l.senses) < n && !r.short; {
		ms = ms[:0]
		for k := r.uvarint(); len(ms) < k && !r.short; {
			m := meaning{role: role(r.byte()), value: r.byte(), rule: int16(r.uvarint() - 1), lang: int16(r.uvarint())}
			r.short = r.short || m.role >= 32 || int(m.lang) >= len(l.langs) || m.lang < 0
			ms = append(ms, m)
		}
		l.mean(ms)
	}
	phrases := r.uvarint()
	if phrases > text.MaxPhrases {
		r.short = true
	} else {
		l.of = make([]int32, 0, phrases)
	}
	for len(l.of) < phrases && !r.short {
		n, run := r.uvarint(), r.uvarint()
		if n >= len(l.senses) || run < 1 || run > phrases-len(l.of) {
			r.short = true
			break
		}
		for range run {
			l.of = append(l.of, int32(n))
		}
	}
	if r.short {
		return nil, fmt.Errorf("content: %w", errStored)
	}
	p, rest, err := text.Read(r.b)
	if err != nil || p.Len() != phrases {
		return nil, fmt.Errorf("content: %w", errStored)
	}
	l.phrases, r.b = p, rest
	return l, nil
}
