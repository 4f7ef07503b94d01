package template

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// An Advice is one thing about an account's templates that a person should know:
// what is about to happen, what has happened, and what can still be done.
type Advice struct {
	Problem     // Rule is empty where no rule speaks of it
	Ref     Ref // Name empty: the account as a whole

	// At is the instant it is about: when it comes about, when something is
	// possible again, or until when it can be objected to. Zero: none is known.
	At time.Time
}

// Advice reports at an instant, by the instant it is about and then by template:
//
//	life-archive-soon           idle for eleven months, or archived already
//	life-category-pending       another category is announced, or came about and can be appealed for 60 days
//	life-quality-low            YELLOW, RED or flagged
//	life-edit-quota             no edit is left
//	life-create-rate            no creation is left this hour
//	life-template-limit         nine tenths of what the account may hold
//	ttl-reset-after-recategory  a time-to-live went with a change of category
//	template-approved           paused, rejected, disabled: why, and what ends it
//	tpl-name-locked-after-delete  until when a name rests
//
// and, which no rule is about, templates that are other than what was submitted
// last ([Shelf.Drift]) or whose words changed since they were read.
func (s *Shelf) Advice(now time.Time) []Advice {
	a := advising{now: now}
	alone := s.parted()
	for i := range s.Definitions {
		d := &s.Definitions[i]
		a.Shelf = alone(d.Ref)
		a.definition(d)
	}
	a.Shelf = s
	a.account()
	slices.SortStableFunc(a.all, func(x, y Advice) int {
		if x.At.IsZero() != y.At.IsZero() { // what has a date first
			if x.At.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Ref.Name, y.Ref.Name), cmp.Compare(x.Ref.Language, y.Ref.Language))
	})
	return a.all
}

type advising struct {
	*Shelf // with the acts of one template while that is looked at
	now    time.Time
	all    []Advice
}

func (a *advising) tell(p Problem, of Ref, at time.Time) {
	a.all = append(a.all, Advice{p, of, at.UTC()})
}

func (a *advising) definition(d *Definition) {
	switch d.Status {
	case Deleted, PendingDeletion:
		return
	case Archived:
		why, at := "the template is in the archive, which Meta empties 28 days after", time.Time{}
		if !d.Since.IsZero() {
			at = d.Since.AddDate(0, 0, deleteDays)
			why = "the template is in the archive since " + date(d.Since) + ", and is deleted on " + date(at)
		}
		a.tell(lifeProblem(archiveSoon, "template", why), d.Ref, at)
		return
	case Paused, Rejected, Disabled, LimitExceeded:
		if p := CheckStatus(d); p != nil {
			p.Severity = policy.Warn // of the template; a send is refused all the same
			at, _ := d.Resumes()
			a.tell(*p, d.Ref, at)
		}
	}
	a.idle(d)
	a.category(d)
	for _, p := range CheckLifecycle(d, a.now) {
		p.Severity = policy.Warn
		at := time.Time{}
		if p.Rule == lifeTable[lifePending].ID {
			at = d.NextAt
		}
		a.tell(p, d.Ref, at)
	}
	if left, next := a.Edits(d.Ref, a.now); left == 0 && is(string(d.Status), string(Approved)) {
		a.tell(lifeProblem(editQuota, "template", "no edit of this approved template is left; the next is possible from "+next.UTC().Format(time.RFC3339)), d.Ref, next)
	}
	a.ttl(d)
	if sub := a.submitted(d.Ref); sub != nil {
		for _, x := range Differences(sub, d) {
			if x.Where != "category" && x.Where != "message_send_ttl_seconds" { // told above
				a.tell(Problem{Severity: policy.Warn, Where: x.Where, Why: "other than what was submitted last: " + x.Why,
					Fix: "find out who changed it in WhatsApp Manager, or take it over into what you submit"}, d.Ref, time.Time{})
			}
		}
	}
	if d.Stale {
		a.tell(Problem{Severity: policy.Note, Where: "template", Why: "its words changed after the definition was read, and only some of them are told",
			Fix: "read it from the Graph API again"}, d.Ref, time.Time{})
	}
}

