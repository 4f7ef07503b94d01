// Package template knows WhatsApp message templates: how they are registered, how
// a send fills them, what a person will read, and what Meta would refuse.
//
// # The walk
//
//	a person ──▶ NewBuilder, ParseDraft ─▶ Definition ──▶ Linter  Lint  what Meta would refuse to create
//	                                                             Fix   what mends itself
//
//	Graph API ──▶ ParseDefinition ─▶ Definition ─┐ Put
//	webhooks  ──▶ Change ────────────────────────┤ Apply
//	                                             ▼
//	                                          Catalog ──── Find ───┐
//	                                                               ▼ Definition
//	send body ──▶ ParseFilled ─────▶ Filled ──────────────▶  CheckStatus, CheckLifecycle
//	                                                         Check   what Meta would refuse
//	                                                         Render  what a person will read
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
// [Rules] lists the ids this package answers for: the send-phase rules that
// follow from definition and values alone, template-approved, and two of the
// lifecycle. Whether a template exists (send-template-exists), to whom it goes and
// what its words mean is for others to judge. [LintRules] lists those of creation.
package template
