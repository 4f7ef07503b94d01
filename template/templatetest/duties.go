package templatetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

const account = "100200300400500"

var ref = template.Ref{Account: account, Name: "order_shipped", Language: "en_US"}

// hour is an instant h hours into the story the duties tell.
func hour(h int) time.Time { return time.Date(2026, 11, 20, h, 0, 0, 0, time.UTC) }

func definition() template.Definition {
	d, err := template.ParseDefinition([]byte(`{
		"id": "550011223344", "name": "order_shipped", "language": "en_US",
		"status": "APPROVED", "category": "UTILITY", "parameter_format": "NAMED",
		"message_send_ttl_seconds": 3600, "sub_category": "ORDER_STATUS",
		"quality_score": {"score": "GREEN", "date": 1763596800},
		"components": [
			{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["handle"]}},
			{"type": "BODY", "text": "Hello {{first_name}}, it left today.", "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Asha"}]}},
			{"type": "BUTTONS", "buttons": [
				{"type": "URL", "text": "Track", "url": "https://shop.example.com/t/{{1}}", "example": ["42"]},
				{"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+12025550123"}]},
			{"type": "CAROUSEL", "cards": [{"components": [{"type": "BODY", "text": "One"}]}]}]}`))
	if err != nil {
		panic(err) // the text stands just above
	}
	d.Ref.Account = account
	return d
}

func change(id string, h int) template.Change {
	return template.Change{ID: id, Ref: ref, Template: "550011223344", At: hour(h)}
}

func status(id string, h int, s template.Status) template.Change {
	c := change(id, h)
	c.Status = s
	return c
}

// found looks a template up that must be there.
func found(ctx context.Context, c template.Catalog, r template.Ref) (template.Definition, error) {
	d, ok, err := c.Find(ctx, r)
	if err != nil {
		return d, fmt.Errorf("looking %s/%s up: %w", r.Name, r.Language, err)
	}
	if !ok {
		return d, fmt.Errorf("nothing found for %s/%s", r.Name, r.Language)
	}
	return d, nil
}

// expect looks a template up and compares one thing about it.
func expect[T comparable](ctx context.Context, c template.Catalog, what string, get func(template.Definition) T, want T) error {
	d, err := found(ctx, c, ref)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if got := get(d); got != want {
		return fmt.Errorf("%s: got %v, want %v", what, got, want)
	}
	return nil
}

func statusOf(d template.Definition) template.Status     { return d.Status }
func categoryOf(d template.Definition) category.Category { return d.Category }
func nextOf(d template.Definition) category.Category     { return d.Next }

// first returns the first error of steps run in order.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func whole(ctx context.Context, open func() template.Catalog) error {
	c, want := open(), definition()
	want.Next, want.NextAt = category.Marketing, hour(20)
	want.Reason = "NONE"
	if err := c.Put(ctx, hour(1), want); err != nil {
		return err
	}
	got, err := found(ctx, c, ref)
	if err != nil {
		return err
	}
	want.AsOf = hour(1)
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("came back other than it was put (-put +found):\n%s", diff)
	}
	return nil
}

func unknown(ctx context.Context, open func() template.Catalog) error {
	c := open()
	if err := c.Put(ctx, hour(1), definition()); err != nil {
		return err
	}
	for _, r := range []template.Ref{
		{Account: account, Name: "other", Language: "en_US"},
		{Account: account, Name: "ORDER_SHIPPED", Language: "en_US"},
		{},
	} {
		if _, ok, err := c.Find(ctx, r); ok || err != nil {
			return fmt.Errorf("Find(%q): found=%v, err=%v, want false and nil", r.Name, ok, err)
		}
	}
	return nil
}

