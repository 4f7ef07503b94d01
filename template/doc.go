// Package template knows WhatsApp message templates: how they are registered, how
// a send fills them, what a person will read, and what Meta would refuse.
//
// # The walk
//
//	a person ──▶ NewBuilder, ParseDraft ─▶ Definition ──▶ Linter  Lint  what Meta would refuse to create
//	                                                             Fix   what mends itself
//
//	Graph API ──▶ graph.Sync ────────▶ Definition ─┐ Put
//	webhooks  ──▶ Change ──────────────────────────┤ Apply
//	                                               ▼
//	the app   ──▶ Act ─────▶ Acts               Catalog ──── Find ───┐
//	                           │ NewShelf          │                 ▼ Definition
//	                           ▼                   │     send body ──▶ ParseFilled ──▶ Filled
//	                         Shelf ◀── Definitions ┘
//	                           │                           CheckStatus, CheckLifecycle
//	                           ├─ CheckCreate, CheckEdit,  Check, CheckMedia   what Meta would refuse
//	                           │  CheckDelete              Render, Preview     what a person will read
//	                           ├─ Advice   what is about to happen
//	                           └─ Drift    what Meta holds other than was submitted
//
// A [Definition] is a template as registered with Meta, in the Graph API's own
// form; nothing of it is lost on the way in and out. A [Filled] is the template
// object of a send body. [Check] compares the two and names every rule that is
// broken, with its place and a way out; [Render] puts them together into the
// texts that are looked at for content. [CheckStatus] says whether the template
// may be sent at all, [CheckLifecycle] what is about to happen to it. All of
// these are pure functions, safe for concurrent use as long as nobody writes to
// what they are given, and none looks at a clock.
//
// A [Linter] looks at a definition before it is submitted: limits, placeholders,
// examples, buttons, what goes with what, and what the words make of the
// category. Each problem has its place as the Graph API's member path, the bytes
// meant, the error it prevents and a way out. [Linter.LintAll] looks at all
// templates of an account together. A [Builder] writes definitions in Go.
//
// A [Shelf] is what is known of all templates of an account: it tells what an edit,
// a creation or a deletion would come to, and by [Shelf.Advice] what is about to
// happen or can still be objected to: the archive, quotas, appeals, names that rest.
// [Candidates] finds the approved template that could say what a free-form message
// may not. [Masked] and [Preview] show a message without the values in it.
//
// A [Catalog] keeps definitions and takes the news of webhooks, which arrive late,
// twice and out of order: what counts is the instant of each, never that of its
// arrival. [Memory] is one; [Fold] is the meaning of it for those who store
// definitions and changes elsewhere; package templatetest proves that they keep
// the duties listed at Catalog.
//
// # What counts
//
// The category that counts is the one in the catalog: a send body carries none. An
// announced change counts from its instant on ([Definition.CategoryAt]).
//
// Limits are counted in code points, because Meta says characters and not which
// sort. Components, buttons and parameters of types this package does not know
// are kept, and passed over by the checks: Meta adds some every year.
//
// One-time code buttons are submitted as OTP and read back as URL, and are
// filled as url either way; see [Button.OTP].
//
// # Rules
//
// [Rules] lists the ids this package answers for at a send: the rules that follow
// from definition, values and files alone, template-approved, and two of the
// lifecycle. Whether a template exists (send-template-exists), to whom it goes and
// what its words mean is for others to judge. [LintRules] lists those of creation,
// [LifeRules] those of the lifecycle. Their cases lie in testdata/cases/template,
// testdata/lint and testdata/life.
package template
