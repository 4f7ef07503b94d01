// Package concept tells what words of twelve languages have in common.
//
//	words/<lang>.tsv ──go generate──▶ words_gen.bin ──Builtin──▶ Table ──Each──▶ the concept of each token
//
// A concept is named by an English word, and each language lists the words that stand for
// it: kaufen, comprar and 购买 are all "buy". Whoever learns from texts of one language by
// concepts has learnt of the others as well. A word may stand for several concepts; the
// first one listed is meant.
//
// A line of words/<lang>.tsv is a concept, a tab, and its words with commas between them. A
// star at the end of a word lets it go on. After a change
//
//	go generate ./internal/concept
//
// makes words_gen.bin again, and the models that see concepts are to be trained again (go run
// -C compliance/content/train ., go run -C category/train . and go run -C optin/train .).
package concept