func younger(ctx context.Context, open func() template.Catalog) error {
	old, young := definition(), definition()
	old.Components = old.Components[:1]
	old.Category, old.Status = category.Marketing, template.Pending
	for _, oldFirst := range []bool{true, false} {
		c := open()
		steps := []func() error{
			func() error { return c.Put(ctx, hour(1), old) },
			func() error { return c.Put(ctx, hour(2), young) },
		}
		if !oldFirst {
			steps[0], steps[1] = steps[1], steps[0]
		}
		if err := first(steps...); err != nil {
			return err
		}
		got, err := found(ctx, c, ref)
		if err != nil {
			return err
		}
		if len(got.Components) != len(young.Components) || got.Status != young.Status || got.Category != young.Category {
			return fmt.Errorf("with the older put first=%v, the older one is found", oldFirst)
		}
	}
	return nil
}

// permutations calls fn with every order of 0 … n-1.
func permutations(n int, fn func([]int) error) error {
	order := make([]int, 0, n)
	used := make([]bool, n)
	var walk func() error
	walk = func() error {
		if len(order) == n {
			return fn(order)
		}
		for i := range n {
			if !used[i] {
				used[i], order = true, append(order, i)
				if err := walk(); err != nil {
					return err
				}
				used[i], order = false, order[:len(order)-1]
			}
		}
		return nil
	}
	return walk()
}

func order(ctx context.Context, open func() template.Catalog) error {
	paused := status("a", 2, template.Paused)
	approved := status("b", 4, template.Approved)
	approved.Quality = "YELLOW"
	red := change("c", 3)
	red.Quality = "RED"
	moved := change("d", 5)
	moved.Category = category.Marketing
	all := []template.Change{paused, approved, red, moved}
	// One place in the order is the definition's own: it is older than all.
	return permutations(len(all)+1, func(o []int) error {
		c := open()
		for _, i := range o {
			var err error
			if i == len(all) {
				err = c.Put(ctx, hour(1), definition())
			} else {
				err = c.Apply(ctx, all[i])
			}
			if err != nil {
				return err
			}
		}
		return first(
			func() error {
				return expect(ctx, c, fmt.Sprintf("status after order %v", o), statusOf, template.Approved)
			},
			func() error {
				return expect(ctx, c, fmt.Sprintf("category after order %v", o), categoryOf, category.Marketing)
			},
			func() error {
				return expect(ctx, c, fmt.Sprintf("quality after order %v", o), func(d template.Definition) string { return d.Quality }, "YELLOW")
			},
		)
	})
}

func repeats(ctx context.Context, open func() template.Catalog) error {
	c := open()
	paused := status("a", 2, template.Paused)
	return first(
		func() error { return c.Put(ctx, hour(1), definition()) },
		func() error { return c.Apply(ctx, paused, paused) },
		func() error { return expect(ctx, c, "told twice at once", statusOf, template.Paused) },
		func() error { return c.Apply(ctx, status("b", 3, template.Approved)) },
		func() error { return c.Apply(ctx, paused) },
		func() error { return expect(ctx, c, "an old repeat", statusOf, template.Approved) },
	)
}

func addressed(ctx context.Context, open func() template.Catalog) error {
	byID := status("a", 2, template.Paused)
	byID.Ref = template.Ref{}
	byName := status("b", 3, template.Disabled)
	byName.Template = ""
	elsewhere := status("c", 4, template.Approved)
	elsewhere.Template, elsewhere.Ref.Account = "", "999888777666555"
	c := open()
	return first(
		func() error { return c.Put(ctx, hour(1), definition()) },
		func() error { return c.Apply(ctx, byID) },
		func() error { return expect(ctx, c, "news by template id", statusOf, template.Paused) },
		func() error { return c.Apply(ctx, byName) },
		func() error { return expect(ctx, c, "news by name and language", statusOf, template.Disabled) },
		func() error { return c.Apply(ctx, elsewhere) },
		func() error { return expect(ctx, c, "news of another account", statusOf, template.Disabled) },
	)
}