// idle tells of a template that goes to the archive. Where nothing is known of its
// use, nothing is told.
func (a *advising) idle(d *Definition) {
	var last time.Time
	for i := range a.Acts {
		if act := &a.Acts[i]; act.of(d.Ref) && act.At.After(last) {
			last = act.At
		}
	}
	if t, ok := instantOf(d.Extra["last_updated_time"]); ok && t.After(last) {
		last = t
	}
	if last.IsZero() || a.now.Before(last.AddDate(0, idleMonths, 0)) {
		return
	}
	at := last.AddDate(0, archiveMonths, 0)
	a.tell(lifeProblem(archiveSoon, "template", "as far as is known here nothing has been done with the template since "+date(last)+"; Meta archives it after twelve months, on "+date(at)), d.Ref, at)
}

// category tells of a category Meta chose, and until when it can be appealed.
func (a *advising) category(d *Definition) {
	from, since := d.Was, d.Moved
	how := "Meta moved the template from %s to %s on %s"
	if from == category.Unknown {
		for i := range a.Acts {
			act := &a.Acts[i]
			if act.Kind == Submitted && act.of(d.Ref) && act.Definition != nil {
				from, since = act.Definition.Category, act.At
				how = "the template was submitted as %s, and Meta holds it as %s since %s"
			}
		}
	}
	now := d.CategoryAt(a.now)
	if from == category.Unknown || now == category.Unknown || from == now || since.IsZero() {
		return
	}
	until := since.AddDate(0, 0, appealDays)
	if !a.now.Before(until) || now != category.Marketing {
		return // marketing is what can be objected to
	}
	p := lifeProblem(lifePending, "category", fmt.Sprintf(how+"; a review can be asked for until %s, in Business Support Home", from, now, date(since), date(until)))
	p.Severity = policy.Note
	p.Fix = "ask for the review if the words promote nothing; until then the template is priced, limited and agreed to as " + now.String()
	a.tell(p, d.Ref, until)
}

// ttl tells that a time-to-live of the app's own went with a change of category.
func (a *advising) ttl(d *Definition) {
	if d.Moved.IsZero() {
		return
	}
	lost := 0
	if d.AsOf.Before(d.Moved) {
		lost = d.TTL
	}
	for i := range a.Acts {
		act := &a.Acts[i]
		if act.Definition == nil || !act.of(d.Ref) {
			continue
		}
		if act.At.After(d.Moved) {
			return // set again since, or left away on purpose
		}
		if d.TTL == 0 || d.AsOf.Before(d.Moved) {
			lost = act.Definition.TTL
		}
	}
	if lost != 0 {
		a.tell(lifeProblem(ttlReset, "message_send_ttl_seconds", "the template's own time-to-live of "+strconv.Itoa(lost)+" seconds went with the change of category on "+date(d.Moved)+"; Meta now tries for 30 days, or ten minutes for a code"), d.Ref, d.Moved)
	}
}

func (a *advising) account() {
	of := Ref{Account: a.Account}
	if n, free := a.created(a.now); n >= createsAnHour {
		a.tell(lifeProblem(createRate, "account", fmt.Sprintf("%d templates were created in the last hour, and %d are allowed; the next is possible from %s", n, createsAnHour, free.UTC().Format(time.RFC3339))), of, free)
	}
	if n, limit := a.count(); n*10 >= limit*9 {
		a.tell(lifeProblem(templateLimit, "account", fmt.Sprintf("the account holds %d templates, each language for itself, and %d are allowed", n, limit)), of, time.Time{})
	}
	rests := map[string]time.Time{}
	for _, gone := range a.Deletions() {
		if until := gone.At.AddDate(0, 0, nameLock); a.now.Before(until) && until.After(rests[gone.Name]) {
			rests[gone.Name] = until
		}
	}
	for name, until := range rests {
		row := &lintTable[tplNameLockedAfterDelete]
		a.tell(Problem{Rule: row.ID, Severity: policy.Note, Where: "name", Why: "the template was deleted, and its name rests until " + date(until), Prevents: row.Prevents, Fix: row.Fix},
			Ref{Account: a.Account, Name: name}, until)
	}
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// instantOf reads an instant as the Graph API writes it: seconds since 1970, or
// ISO 8601.
func instantOf(raw json.RawMessage) (time.Time, bool) {
	if n, ok := whole(raw); ok && n > 0 && n <= maxUnix {
		return time.Unix(n, 0).UTC(), true
	}
	word := wordOf(raw)
	for _, form := range [...]string{time.RFC3339, "2006-01-02T15:04:05-0700"} {
		if t, err := time.Parse(form, word); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
