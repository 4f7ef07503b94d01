// Package category names Meta's template categories and reads which of them a
// text looks like.
//
//	text ──▶ Screen.Promotes   is there any word of promotion in it?
//
// Meta decides a template's category; what this package says is advice.
package category