func early(ctx context.Context, open func() template.Catalog) error {
	byID := status("a", 3, template.Paused)
	byID.Ref = template.Ref{}
	byName := status("a", 3, template.Paused)
	byName.Template = ""
	for what, news := range map[string]template.Change{"by id": byID, "by name": byName, "by both": status("a", 3, template.Paused)} {
		c := open()
		err := first(
			func() error { return c.Apply(ctx, news) },
			func() error {
				if _, ok, err := c.Find(ctx, ref); ok || err != nil {
					return fmt.Errorf("news alone made a template: found=%v, err=%v", ok, err)
				}
				return nil
			},
			func() error { return c.Put(ctx, hour(2), definition()) },
			func() error { return expect(ctx, c, "an older definition", statusOf, template.Paused) },
			func() error { return c.Put(ctx, hour(4), definition()) },
			func() error { return expect(ctx, c, "a younger definition", statusOf, template.Approved) },
		)
		if err != nil {
			return fmt.Errorf("news %s: %w", what, err)
		}
	}
	return nil
}

func announced(ctx context.Context, open func() template.Catalog) error {
	notice := change("a", 2)
	notice.Category, notice.Next, notice.NextAt = category.Utility, category.Marketing, hour(20)
	other := status("b", 3, template.Approved)
	other.Category = category.Utility // a status webhook repeats the category
	done := change("c", 21)
	done.Category = category.Marketing
	c := open()
	err := first(
		func() error { return c.Put(ctx, hour(1), definition()) },
		func() error { return c.Apply(ctx, notice, other) },
		func() error { return c.Put(ctx, hour(4), definition()) },
	)
	if err != nil {
		return err
	}
	d, err := found(ctx, c, ref)
	switch {
	case err != nil:
		return err
	case d.Category != category.Utility:
		return fmt.Errorf("the notice changed the category at once, to %v", d.Category)
	case d.Next != category.Marketing || !d.NextAt.Equal(hour(20)):
		return fmt.Errorf("after the notice: next is %v at %v, want MARKETING at %v", d.Next, d.NextAt, hour(20))
	case d.CategoryAt(hour(19)) != category.Utility || d.CategoryAt(hour(20)) != category.Marketing:
		return errors.New("the announced category does not count from its instant")
	}
	return first(
		func() error { return c.Apply(ctx, done) },
		func() error { return expect(ctx, c, "category when done", categoryOf, category.Marketing) },
		func() error { return expect(ctx, c, "announcement when done", nextOf, category.Unknown) },
		func() error { return c.Apply(ctx, notice) },
		func() error { return expect(ctx, c, "announcement told again", nextOf, category.Unknown) },
	)
}

func empty(ctx context.Context, open func() template.Catalog) error {
	c := open()
	if err := first(
		func() error { return c.Put(ctx, hour(1), definition()) },
		func() error { return c.Apply(ctx, change("a", 2)) },
	); err != nil {
		return err
	}
	got, err := found(ctx, c, ref)
	if err != nil {
		return err
	}
	want := definition()
	want.AsOf = hour(1)
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("a change that says nothing changed something:\n%s", diff)
	}
	return nil
}

func successor(ctx context.Context, open func() template.Catalog) error {
	heir := definition()
	heir.ID = "550011223399"
	deleted := status("a", 3, template.Deleted) // names the old id, and the name both had
	for _, late := range []bool{false, true} {
		c := open()
		steps := []func() error{
			func() error { return c.Put(ctx, hour(1), definition()) },
			func() error { return c.Apply(ctx, deleted) },
			func() error { return c.Put(ctx, hour(2), heir) },
		}
		if late {
			steps[1], steps[2] = steps[2], steps[1]
		}
		if err := first(append(steps, func() error {
			return expect(ctx, c, "news about the id that went before", statusOf, template.Approved)
		})...); err != nil {
			return err
		}
	}
	return nil
}

func languages(ctx context.Context, open func() template.Catalog) error {
	c := open()
	hyphen := definition()
	hyphen.Ref.Language = "en-US"
	if err := c.Put(ctx, hour(1), hyphen); err != nil {
		return err
	}
	for _, language := range []string{"en_US", "en-US"} {
		d, err := found(ctx, c, template.Ref{Account: account, Name: ref.Name, Language: language})
		if err != nil {
			return err
		}
		if d.Ref.Language != "en_US" {
			return fmt.Errorf("found as %q, want the underscore form", d.Ref.Language)
		}
	}
	for _, language := range []string{"en", "en_GB", "de", ""} {
		if _, ok, err := c.Find(ctx, template.Ref{Account: account, Name: ref.Name, Language: language}); ok || err != nil {
			return fmt.Errorf("language %q: found=%v, err=%v, want false and nil", language, ok, err)
		}
	}
	paused := status("a", 2, template.Paused)
	paused.Template, paused.Ref.Language = "", "en-US"
	return first(
		func() error { return c.Apply(ctx, paused) },
		func() error { return expect(ctx, c, "news in hyphen form", statusOf, template.Paused) },
	)
}

