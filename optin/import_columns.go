package optin

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// columnWords are the names by which columns are known, in lower case with
// underscores.
var columnWords = map[string]string{
	"id": "id", "external_id": "id", "record_id": "id", "event_id": "id",
	"phone": "phone", "phone_number": "phone", "mobile": "phone", "mobile_number": "phone", "mobile_no": "phone", "msisdn": "phone",
	"tel": "phone", "telephone": "phone", "cell": "phone", "whatsapp_number": "phone", "e164": "phone", "number": "phone",
	"wa_id": "wa_id", "waid": "wa_id", "whatsapp_id": "wa_id",
	"user": "user", "user_id": "user", "bsuid": "user",
	"parent": "parent", "parent_user_id": "parent", "parent_bsuid": "parent",
	"agreed": "agreed", "opt_in": "agreed", "optin": "agreed", "opted_in": "agreed", "consent": "agreed", "consented": "agreed", "subscribed": "agreed",
	"stopped": "stopped", "opt_out": "stopped", "optout": "stopped", "opted_out": "stopped", "unsubscribed": "stopped",
	"purposes": "purposes", "purpose": "purposes", "category": "purposes", "categories": "purposes", "topic": "purposes", "topics": "purposes",
	"source": "source", "opt_in_source": "source", "optin_source": "source", "consent_source": "source", "opt_in_method": "source",
	"wording": "wording", "consent_text": "wording", "consent_wording": "wording", "opt_in_text": "wording", "statement": "wording",
	"version": "version", "wording_version": "version", "consent_version": "version",
	"locale": "locale", "language": "locale", "lang": "locale",
	"business_name": "business_name", "business": "business_name", "brand": "business_name",
	"given": "given", "number_given": "given", "phone_source": "given",
	"act": "act", "affirmative_act": "act",
	"surface": "surface", "page": "surface", "form": "surface", "opt_in_url": "surface", "landing_page": "surface", "campaign": "surface",
	"proof": "proof", "proof_ref": "proof", "evidence": "proof", "evidence_ref": "proof", "proof_url": "proof",
	"country": "country", "country_code": "country",
	"age_ok": "age_ok", "age_verified": "age_ok", "of_age": "age_ok", "adult": "age_ok",
	"expires": "expires", "expires_at": "expires", "expiry": "expires", "valid_until": "expires",
	"actor": "actor", "recorded_by": "actor", "operator": "actor",
	"at": "at", "timestamp": "at",
}

// Names of the time of an opt-in, of an opt-out, and what only one of the two
// lists has.
var (
	optInWords = map[string]string{
		"opt_in_date": "at", "optin_date": "at", "opt_in_at": "at", "opted_in_at": "at", "opt_in_time": "at", "opt_in_timestamp": "at",
		"consent_date": "at", "consent_at": "at", "consent_time": "at", "consent_timestamp": "at", "granted_at": "at", "subscribed_at": "at", "signup_date": "at",
		"opted_out_at": "stopped", "opt_out_date": "stopped", "optout_date": "stopped", "opt_out_at": "stopped", "unsubscribed_at": "stopped",
	}
	optOutWords = map[string]string{
		"opted_out_at": "at", "opt_out_date": "at", "optout_date": "at", "opt_out_at": "at", "opt_out_time": "at", "opt_out_timestamp": "at",
		"unsubscribed_at": "at", "unsubscribe_date": "at", "revoked_at": "at", "stopped_at": "at",
		"channel": "channel", "opt_out_channel": "channel", "opt_out_source": "channel",
		"ref": "ref", "wamid": "ref", "message_id": "ref",
	}
)

// columns knows which field of a draft a column fills.
type columns struct {
	draft    *Draft
	kind     ImportKind
	explicit map[string]string // from Map: column in plain form to field
	strict   bool
	found    map[string]*column // by name as in the list
	names    map[string]string  // field to column
	order    []string           // of found
	given    []fallback
	asks     bool // a column says whether people agreed
}

// A column is one that was met; without a place it is left out.
type column struct {
	name, field string
	place       *string
	left        bool // left out by Map, and not for want of a field
}

type fallback struct {
	place *string
	value string
}

