module github.com/waguard/waguard/compliance/content/train

go 1.26.0

require (
	github.com/waguard/waguard v0.0.0
	golang.org/x/text v0.44.0
)

replace github.com/waguard/waguard => ../../..
