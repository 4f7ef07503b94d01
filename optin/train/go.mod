module github.com/waguard/waguard/optin/train

go 1.26.0

require github.com/waguard/waguard v0.0.0

replace github.com/waguard/waguard => ../..
