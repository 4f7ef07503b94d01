package template

import (
	"iter"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// Quotas and terms of Meta's pages on templates (overview, 2026-05-05; template
// management, archival and categorization as captured on 2026-09-11).
const (
	createsAnHour = 100
	editsADay     = 1
	editsAMonth   = 10 // of 30 days
	editMonth     = 30 * 24 * time.Hour
	unverified    = 250  // templates, of a portfolio that is not verified
	verified      = 6000 // of one that is, with a display name approved
	idleMonths    = 11   // a month before the archive
	archiveMonths = 12
	deleteDays    = 28 // in the archive
	appealDays    = 60 // from creation or from the change of category
)

// lifeRule is a row of the table below.
type lifeRule uint8

const (
	archiveSoon lifeRule = iota
	createRate
	deleteByName
	editCategory
	editPartial
	editQuota
	editStatus
	templateLimit
	ttlReset
	lifePending // also told at a send
	lifeQuality
)

// lifeTable is every rule of the life of a template, with its weight, and what to
// do when it is broken.
var lifeTable = [...]struct {
	ID       policy.ID
	Severity policy.Severity
	Prevents string
	Fix      string
}{
	archiveSoon:   {"life-archive-soon", policy.Warn, "ARCHIVED", "send it, edit it or take it out of the archive if it is still wanted; otherwise let it go and take it out of your own lists"},
	createRate:    {"life-create-rate", policy.Warn, "throttling", "spread the creation over several hours, and begin with the templates needed first"},
	deleteByName:  {"life-delete-by-name", policy.Warn, "", "give hsm_id beside the name to delete one language alone"},
	editCategory:  {"life-edit-category-approved", policy.Block, "100", "register a new template in that category, or ask for a review where Meta changed it"},
	editPartial:   {"life-edit-partial", policy.Warn, "", "read the template, change what is to change in the full list of components, and send all of it back with its examples"},
	editQuota:     {"life-edit-quota", policy.Warn, "2388039", "gather the changes into one edit and wait, or register a new template beside this one"},
	editStatus:    {"life-edit-status", policy.Block, "2388039", "wait for the review, or register the template anew under another name"},
	templateLimit: {"life-template-limit", policy.Warn, "2388019", "delete templates nobody sends; verifying the portfolio and a display name raises the limit to 6,000"},
	ttlReset:      {"ttl-reset-after-recategory", policy.Note, "", "set message_send_ttl_seconds again, within the range of the new category"},
	lifePending:   {"life-category-pending", policy.Warn, "", table[categoryPending].Fix},
	lifeQuality:   {"life-quality-low", policy.Warn, "PAUSED", table[qualityLow].Fix},
}

// LifeRules lists the ids a [Shelf] answers for: those of the lifecycle.
func LifeRules() iter.Seq[policy.ID] {
	return func(yield func(policy.ID) bool) {
		for i := range lifeTable {
			if !yield(lifeTable[i].ID) {
				return
			}
		}
	}
}

func lifeProblem(r lifeRule, where, why string) Problem {
	row := &lifeTable[r]
	return Problem{Rule: row.ID, Severity: row.Severity, Where: where, Why: why, Prevents: row.Prevents, Fix: row.Fix}
}
