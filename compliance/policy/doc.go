// Package policy is the rule book: what WhatsApp demands of a business that
// sends messages, since when, on whose word, and how heavily it weighs.
package policy