// plainName is a column's name in the form of the words above.
func plainName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.Trim(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '.', '/':
			return '_'
		}
		return r
	}, s), "_")
}

func newColumns(d *Draft, o *ImportOptions) (columns, error) {
	c := columns{draft: d, kind: o.Kind, strict: o.Strict, explicit: map[string]string{}, found: map[string]*column{}, names: map[string]string{}}
	for name, field := range o.Map {
		if field != "" && d.field(field) == nil {
			return c, fmt.Errorf("optin: import: column %q is mapped to %q, which is no field", clip(name), clip(field))
		}
		c.explicit[plainName(name)] = field
	}
	for _, f := range draftFields {
		if v := *f.of(&o.Defaults); v != "" {
			c.given = append(c.given, fallback{f.of(d), v})
		}
	}
	maps.Copy(c.names, o.Names)
	return c, nil
}

// defaults fills in what a row leaves empty.
func (c *columns) defaults(*Draft, *Draft) {
	for _, f := range c.given {
		if strings.TrimSpace(*f.place) == "" {
			*f.place = f.value
		}
	}
}

// column finds out what a column is. The error is of one that cannot be there.
func (c *columns) column(name string) (*column, error) {
	if col := c.found[name]; col != nil {
		return col, nil
	}
	if len(c.found) >= maxColumns {
		return nil, fmt.Errorf("more than %d columns", maxColumns)
	}
	plain := plainName(name)
	field, said := c.explicit[plain]
	col := &column{name: strings.Clone(name), left: said && field == ""}
	if !said {
		if c.kind == OptIns {
			field = optInWords[plain]
		} else {
			field = optOutWords[plain]
		}
		if field == "" {
			field = columnWords[plain]
		}
		if field == "" && c.draft.field(plain) != nil {
			field = plain
		}
		// A column that was named for a field leaves no room for a guess.
		if field != "" && c.taken(field) {
			field = ""
		}
	}
	if field != "" {
		col.field, col.place = field, c.draft.field(field)
		c.asks = c.asks || field == "agreed"
	} else if c.strict && !col.left {
		return nil, fmt.Errorf("column %q is no field", clip(name))
	}
	c.found[col.name] = col
	c.order = append(c.order, col.name)
	if _, named := c.names[field]; field != "" && !named {
		c.names[field] = clip(col.name)
	}
	return col, nil
}

// taken reports whether Map gives a field to some column.
func (c *columns) taken(field string) bool {
	for _, f := range c.explicit {
		if f == field {
			return true
		}
	}
	return false
}

// has reports whether a field comes from a column or a default.
func (c *columns) has(field string) bool {
	place := c.draft.field(field)
	for _, col := range c.found {
		if col.place == place {
			return true
		}
	}
	return slices.ContainsFunc(c.given, func(f fallback) bool { return f.place == place })
}

// complete checks that a header names what no row can do without.
func (c *columns) complete() error {
	for name := range c.explicit {
		if !slices.ContainsFunc(c.order, func(s string) bool { return plainName(s) == name }) {
			return fmt.Errorf("column %q is mapped and not there", clip(name))
		}
	}
	if !c.has("phone") && !c.has("wa_id") && !c.has("user") && !c.has("parent") {
		return errors.New("no column names a person: phone, msisdn, wa_id, user, …; map one with Map")
	}
	if c.kind == OptIns && !c.has("at") {
		return errors.New("no column says when people agreed: opt_in_date, consent_date, …; map one with Map")
	}
	return nil
}

// told lists columns with their fields, and those that are none.
func (c *columns) told() (fields map[string]string, ignored []string) {
	fields = map[string]string{}
	for _, name := range c.order {
		if col := c.found[name]; col.place != nil {
			fields[clip(name)] = col.field
		} else if !col.left {
			ignored = append(ignored, clip(name))
		}
	}
	return fields, ignored
}

// clip keeps a name in a message short. A list without a header has people's
// data where names belong, and that is not told.
func clip(s string) string {
	digits := 0
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits >= 6 || strings.Contains(s, "@") {
		return "(looks like data and no name)"
	}
	if len(s) > 64 {
		return strings.ToValidUTF8(s[:64], "") + "…"
	}
	return s
}
