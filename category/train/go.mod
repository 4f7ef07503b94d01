module github.com/waguard/waguard/category/train

go 1.26.0

require github.com/waguard/waguard v0.0.0

require golang.org/x/text v0.44.0 // indirect

replace github.com/waguard/waguard => ../..
