// Package content tells what the words of a message contain: goods the policy
// bars, and identifiers that have no place in a chat.
//
//	rule book ──Compile──▶ Checker ──Check(texts)──▶ Report: rule, kind, place, span, why
//	   words per language        │
//	   cues  (how a language sells)      one automaton over folded tokens
//	   labels (what stands by a number)
//
// # Goods
//
// What the policy bars is the exchange of goods, so a rule fires on an offer
// and not on a word. A term of the rule is weighed with what stands around it:
// words of selling, a price, stock, delivery, a call to order, a quantity. A term
// that names the thing beyond doubt needs one clear sign of an offer, a weak one
// needs two; an excuse that covers the term (glue gun) takes it out, and one that
// stands by it (museum, training, police) asks for more evidence. Evidence may
// stand in any text of the message. The reason in a finding names the kinds
// of evidence.
//
// How a language sells, prices, delivers and refuses is data that all rules share, under
// cues/: some 3,000 phrases a language. What one rule matches is in its own file, with
// examples both ways that are run when it is compiled. The longest words win: the selling in "we
// do not sell" is no evidence, nor is what excuses a term, nor is a German "auf Lager" a beer.
//
// # Meaning
//
// Offers name the goods by meaning as often as by name, and what names them is often
// a refusal. Small linear models weigh messages:
//
//	a gate: are its words worth a look ──▶ much of what is sent every day ends here
//	words, neighbours, concepts, ties of each rule, and these crossed ──▶ margins: which rule the message is most like
//	everyday things, and terms that are part of their names ──▶ margins and marks
//	letters in a row, one to four ──▶ grams: does it sound like an offer at all
//	margins, grams, kinds of evidence, refusals ──▶ marks: whether it offers anything
//
// Everyday things are what ordinary businesses sell, book and deliver (everyday/<lang>.json):
// a message that names a harmless thing with its price is seldom one that hides another, and a
// wine glass is no wine. They excuse nothing by themselves. Topics are what a language says around
// the things of a rule (topics/<lang>.json).
//
// Concepts are what words of twelve languages have in common (internal/concept), so that
// what is learnt of one language holds for the others. Crossed means that a concept
// beside a rule that the message speaks of is a feature of its own: a grade says one thing
// beside a medicine and another beside a diamond. Margins have weights for each rule, the
// others for all rules alike; those of the marks are learnt from texts that margins and
// grams had not seen (see [Marks]). The margins' weights are learnt with most of a text's words left out,
// others each time: a text that trained is known by its own words, a new one by what it shares
// with many. An offer that is in disguise, or plain and short, needs less (see [Plain]).
//
// Where a message offers nothing, what a phrase found is dropped; where it does and no
// phrase names what, the rule it is most like is found, with the stretch of words that
// speaks for it the most as its span and a [Confidence] of [Possible], or [Likely] when the
// marks are far beyond the line. A footer is searched for terms alone.
//
// The weights (model_gen.bin) begin with the word lists and are fitted to texts in
// testdata/content by train, which makes the same bytes on every machine. A rule the
// model does not know, an app's own, is decided by its phrases alone.
//
// # Identifiers
//
// Digits of every script, spelled-out digits included, are joined over
// separators into candidates, and so are digits with the letters that stand among
// them. A detector says whether a candidate has the structure and check digit of
// its kind and how much that proves; labels around it (card number, order,
// tracking) add to that or take from it. Where several kinds fit the same
// characters one is reported: the one a label names, else the rarest. Masked
// numbers are no candidates.
//
// How much structure proves goes by tier. Of tier A it is enough; of tier F, when
// printed the way the kind is printed; of tier C a label has to stand by it,
// because one order number in ten passes most check digits. Numbers of banks and
// companies, which are public, are told as notes.
//
// To add a kind: a row in the table of its region, its checksum beside it, and its
// words in labels/<lang>.json.
//
// # Requests
//
// Asking for an identifier is barred like sending one. A request is a word that
// asks (send, we need, what is your) and the name of a secret in one clause, in one
// language; a paper that carries the secret counts when it, or a picture of it, is
// to be sent. Nothing is reported where the clause denies it, wants only a part,
// happens in person, or takes place on a page of the business, nor where a code is
// given and not asked for. "Send it" asks for what the clause before names; the blank
// fields of a form and a question that is a name and little else ("card number and
// expiry?") ask without a verb. The words are in asks/<lang>.json.
//
// Most requests are not that plain: "could not book it without the long number on the front". What
// the phrases make of a name is therefore weighed with the words around it, with what these stand
// for in all languages, with the words of a request in its clause, with how the name stands, and
// with the letters of the whole message. That has the last word, both ways. Names that may mean
// something else (a card, both sides, the digits: the vague ones of asks/<lang>.json) are only
// weighed. Of a text that asks, the likeliest name is learnt from, of others all; the weights are
// those of requests in model_gen.bin, fitted to testdata/content/ask. A paper that is to go by a
// link is a warning whatever is weighed.
//
// # Questions
//
// [Checker.Wants] reads what a customer writes: which barred goods they ask for. The
// words of the goods are the same; how a language asks (do you sell, I need, how
// much) is in wants/<lang>.json, which nothing else listens to. No model weighs it.
//
// # Loading
//
// Lists and rules are JSON, and nothing else is the truth. What those of the built-in book
// compile to is stored in lexicon_gen.bin behind a digest of all that went into it: every
// word and example of the book, every list of this package. [Compile] sums up the book it
// is given; where the digest is that of the file, it reads the phrases from there and takes
// the examples for proved, and where it is not, because an app has words of its own or a
// list has changed, it compiles and proves everything. Both ways make the same Checker. The
// file is made by
//
//	go generate ./compliance/content
//
// and a test makes it again, runs every example, and compares it byte for byte.
//
// Findings carry places and byte ranges, never words.
package content
