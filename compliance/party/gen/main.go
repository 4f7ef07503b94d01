// Command gen writes ../table_gen.go, the table by which party finds the place
// and the time zones of a phone number, from the data of Google's
// libphonenumber as the module github.com/nyaruka/phonenumbers carries it.
//
//	go run .          write the table
//	go run . -check   compare it with what is there; exit status 1 if it differs
//
// The output depends on that module's version alone. It is a module of its own so
// that nobody who imports party carries libphonenumber.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "../table_gen.go", "file to write or compare")
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	if err := run(*out, *check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string, check bool) error {
	src, err := generate()
	if err != nil {
		return err
	}
	if !check {
		return os.WriteFile(out, src, 0o644)
	}
	old, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, src) {
		return fmt.Errorf("%s is not what this generator makes: run it without -check", out)
	}
	return nil
}
