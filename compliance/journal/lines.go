package journal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf8"
)

// Read reads JSON Lines, one Link a line, strictly: unknown, missing and
// repeated members, wrong types, lines above [MaxLine] and a last line without
// its end are a [*ChainError] with the line. It does not check the chain; hand
// it to [Verify] for that. It can be ranged over once.
func Read(r io.Reader) iter.Seq2[Link, error] {
	return func(yield func(Link, error) bool) {
		br := bufio.NewReaderSize(r, 64<<10)
		for line := 1; ; line++ {
			raw, err := readLine(br)
			if errors.Is(err, io.EOF) && len(raw) == 0 {
				return
			}
			var l Link
			switch {
			case errors.Is(err, io.EOF):
				err = &ChainError{Line: line, Reason: "the line does not end"}
			case errors.Is(err, errLong):
				err = &ChainError{Line: line, Reason: err.Error()}
			case err != nil:
				err = fmt.Errorf("journal: line %d: %w", line, err)
			default:
				if l, err = parse(raw); err != nil {
					err = &ChainError{Line: line, Reason: err.Error()}
				}
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// Export writes every link of a journal as JSON Lines and returns how many. It
// stops at the first error.
func Export(ctx context.Context, w io.Writer, j Journal) (links int, err error) {
	bw := bufio.NewWriter(w)
	for l, err := range j.Links(ctx) {
		if err != nil {
			return links, err
		}
		line, err := appendLine(nil, l)
		if err != nil {
			return links, err
		}
		if _, err := bw.Write(line); err != nil {
			return links, fmt.Errorf("journal: export: %w", err)
		}
		links++
	}
	if err := bw.Flush(); err != nil {
		return links, fmt.Errorf("journal: export: %w", err)
	}
	return links, nil
}

var errLong = fmt.Errorf("the line is longer than %d bytes", MaxLine)

// readLine returns the next line without its end. At the end of the input it
// returns what is left, and io.EOF.
func readLine(br *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		if len(line)+len(part) > MaxLine {
			return nil, errLong
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// appendLine adds the line of a link.
func appendLine(buf []byte, l Link) ([]byte, error) {
	line, err := json.Marshal(l)
	if err != nil {
		return buf, &EntryError{l.ID, "it cannot be written as JSON"}
	}
	if len(line)+1 > MaxLine {
		return buf, &EntryError{l.ID, errLong.Error()}
	}
	return append(append(buf, line...), '\n'), nil
}

// parse reads one line. Nearly all are byte for byte what appendLine writes,
// and that is quicker to see than to read a line member by member.
func parse(line []byte) (Link, error) {
	var l Link
	if json.Unmarshal(line, &l) == nil {
		if again, err := json.Marshal(l); err == nil && bytes.Equal(again, line) {
			return l, nil
		}
	}
	return parseMembers(line)
}

// parseMembers reads a line that is written in another way, or wrong. What it
// says of a mistake names the member and never its value.
func parseMembers(line []byte) (Link, error) {
	if !utf8.Valid(line) {
		return Link{}, errors.New("the line is no UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return Link{}, errors.New("the line is no JSON object")
	}
	var l Link
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return Link{}, errors.New("the line is no sound JSON")
		}
		if seen[name] {
			return Link{}, fmt.Errorf("member %q comes twice", name)
		}
		seen[name] = true
		var into any
		switch name {
		case "id":
			into = &l.ID
		case "at":
			into = new(string)
		case "kind":
			into = &l.Kind
		case "digest":
			into = &l.Digest
		case "body":
			into = &l.Body
		case "writer":
			into = &l.Writer
		case "seq":
			into = &l.Seq
		case "prev":
			into = &l.Prev
		case "hash":
			into = &l.Hash
		default:
			return Link{}, errors.New("the line has a member that is not known")
		}
		var raw json.RawMessage
		if err = dec.Decode(&raw); err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil || name != "body" && string(raw) == "null" {
			return Link{}, fmt.Errorf("member %q is not what it should be", name)
		}
		if at, ok := into.(*string); ok && name == "at" {
			if l.At, err = time.Parse(time.RFC3339Nano, *at); err != nil {
				return Link{}, errors.New(`member "at" is no time`)
			}
		}
	}
	if _, err := dec.Token(); err != nil {
		return Link{}, errors.New("the line is no sound JSON")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Link{}, errors.New("something stands behind the object")
	}
	for _, name := range []string{"id", "at", "kind", "digest", "body", "writer", "seq", "prev", "hash"} {
		if !seen[name] {
			return Link{}, fmt.Errorf("member %q is missing", name)
		}
	}
	return l, nil
}
