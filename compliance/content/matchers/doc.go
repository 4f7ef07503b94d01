// Package matchers holds no code: its benchmark reads the same texts, with the same
// phrases, by the matcher this library has, by published ones and by a regular expression,
// in one run.
//
//	go test -C compliance/content/matchers -run '^$' -bench .
//
// The others find bytes: they are given phrases and texts folded already, and what they
// find may begin or end within a word, but for the regular expression. This one folds, cuts into words and finds whole ones,
// and reads a second time where a word is hidden; all of that is in its figures.
package matchers
