package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// maxLine bounds one line of input, in bytes.
const maxLine = 4 << 20

// inputs calls do for each file, or for standard input when there is none.
func (e *env) inputs(files []string, do func(name string, r io.Reader) error) error {
	if len(files) == 0 {
		return do("standard input", e.in)
	}
	for _, name := range files {
		if name == "-" {
			if err := do("standard input", e.in); err != nil {
				return err
			}
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = do(name, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// eachLine calls do with every non-empty line and its number. A line that is
// too long is passed with an error, and the rest is still read. The mark that some
// editors set before the first is no part of it.
func eachLine(r io.Reader, do func(n int, line []byte, err error)) error {
	br := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		var line []byte
		var err error
		long := false
		for {
			var part []byte
			part, err = br.ReadSlice('\n')
			if long = long || len(line)+len(part) > maxLine; !long {
				line = append(line, part...)
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				break
			}
		}
		if err != nil && err != io.EOF {
			return err
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		switch line = bytes.TrimSpace(line); {
		case long:
			do(n, nil, fmt.Errorf("longer than %d bytes", maxLine))
		case len(line) > 0:
			do(n, line, nil)
		}
		if err == io.EOF {
			return nil
		}
	}
}

// text is a line of content and intent input.
type text struct {
	ID   string  `json:"id"`
	Text *string `json:"text"`
	Lang string  `json:"lang"`
}

// readText reads one line. At a terminal a line that is no JSON object is the
// text itself; in JSON mode it is an error.
func readText(line []byte, asJSON bool) (t text, err error) {
	if !utf8.Valid(line) {
		return t, errors.New("not UTF-8")
	}
	if !asJSON && !object(line) {
		s := string(line)
		return text{Text: &s}, nil
	}
	if err := json.Unmarshal(line, &t); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			if typ.Field == "" {
				return t, fmt.Errorf("a JSON %s where an object belongs", typ.Value)
			}
			return t, fmt.Errorf("%s: a JSON %s where a string belongs", typ.Field, typ.Value)
		}
		return t, fmt.Errorf("not JSON: %w", err)
	}
	if t.Text == nil {
		return t, errors.New("text: missing")
	}
	return t, nil
}

// object reports whether a line begins as a JSON object does: "{{1}}, your order is
// ready" is a text.
func object(line []byte) bool {
	if line[0] != '{' {
		return false
	}
	rest := bytes.TrimLeft(line[1:], " \t")
	return len(rest) > 0 && (rest[0] == '"' || rest[0] == '}')
}

// lineError is how a line that cannot be read is answered.
type lineError struct {
	ID    string `json:"id,omitempty"`
	Error string `json:"error"`
}

// encoder writes JSON Lines as they are, without escaping for HTML.
func (e *env) encoder() *json.Encoder {
	enc := json.NewEncoder(e.out)
	enc.SetEscapeHTML(false)
	return enc
}

// unread answers a line that cannot be read.
func (e *env) unread(asJSON bool, enc *json.Encoder, n int, id string, err error) {
	msg := fmt.Sprintf("line %d: %v", n, err)
	if asJSON {
		_ = enc.Encode(lineError{id, msg})
		return
	}
	fmt.Fprintf(e.err, "wacheck: %s\n", msg)
}