func accounts(ctx context.Context, open func() template.Catalog) error {
	c := open()
	nowhere := template.Ref{Name: ref.Name, Language: ref.Language}
	other := definition()
	other.ID, other.Ref.Account, other.Status = "550011223355", "999888777666555", template.Paused
	if err := c.Put(ctx, hour(1), definition()); err != nil {
		return err
	}
	if _, err := found(ctx, c, nowhere); err != nil {
		return fmt.Errorf("one account has it, none was given: %w", err)
	}
	if _, ok, err := c.Find(ctx, other.Ref); ok || err != nil {
		return fmt.Errorf("another account's template was found: found=%v, err=%v", ok, err)
	}
	if err := c.Put(ctx, hour(1), other); err != nil {
		return err
	}
	if _, ok, err := c.Find(ctx, nowhere); ok || !errors.Is(err, template.ErrAmbiguous) {
		return fmt.Errorf("two accounts have it, none was given: found=%v, err=%v, want ErrAmbiguous", ok, err)
	}
	if d, err := found(ctx, c, other.Ref); err != nil {
		return err
	} else if d.Status != template.Paused {
		return fmt.Errorf("the second account's template: status %v, want %v", d.Status, template.Paused)
	}
	if err := expect(ctx, c, "the first account's template", statusOf, template.Approved); err != nil {
		return err
	}
	c = open()
	loose := definition()
	loose.Ref.Account = ""
	return first(
		func() error { return c.Put(ctx, hour(1), loose) },
		func() error { return expect(ctx, c, "put without an account", statusOf, template.Approved) },
		func() error { return c.Put(ctx, hour(1), other) },
		func() error {
			return expect(ctx, c, "put without an account, beside another", statusOf, template.Approved)
		},
	)
}

func atomic(ctx context.Context, open func() template.Catalog) error {
	nameless, speechless := definition(), definition()
	nameless.Ref.Name = ""
	speechless.Ref.Language = ""
	c := open()
	for what, err := range map[string]error{
		"a definition without a name":        c.Put(ctx, hour(1), definition(), nameless),
		"a definition without a language":    c.Put(ctx, hour(1), definition(), speechless),
		"definitions without an instant":     c.Put(ctx, time.Time{}, definition()),
		"a change that names no template":    c.Apply(ctx, template.Change{ID: "x", At: hour(2), Status: template.Paused}),
		"a change without an instant":        c.Apply(ctx, template.Change{ID: "x", Ref: ref, Status: template.Paused}),
		"a change without a language":        c.Apply(ctx, template.Change{ID: "x", Ref: template.Ref{Account: account, Name: ref.Name}, At: hour(2)}),
		"a bad change after one that is not": c.Apply(ctx, status("a", 2, template.Paused), template.Change{ID: "x", At: hour(2)}),
	} {
		if err == nil {
			return fmt.Errorf("%s was taken", what)
		}
	}
	if _, ok, err := c.Find(ctx, ref); ok || err != nil {
		return fmt.Errorf("half of a refused Put stayed: found=%v, err=%v", ok, err)
	}
	return first(
		func() error { return c.Put(ctx, hour(1), definition()) },
		func() error { return expect(ctx, c, "half of a refused Apply", statusOf, template.Approved) },
	)
}

func cancelled(ctx context.Context, open func() template.Catalog) error {
	c := open()
	if err := c.Put(ctx, hour(1), definition()); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, ok, find := c.Find(gone, ref)
	if ok {
		return errors.New("a cancelled context was answered")
	}
	for call, err := range map[string]error{
		"Find":  find,
		"Put":   c.Put(gone, hour(2), definition()),
		"Apply": c.Apply(gone, status("a", 2, template.Paused)),
	} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s under a cancelled context: %v, want context.Canceled", call, err)
		}
	}
	return expect(ctx, c, "a cancelled Apply", statusOf, template.Approved)
}

