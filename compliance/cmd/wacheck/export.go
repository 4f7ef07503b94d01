package main

import (
	"context"
	"fmt"
	"time"

	"github.com/waguard/waguard/optin"
)

func runExport(ctx context.Context, e *env, args []string) int {
	f := e.flags("export")
	asJSON := f.Bool("json", false, "write JSON on one line; with -stops JSON Lines")
	db := f.String("db", "", "the database `file`")
	keys := f.String("keys", "", "the `file` with the keys of a sealed database, newest first: an id and 32 bytes in base64 a line")
	stops := f.Bool("stops", false, "write the suppression list and not one person's record")
	audit := f.Bool("audit", false, "write who did what when, and what that changed; of everybody, if nobody is named")
	if code, done := parse(f, args); done {
		return code
	}
	l, closeDB, err := openLedger(*db, *keys, false, "wacheck export")
	if err != nil {
		return e.fail("%v", err)
	}
	defer closeDB()
	now := time.Now()
	switch {
	case *stops && (*audit || f.NArg() > 0):
		return e.fail("-stops is about everybody, and stands alone")
	case *stops:
		format := optin.CSV
		if *asJSON {
			format = optin.JSONLines
		}
		_, err = l.WriteBlocked(ctx, e.out, format, now)
	case *audit && f.NArg() == 0:
		err = e.changes(*asJSON, l.AuditAll(ctx))
	default:
		who, bad := person(f.Args())
		if bad != nil {
			return e.fail("%v", bad)
		}
		if *audit {
			err = e.changes(*asJSON, l.Audit(ctx, who, now))
			break
		}
		var d optin.Dossier
		if d, err = l.Export(ctx, who, now); err == nil {
			enc := e.encoder()
			if !*asJSON {
				enc.SetIndent("", "  ")
			}
			err = enc.Encode(d)
		}
	}
	if err != nil {
		return e.fail("%v", err)
	}
	return clean
}

// changes writes an audit.
func (e *env) changes(asJSON bool, list func(func(optin.Change, error) bool)) error {
	enc := e.encoder()
	for c, err := range list {
		if err != nil {
			return err
		}
		if asJSON {
			if err := enc.Encode(c); err != nil {
				return err
			}
			continue
		}
		by := ""
		if c.Actor != "" {
			by = " by " + c.Actor
		}
		fmt.Fprintf(e.out, "%s  %s: %s, recorded %s%s\n    before  %s\n    after   %s\n", c.At.Format(time.RFC3339), c.Event, c.Reason,
			c.Received.Format(time.RFC3339), by, c.Before, c.After)
	}
	return nil
}
