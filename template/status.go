package template

import (
	"strings"
	"time"

	"github.com/waguard/waguard/category"
)

// CheckStatus reports why a template cannot be sent because of its status; nil
// when it can. Only APPROVED can; a status nobody has told is no approval.
func CheckStatus(d *Definition) *Problem {
	why, fix := "", "send an approved template instead"
	switch Status(strings.ToUpper(string(d.Status))) {
	case Approved:
		return nil
	case "":
		why, fix = "nobody has told its status", "read the template from the Graph API with its status and put it into the catalog"
	case Pending:
		why, fix = "Meta is still reviewing it, which takes up to 24 hours", "wait for the approval, or send an approved template"
	case Rejected:
		why, fix = "Meta's review rejected it", "edit and resubmit it, or appeal; until then send an approved template"
	case Paused:
		why, fix = d.pauseOf()
	case Disabled:
		why, fix = "Meta disabled it after repeated low quality", "send another template; this one comes back only by edit and review, if at all"
	case InAppeal:
		why, fix = "its rejection is under appeal", "wait for the outcome, or send an approved template"
	case PendingDeletion:
		why, fix = "it is being deleted and takes no new sends", "send another template; the name stays locked for 30 days"
	case Deleted:
		why, fix = "it was deleted", "send another template; the name stays locked for 30 days"
	case Archived:
		why, fix = "it was archived after twelve months without use", "unarchive it within 28 days of archiving, before Meta deletes it"
		if !d.Since.IsZero() {
			fix = "unarchive it before " + date(d.Since.AddDate(0, 0, deleteDays)) + ", when Meta deletes it"
		}
	case LimitExceeded:
		why, fix = "the account is at its limit of templates", "delete templates nobody uses, then submit it again"
	default:
		why = "its status is none that can be sent"
	}
	if word := d.Reason; word != "" && word != "NONE" && plain(word) {
		why += " (reason " + word + ")"
	}
	return &Problem{Rule: table[approved].ID, Where: "template", Why: "the template is not approved: " + why, Fix: fix, Prevents: codeOf(d.Status)}
}

// codeOf is what Meta answers to a send with a template of a status (error codes,
// 2026-09-11).
func codeOf(s Status) string {
	switch {
	case is(string(s), string(Paused)):
		return "132015"
	case is(string(s), string(Disabled)):
		return "132016"
	}
	return "132001"
}

// How long Meta pauses a template for low quality: the first time, the second
// time (template pausing, 2025-10-22). A third time it is disabled.
const (
	firstPause  = 3 * time.Hour
	secondPause = 6 * time.Hour
)

// Resumes is when a pause for quality ends by itself, as far as Meta said when
// it began and that it is such a pause. One for pacing ends only by a call of
// unpause, or in WhatsApp Manager.
func (d *Definition) Resumes() (at time.Time, ok bool) {
	if !is(string(d.Status), string(Paused)) || d.Since.IsZero() {
		return time.Time{}, false
	}
	switch d.Notice {
	case "FIRST_PAUSE":
		return d.Since.Add(firstPause), true
	case "SECOND_PAUSE":
		return d.Since.Add(secondPause), true
	}
	return time.Time{}, false
}

// pauseOf says what sort of pause it is, and what ends it.
func (d *Definition) pauseOf() (why, fix string) {
	const other = "send another template meanwhile"
	at, ends := d.Resumes()
	switch {
	case d.Notice == "RATE_LIMITING_PAUSE":
		return "Meta paused it because people answered its first messages badly", "reword it or unpause it by the API or in WhatsApp Manager, since this pause does not end by itself; " + other
	case ends && d.Notice == "FIRST_PAUSE":
		return "Meta paused it for low quality, for the first time", "it comes back by itself about " + at.UTC().Format(time.RFC3339) + ", and a second pause lasts six hours; " + other
	case ends:
		return "Meta paused it for low quality, for the second time", "it comes back by itself about " + at.UTC().Format(time.RFC3339) + ", and is disabled if it happens again; " + other
	}
	return "Meta paused it for low quality or for pacing", "send another template; a pause for quality ends by itself after 3 or 6 hours, one for pacing needs unpause"
}

// plain reports whether a word is one of Meta's upper-case words, fit to show.
func plain(word string) bool {
	for _, c := range []byte(word) {
		if c != '_' && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(word) <= 48
}

// CheckLifecycle reports what is about to happen to a template: a change of
// category that was announced and is not yet in effect, and a quality so low
// that Meta may pause it. Neither stops a send.
func CheckLifecycle(d *Definition, at time.Time) []Problem {
	var all []Problem
	if d.Next != category.Unknown && d.Next != d.CategoryAt(at) {
		why := "Meta announced that the category changes from " + orUnknown(d.Category.String()) + " to " + d.Next.String()
		if !d.NextAt.IsZero() {
			why += " at " + d.NextAt.UTC().Format(time.RFC3339)
		}
		all = append(all, Problem{Rule: table[categoryPending].ID, Where: "template", Why: why, Fix: table[categoryPending].Fix})
	}
	why := ""
	switch {
	case is(d.Quality, "RED"):
		why = "the quality rating is RED: Meta pauses such templates"
	case is(d.Quality, "YELLOW"):
		why = "the quality rating is YELLOW: people block or report it"
	case d.Flagged:
		why = "Meta flagged the template as at risk"
	}
	if why != "" {
		all = append(all, Problem{Rule: table[qualityLow].ID, Where: "template", Why: why, Fix: table[qualityLow].Fix})
	}
	return all
}

func orUnknown(word string) string {
	if word == "" {
		return "an unknown one"
	}
	return word
}