func copies(ctx context.Context, open func() template.Catalog) error {
	c, d := open(), definition()
	if err := c.Put(ctx, hour(1), d); err != nil {
		return err
	}
	d.Components[1].Text = "changed"
	d.Components[2].Buttons[0].URL = "changed"
	d.Components[3].Cards[0].Components[0].Text = "changed"
	d.Components[1].Extra["example"][0] = '['
	d.Extra["sub_category"] = nil
	got, err := found(ctx, c, ref)
	if err != nil {
		return err
	}
	want := definition()
	want.AsOf = hour(1)
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("what the caller wrote after Put shows in the catalog:\n%s", diff)
	}
	return nil
}

func concurrent(ctx context.Context, open func() template.Catalog) error {
	c := open()
	if err := c.Put(ctx, hour(1), definition()); err != nil {
		return err
	}
	const writers, each = 4, 25
	errs := make(chan error, 3*writers)
	var wait sync.WaitGroup
	for w := range writers {
		run := func(fn func(i int) error) {
			wait.Go(func() {
				for i := range each {
					if err := fn(i); err != nil {
						errs <- err
						return
					}
				}
			})
		}
		run(func(i int) error {
			s := status(fmt.Sprintf("%d-%d", w, i), 2, template.Paused)
			s.At = s.At.Add(time.Duration(w*each+i) * time.Second)
			if w*each+i == writers*each-1 {
				s.Status = template.Disabled // the youngest of all
			}
			return c.Apply(ctx, s)
		})
		run(func(i int) error {
			d := definition()
			d.ID, d.Ref.Name = fmt.Sprintf("%d%d", w, i), fmt.Sprintf("other_%d_%d", w, i)
			return c.Put(ctx, hour(1), d)
		})
		run(func(int) error {
			_, err := found(ctx, c, ref)
			return err
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		return fmt.Errorf("under concurrent use: %w", err)
	}
	if err := expect(ctx, c, "after concurrent news", statusOf, template.Disabled); err != nil {
		return err
	}
	for w := range writers {
		for i := range each {
			r := template.Ref{Account: account, Name: fmt.Sprintf("other_%d_%d", w, i), Language: ref.Language}
			if _, err := found(ctx, c, r); err != nil {
				return fmt.Errorf("lost under concurrent use: %w", err)
			}
		}
	}
	return nil
}

// list collects a listing.
func list(ctx context.Context, c template.Catalog, account string) (all []template.Definition, err error) {
	for d, err := range c.Definitions(ctx, account) {
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func listing(ctx context.Context, open func() template.Catalog) error {
	c := open()
	if all, err := list(ctx, c, ""); err != nil || len(all) > 0 {
		return fmt.Errorf("an empty catalog lists %d templates, err=%v", len(all), err)
	}
	first, second, other, loose := definition(), definition(), definition(), definition()
	second.ID, second.Ref.Name = "550011223366", "a_name_before"
	other.ID, other.Ref.Account = "550011223355", "999888777666555"
	loose.ID, loose.Ref.Account, loose.Ref.Language = "550011223377", "", "de"
	shadowed := definition()
	shadowed.ID, shadowed.Ref.Account = "", ""
	if err := c.Put(ctx, hour(1), first, second, other, loose, shadowed); err != nil {
		return err
	}
	if err := c.Apply(ctx, status("a", 2, template.Paused)); err != nil {
		return err
	}
	for account, want := range map[string][]template.Ref{
		account: {loose.Ref, second.Ref, first.Ref},
		"1":     {loose.Ref, shadowed.Ref},
		"":      {loose.Ref, shadowed.Ref, second.Ref, first.Ref, other.Ref},
	} {
		all, err := list(ctx, c, account)
		if err != nil {
			return err
		}
		var refs []template.Ref
		for _, d := range all {
			refs = append(refs, d.Ref)
			if d.Ref.Account == "" {
				continue
			}
			now, err := found(ctx, c, d.Ref)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(now, d); diff != "" {
				return fmt.Errorf("listed other than it is found (-found +listed):\n%s", diff)
			}
		}
		if diff := cmp.Diff(want, refs); diff != "" {
			return fmt.Errorf("the listing of account %q (-want +got):\n%s", account, diff)
		}
	}
	for range c.Definitions(ctx, "") {
		break // and nothing is held up:
	}
	if err := c.Put(ctx, hour(2), second); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := list(gone, c, ""); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("calling Definitions under a cancelled context: %v, want context.Canceled", err)
	}
	return nil
}

func reworded(ctx context.Context, open func() template.Catalog) error {
	told := change("w", 3)
	told.Words = &template.Words{Body: "Hello {{first_name}}, it leaves tomorrow.", Footer: "The shop",
		Buttons: []template.Button{{Type: "URL", Text: "Follow", URL: "https://shop.example.com/f/{{1}}"}, {Type: "PHONE_NUMBER", Text: "Ring", Phone: "+12025550124"}}}
	body := func(d template.Definition) string { return d.Components[1].Text }
	for _, late := range []bool{false, true} {
		c := open()
		steps := []func() error{
			func() error { return c.Put(ctx, hour(1), definition()) },
			func() error { return c.Apply(ctx, told) },
		}
		if late {
			steps[0], steps[1] = steps[1], steps[0]
		}
		if err := first(append(steps,
			func() error { return expect(ctx, c, "the body told", body, told.Words.Body) },
			func() error {
				return expect(ctx, c, "the address told", func(d template.Definition) string { return d.Components[2].Buttons[0].URL }, told.Words.Buttons[0].URL)
			},
			func() error {
				return expect(ctx, c, "a footer where there was none", func(d template.Definition) string { return d.Components[len(d.Components)-1].Text }, "The shop")
			},
			func() error {
				return expect(ctx, c, "the example stays", func(d template.Definition) bool { return len(d.Components[1].Extra) > 0 }, true)
			},
			func() error {
				return expect(ctx, c, "stale", func(d template.Definition) bool { return d.Stale }, true)
			},
			func() error { return c.Put(ctx, hour(4), definition()) },
			func() error {
				return expect(ctx, c, "fetched again", func(d template.Definition) bool { return d.Stale }, false)
			},
			func() error {
				return expect(ctx, c, "a younger definition's body", body, definition().Components[1].Text)
			},
		)...); err != nil {
			return err
		}
	}
	return nil
}

func since(ctx context.Context, open func() template.Catalog) error {
	paused := status("p", 2, template.Paused)
	paused.Notice = "FIRST_PAUSE"
	moved := change("m", 3)
	moved.Was, moved.Category = category.Utility, category.Marketing
	later := definition()
	later.Status, later.Category = template.Paused, category.Marketing
	at := func(d template.Definition) time.Time { return d.Since }
	return permutations(4, func(o []int) error {
		c := open()
		steps := []func() error{
			func() error { return c.Put(ctx, hour(1), definition()) },
			func() error { return c.Apply(ctx, paused) },
			func() error { return c.Apply(ctx, moved) },
			func() error { return c.Put(ctx, hour(5), later) },
		}
		for _, i := range o {
			if err := steps[i](); err != nil {
				return err
			}
		}
		return first(
			func() error { return expect(ctx, c, fmt.Sprintf("since when, after order %v", o), at, hour(2)) },
			func() error {
				return expect(ctx, c, "the word beside it", func(d template.Definition) string { return d.Notice }, "FIRST_PAUSE")
			},
			func() error {
				return expect(ctx, c, "the category before", func(d template.Definition) category.Category { return d.Was }, category.Utility)
			},
			func() error {
				return expect(ctx, c, "when it changed", func(d template.Definition) time.Time { return d.Moved }, hour(3))
			},
			func() error { return c.Apply(ctx, status("q", 6, template.Approved)) },
			func() error { return expect(ctx, c, "the next status", at, hour(6)) },
		)
	})
}
