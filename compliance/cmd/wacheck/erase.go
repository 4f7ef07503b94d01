package main

import (
	"context"
	"fmt"
	"time"

	"github.com/waguard/waguard/optin"
)

// erasedOut is what was, or would be, erased.
type erasedOut struct {
	Events     int      `json:"events"`
	Suppressed int      `json:"suppressed"` // handles that are kept as keyed digests
	InFlight   []string `json:"in_flight,omitempty"`
	Kept       []string `json:"kept,omitempty"` // stores that still hold the handles
	DryRun     bool     `json:"dry_run,omitempty"`
}

func runErase(ctx context.Context, e *env, args []string) int {
	f := e.flags("erase")
	asJSON := f.Bool("json", false, "write JSON")
	db := f.String("db", "", "the database `file`")
	keys := f.String("keys", "", "the `file` with the keys of a sealed database, newest first: an id and 32 bytes in base64 a line")
	dry := f.Bool("dry-run", false, "tell what would go, erase nothing")
	actor := f.String("actor", "wacheck erase", "who erases")
	if code, done := parse(f, args); done {
		return code
	}
	who, err := person(f.Args())
	if err != nil {
		return e.fail("%v", err)
	}
	l, closeDB, err := openLedger(*db, *keys, false, *actor)
	if err != nil {
		return e.fail("%v", err)
	}
	out := erasedOut{DryRun: *dry}
	if *dry {
		var d optin.Dossier
		d, err = l.Export(ctx, who, time.Now())
		out.Events, out.Suppressed = len(d.Events), len(d.Handles)
	} else {
		var done optin.Forgotten
		done, err = l.Erase(ctx, optin.Erase{Party: who})
		out.Events, out.Suppressed, out.Kept = done.Events, done.Handles, done.Kept
		for _, f := range done.InFlight {
			out.InFlight = append(out.InFlight, f.ID)
		}
	}
	if closed := closeDB(); err == nil {
		err = closed
	}
	if err != nil {
		return e.fail("%v", err)
	}
	if *asJSON {
		_ = e.encoder().Encode(out)
		return clean
	}
	verb := "erased"
	if *dry {
		verb = "would be erased"
	}
	fmt.Fprintf(e.out, "%d events %s; %d handles stay blocked, known by keyed digest alone\n", out.Events, verb, out.Suppressed)
	for _, id := range out.InFlight {
		fmt.Fprintf(e.out, "under way: %s\n", id)
	}
	for _, name := range out.Kept {
		fmt.Fprintf(e.out, "the store of %s cannot forget, and still holds the person's handles\n", name)
	}
	return clean
}
