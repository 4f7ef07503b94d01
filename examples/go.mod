module github.com/waguard/waguard/examples

go 1.26

require (
	github.com/piusalfred/whatsapp v0.1.12
	github.com/waguard/waguard v0.0.0
	github.com/waguard/waguard/compliance/sqlstore/sqlite v0.0.0
)

replace (
	github.com/waguard/waguard => ..
	github.com/waguard/waguard/compliance/sqlstore/sqlite => ../compliance/sqlstore/sqlite
)
