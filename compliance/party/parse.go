package party

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// An Error lists everything that is wrong with a Party. Its members are of type
// *[PhoneError] and *[UserError], reachable with errors.As.
type Error struct{ Problems []error }

func (e *Error) Error() string {
	ss := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		ss[i] = strings.TrimPrefix(p.Error(), "party: ")
	}
	return "party: " + strings.Join(ss, "; ")
}

// Unwrap returns the problems.
func (e *Error) Unwrap() []error { return e.Problems }

// ErrNobody is the error of a party without any handle.
var ErrNobody = errors.New("party: nobody is named: a phone, a user or a parent is needed")

// New makes a Party of what is known; an empty string is a handle that is not
// known. The phone is read by [ParsePhone], the BSUIDs by [ParseUser] and
// [ParseParent]. Whatever is wrong comes in one *[Error], together with the zero
// Party: a person of whom only some handles could be read is nobody to send to.
func New(phone, user, parent string) (Party, error) {
	p, err := read(phone, user, parent)
	if err == nil && p.IsZero() {
		return p, &Error{[]error{ErrNobody}}
	}
	return p, err
}

func read(phone, user, parent string) (Party, error) {
	var p Party
	var problems []error
	note := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	var err error
	if phone != "" {
		p.Phone, err = ParsePhone(phone)
		note(err)
	}
	if user != "" {
		p.User, err = ParseUser(user)
		note(err)
	}
	if parent != "" {
		p.Parent, err = ParseParent(parent)
		note(err)
	}
	if problems != nil {
		return Party{}, &Error{problems}
	}
	return p, nil
}

// maxJSON bounds the JSON form of a Party, in bytes.
const maxJSON = 4 << 10

// UnmarshalJSON reads {"phone","user","parent"} strictly: other members, a
// member twice, and values that are no strings or do not parse are errors, and
// then p stays as it was. Values become canonical. {} is the zero Party, nobody,
// as the zero Party is written; [Party.IsZero] tells.
func (p *Party) UnmarshalJSON(b []byte) error {
	if len(b) > maxJSON {
		return fmt.Errorf("party: %d bytes of JSON are more than %d", len(b), maxJSON)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	t, err := d.Token()
	if err != nil {
		return fmt.Errorf("party: %w", unexpectedEnd(err))
	}
	if t == nil {
		return nil // null changes nothing, as everywhere in encoding/json
	}
	if t != json.Delim('{') {
		return errors.New(`party: no object like {"phone":"+…","user":"CC.…","parent":"CC.ENT.…"}`)
	}
	got := map[string]string{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fmt.Errorf("party: %w", unexpectedEnd(err))
		}
		name, _ := t.(string)
		switch name {
		case Phone, User, Parent:
		default:
			return errors.New("party: a member other than phone, user and parent")
		}
		if _, twice := got[name]; twice {
			return fmt.Errorf("party: %s is there twice", name)
		}
		if t, err = d.Token(); err != nil {
			return fmt.Errorf("party: %w", unexpectedEnd(err))
		}
		v, ok := t.(string)
		switch {
		case !ok:
			return fmt.Errorf("party: %s is no string", name)
		case v == "":
			return fmt.Errorf("party: %s is empty: leave out what is not known", name)
		}
		got[name] = v
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("party: %w", unexpectedEnd(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("party: something follows the JSON object")
	}
	q, err := read(got[Phone], got[User], got[Parent])
	if err != nil {
		return err
	}
	*p = q
	return nil
}

func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
