package optin

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/party"
)

// measured counts what is read and ends it at a limit.
type measured struct {
	r        io.Reader
	n, limit int64
	row      int64 // read since the row began
	maxRow   int64 // no row may make us read more than this; 0: not looked at
}

var errTooLong = errors.New("the list is longer than the limit")

type rowError struct{ limit int }

func (e rowError) Error() string {
	return fmt.Sprintf("a row is longer than %d bytes; an open quote has that effect", e.limit)
}

func (m *measured) Read(b []byte) (int, error) {
	if m.maxRow > 0 && m.row > m.maxRow {
		return 0, rowError{int(m.maxRow) - readAhead}
	}
	n, err := m.r.Read(b)
	m.n += int64(n)
	m.row += int64(n)
	if m.limit > 0 && m.n > m.limit {
		return 0, errTooLong
	}
	return n, err
}

// readAhead is how much is read at once.
const readAhead = 64 << 10

// openRows finds out what a list is written in, and reads its header.
func openRows(m *measured, c *columns, o *ImportOptions) (rowReader, error) {
	in := bufio.NewReaderSize(m, readAhead)
	head, err := in.Peek(3)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("optin: import: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		in.Discard(3) // a byte order mark, as spreadsheets write it
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, errors.New("optin: import: the list is in UTF-16; save it as UTF-8")
	}
	format := o.Format
	if format == DetectFormat {
		format = CSV
		start, _ := in.Peek(readAhead)
		if bytes.HasPrefix(bytes.TrimLeft(start, " \t\r\n"), []byte("{")) {
			format = JSONLines
		}
	}
	switch format {
	case JSONLines:
		return &jsonRows{in: in, columns: c, limit: o.MaxRow}, nil
	case CSV:
		return openCSV(in, m, c, o)
	}
	return nil, fmt.Errorf("optin: import: format %d is unknown", format)
}

// csvRows reads rows of CSV (RFC 4180).
type csvRows struct {
	r     *csv.Reader
	m     *measured
	cells []*column
	limit int
	last  int // line of the row before
}

func openCSV(in *bufio.Reader, m *measured, c *columns, o *ImportOptions) (rowReader, error) {
	comma := o.Comma
	switch comma {
	case 0:
		comma = ','
	case DetectComma:
		start, _ := in.Peek(readAhead)
		comma = commaOf(start)
	}
	r := csv.NewReader(in)
	r.Comma, r.ReuseRecord = comma, true
	m.maxRow = int64(o.MaxRow) + readAhead
	rows := &csvRows{r: r, m: m, limit: o.MaxRow}
	head, err := r.Read()
	switch {
	case err == io.EOF:
		return nil, &ImportError{Line: 1, Err: errors.New("the list is empty: not even a header")}
	case err != nil:
		return nil, &ImportError{Line: 1, Err: plainCSV(err)}
	}
	seen := map[string]string{} // field to column
	for i, name := range head {
		if !utf8.ValidString(name) || len(name) > maxKey {
			return nil, &ImportError{Line: 1, Err: fmt.Errorf("the name of column %d is not valid UTF-8, or longer than %d bytes", i+1, maxKey)}
		}
		if strings.TrimSpace(name) == "" {
			rows.cells = append(rows.cells, &column{})
			continue
		}
		if i >= maxColumns {
			return nil, &ImportError{Line: 1, Err: fmt.Errorf("more than %d columns", maxColumns)}
		}
		_, twice := c.found[name]
		col, err := c.column(name)
		if err != nil {
			return nil, &ImportError{Line: 1, Err: err}
		}
		if col.field != "" {
			if other, here := seen[col.field]; here || twice {
				return nil, &ImportError{Line: 1, Err: fmt.Errorf("columns %q and %q are both %s; say with Map which one it is", clip(other), clip(name), col.field)}
			}
			seen[col.field] = name
		}
		rows.cells = append(rows.cells, col)
	}
	if err := c.complete(); err != nil {
		return nil, &ImportError{Line: 1, Err: err}
	}
	return rows, nil
}

// commaOf finds what stands between the cells of a header.
func commaOf(start []byte) rune {
	count := map[byte]int{}
	quoted := false
	for _, b := range start {
		if b == '"' {
			quoted = !quoted
		} else if !quoted && (b == '\n' || b == '\r') {
			break
		} else if !quoted {
			count[b]++
		}
	}
	best := byte(',')
	for _, b := range []byte(";\t|") {
		if count[b] > count[best] {
			best = b
		}
	}
	return rune(best)
}

func (r *csvRows) next(*Draft) (line, through int, ps problems, err error) {
	r.m.row = 0
	from := r.r.InputOffset()
	cells, err := r.r.Read()
	var bad *csv.ParseError
	switch {
	case err == io.EOF:
		return 0, 0, nil, io.EOF
	case errors.Is(err, csv.ErrFieldCount):
		line, through = r.lines(cells)
		ps.add("", "has %d cells, and the header %d", len(cells), len(r.cells))
		return line, through, ps, nil
	case errors.As(err, &bad):
		r.last = bad.StartLine
		ps.add("", "%s", strings.TrimPrefix(plainCSV(bad).Error(), "the header "))
		return bad.StartLine, bad.Line, ps, nil
	case err != nil:
		return r.last + 1, 0, nil, err
	}
	line, through = r.lines(cells)
	if r.r.InputOffset()-from > int64(r.limit) {
		ps.add("", "is longer than %d bytes", r.limit)
		return line, through, ps, nil
	}
	for i, cell := range cells {
		col := r.cells[i]
		if col.place == nil {
			continue
		}
		if !utf8.ValidString(cell) {
			ps.add(clip(col.name), "is not valid UTF-8")
			continue
		}
		*col.place = cell
	}
	return line, through, ps, nil
}

