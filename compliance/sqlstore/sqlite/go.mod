module github.com/waguard/waguard/compliance/sqlstore/sqlite

go 1.26

require github.com/waguard/waguard v0.0.0

replace github.com/waguard/waguard => ../../..
