module github.com/waguard/waguard/compliance/party/gen

go 1.26
