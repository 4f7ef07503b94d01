// Package category names Meta's template categories, and predicts which of them
// Meta will give a template.
//
//	                  ┌─ structure only one category may have (OTP button, carousel, coupon …) ──────┐
//	Draft ──fold──▶ tokens ─┬─ signs: what twelve languages say of discounts, parcels, codes …       │
//	                  │     ├─ concepts that words of all languages share, alone and in pairs        │
//	                  │     ├─ words, neighbours, runs of letters                                    ▼
//	                  │     └─ placeholders, prices, buttons, headers, capitals, emoji ─▶ model ─▶ Reading
//	                  │                                                                    category, probability,
//	text ─────────────┴──▶ Screen.Promotes: is there any word of promotion?                sure, reasons, suggestion
//
// The signs are written by hand, in cues/, and kept compiled in words_gen.bin by
// go generate ./category; concepts are those of internal/concept. How much each
// weighs, and what other words mean, is learned from templates written for this
// project (testdata/category) by go run -C category/train . and kept in
// model_gen.bin. All of it is made ready once a process, in a few milliseconds.
// The languages are English, Spanish, Portuguese, Hindi (both scripts),
// Indonesian, Arabic, French, German, Italian, Turkish, Russian and Chinese
// (both scripts); others are read by their structure and by borrowed words.
//
// # What it cannot know
//
// Meta decides, may decide alike texts differently, and looks at more: the
// account's history, the sample values, pictures, and whether an order or a
// request stands behind the words at all. A reading is advice. The costly
// mistake is to call utility what Meta will call marketing, so utility needs a
// higher probability than the others, and Sure is false near the thresholds.
// Of typical templates by people whose others it had not seen it reads 95 in a
// hundred right, of loosely written ones 90, and of chat-like texts unlike any it
// knows 78; of what it calls utility, 97, 95 and 83 are. The labels are this
// project's reading of Meta's definitions, not answers of Meta's review.
// Figures by language are in testdata/category/README.md.
package category
