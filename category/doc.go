// Package category names Meta's template categories, and predicts which of them
// Meta will give a template.
//
//	                  ┌─ structure only one category may have (OTP button, carousel, coupon …) ──────┐
//	Draft ──fold──▶ tokens ─┬─ signs: what twelve languages say of discounts, parcels, codes …       │
//	                  │     ├─ words, neighbours, runs of letters                                    ▼
//	                  │     └─ placeholders, prices, buttons, headers, capitals, emoji ─▶ model ─▶ Reading
//	                  │                                                                    category, probability,
//	text ─────────────┴──▶ Screen.Promotes: is there any word of promotion?                sure, reasons, suggestion
//
// The signs are written by hand, in cues/; how much each weighs, and what other
// words mean, is learned from templates written for this project
// (testdata/category) by go run -C category/train . and kept in model_gen.bin.
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
// Figures for texts it was not trained on are in testdata/category/README.md.
package category