// lines are the first and the last of a row.
func (r *csvRows) lines(cells []string) (first, last int) {
	first, _ = r.r.FieldPos(0)
	r.last = first
	last, _ = r.r.FieldPos(len(cells) - 1)
	return first, last + strings.Count(cells[len(cells)-1], "\n")
}

// plainCSV says what is wrong with a line of CSV without what is in it.
func plainCSV(err error) error {
	switch {
	case errors.Is(err, csv.ErrQuote):
		return errors.New("a quote that is not closed, or goes on after it was")
	case errors.Is(err, csv.ErrBareQuote):
		return errors.New("a quote within a cell that does not begin with one")
	}
	return err
}

// jsonRows reads one JSON object a line.
type jsonRows struct {
	in      *bufio.Reader
	columns *columns
	limit   int
	line    int
	buf     []byte
	seen    map[string]bool // fields said in this row
}

func (r *jsonRows) next(*Draft) (line, through int, ps problems, err error) {
	for {
		r.line++
		long := false
		r.buf = r.buf[:0]
		for {
			var part []byte
			part, err = r.in.ReadSlice('\n')
			if long = long || len(r.buf)+len(part) > r.limit; !long {
				r.buf = append(r.buf, part...)
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				break
			}
		}
		if err != nil && err != io.EOF {
			return r.line, 0, nil, err
		}
		text := bytes.TrimSpace(r.buf)
		switch {
		case long:
			ps.add("", "is longer than %d bytes", r.limit)
			return r.line, r.line, ps, nil
		case len(text) > 0:
			return r.line, r.line, r.object(text), nil
		case err == io.EOF:
			return r.line, 0, nil, io.EOF
		}
	}
}

// object reads one row.
func (r *jsonRows) object(text []byte) (ps problems) {
	if !utf8.Valid(text) {
		ps.add("", "is not valid UTF-8")
		return ps
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		ps.add("", "is no JSON object")
		return ps
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	clear(r.seen)
	names := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			ps.add("", "is not sound JSON")
			return ps
		}
		name, _ := t.(string)
		if names[name] {
			ps.add(clip(name), "is there twice")
		}
		names[name] = true
		if len(name) > maxKey {
			ps.add("", "has a member whose name is longer than %d bytes", maxKey)
			return ps
		}
		if name == "party" {
			if !r.party(d, &ps) {
				return ps
			}
			continue
		}
		cell := d
		if name == "handles" {
			raw, done := r.handles(d, &ps)
			if done {
				continue
			}
			cell = json.NewDecoder(bytes.NewReader(raw))
			cell.UseNumber()
		}
		text, ok := value(cell)
		if !ok {
			ps.add(clip(name), "is neither text, number, yes or no, nor a list of texts")
			return ps
		}
		r.put(name, text, &ps)
	}
	if _, err := d.Token(); err != nil {
		ps.add("", "is not sound JSON")
		return ps
	}
	if _, err := d.Token(); err != io.EOF {
		ps.add("", "has something after the object")
	}
	return ps
}

func (r *jsonRows) put(name, text string, ps *problems) {
	col, err := r.columns.column(name)
	switch {
	case err != nil:
		ps.add(clip(name), "%s", err)
	case col.place == nil:
	case r.seen[col.field]:
		ps.add(clip(name), "says %s a second time", col.field)
	default:
		r.seen[col.field] = true
		*col.place = text
	}
}

// party reads {"phone","user","parent"}.
func (r *jsonRows) party(d *json.Decoder, ps *problems) bool {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		ps.add("party", "is no object")
		return false
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			ps.add("", "is not sound JSON")
			return false
		}
		name, _ := t.(string)
		text, ok := value(d)
		if !ok || name != "phone" && name != "user" && name != "parent" {
			ps.add("party", "has other members than phone, user and parent, or one that is no text")
			return false
		}
		r.put(name, text, ps)
	}
	_, err := d.Token()
	return err == nil
}

// handles reads [{"scheme","value"}], as a suppression list has it. Anything
// else of that name is a column like others, and handed back.
func (r *jsonRows) handles(d *json.Decoder, ps *problems) (raw json.RawMessage, done bool) {
	var hs []party.Handle
	if err := d.Decode(&raw); err != nil || json.Unmarshal(raw, &hs) != nil || len(hs) == 0 {
		return raw, false
	}
	for _, h := range hs {
		switch h.Scheme {
		case party.Phone, party.User, party.Parent:
			r.put(h.Scheme, h.Value, ps)
		default:
			ps.add("handles", "have another scheme than phone, user and parent")
		}
	}
	return nil, true
}

// value reads what a cell can be.
func value(d *json.Decoder) (string, bool) {
	t, err := d.Token()
	if err != nil {
		return "", false
	}
	switch v := t.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "yes", true
		}
		return "no", true
	case nil:
		return "", true
	case json.Delim:
		if v != '[' {
			return "", false
		}
		var list []string
		for d.More() {
			t, err := d.Token()
			s, ok := t.(string)
			if err != nil || !ok {
				return "", false
			}
			list = append(list, s)
		}
		_, err := d.Token()
		return strings.Join(list, ","), err == nil
	}
	return "", false
}
