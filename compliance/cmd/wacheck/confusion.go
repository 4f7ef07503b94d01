package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

// confusion reads a catalog (a listing of the Graph API, or drafts with the
// category Meta gave them, one a line), and tells how the predictions compare:
// with -json an outcome a line, else the counts and the shares that matter.
func (e *env) confusion(reader *category.Reader, files []string, asJSON bool) int {
	var c category.Confusion
	code, enc := clean, e.encoder()
	err := e.inputs(files, func(name string, r io.Reader) error {
		content, err := readAll(r)
		if err != nil {
			return err
		}
		s := newSource(name, content)
		for i := range s.items {
			it := &s.items[i]
			o, err := outcomeOf(reader, it)
			if err != nil {
				e.unread(asJSON, enc, s.line(it.from), it.id, err)
				code = failed
				continue
			}
			if o.Decided == category.Unknown {
				continue
			}
			c.Add(o)
			if asJSON {
				_ = enc.Encode(o)
			}
		}
		return nil
	})
	if err != nil {
		return e.fail("%v", err)
	}
	if !asJSON {
		e.printConfusion(&c)
	}
	return code
}

// kept prints what a ledger has kept of Meta's decisions beside the predictions of
// their time: with -json every outcome a line, else one for each template.
func (e *env) kept(ctx context.Context, file, keys, account string, asJSON bool) int {
	db, err := openDB(file, keys)
	if err != nil {
		return e.fail("%v", err)
	}
	defer db.Close()
	all := db.Stores().Outcomes.Outcomes(ctx, account)
	if asJSON {
		enc := e.encoder()
		for o, err := range all {
			if err != nil {
				return e.fail("%v", err)
			}
			_ = enc.Encode(o)
		}
		return clean
	}
	var c category.Confusion
	if err := c.AddLatest(all); err != nil {
		return e.fail("%v", err)
	}
	e.printConfusion(&c)
	return clean
}

func (e *env) printConfusion(c *category.Confusion) {
	if c.Total() == 0 {
		fmt.Fprintln(e.out, "no template with a category")
		return
	}
	sure, right := c.Sure()
	fmt.Fprintf(e.out, "%d templates\n%s\naccuracy %.3f; of those predicted utility %.3f are; of marketing %.3f found; sure of %.3f, and right then %.3f\n",
		c.Total(), c.String(), c.Accuracy(), c.Precision(category.Utility), c.Recall(category.Marketing), sure, right)
}

// outcomeOf reads an item that is a template, or a draft as wacheck category
// takes it.
func outcomeOf(reader *category.Reader, it *item) (category.Outcome, error) {
	if it.err != nil {
		return category.Outcome{}, it.err
	}
	var form struct {
		Components json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(it.raw, &form); err == nil && form.Components == nil {
		in, decided, err := readDraft(it.raw, true)
		if err != nil {
			return category.Outcome{}, err
		}
		name := in.Name
		if name == "" {
			name = in.ID
		}
		got := reader.Read(in.draft())
		return got.Outcome(name, in.Lang, decided, category.Listed, time.Time{}), nil
	}
	d, err := template.ParseDefinition(it.raw)
	if err != nil {
		return category.Outcome{}, err
	}
	got := reader.Read(d.Draft())
	o := got.Outcome(d.Ref.Name, d.Ref.Language, d.Category, category.Listed, time.Time{})
	if d.Next != category.Unknown && d.NextAt.IsZero() {
		o.Declared, o.Decided = d.Category, d.Next // announced: what Meta holds it for
	}
	return o, nil
}
