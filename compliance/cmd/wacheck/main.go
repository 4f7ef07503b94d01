// Command wacheck judges texts, customers' words and whole histories by
// WhatsApp's business messaging rules, for people at a terminal and for CI.
//
//	wacheck content  [-country ISO] [-licence VERTICAL,…] [files]  prohibited goods and sensitive data in texts
//	wacheck intent   [files]                                       is what a customer wrote a stop?
//	wacheck replay   [-edition DATE] [-enable law] [files]         judge a timeline
//	wacheck check    [-enable law] [files]                         judge single cases
//	wacheck rules    [-at DATE] [-undeclared business.json] [ID]   the rule book
//	wacheck import   -db FILE [-keys FILE] [-kind optin|optout] [-dry-run] [files]  read opt-ins or opt-outs into a ledger
//	wacheck export   -db FILE [-keys FILE] [-stops | -audit] [PERSON]  all held about a person, or the suppression list
//	wacheck erase    -db FILE [-keys FILE] [-dry-run] PERSON        erase a person, keeping the keyed suppression entry
//	wacheck lint     [-fix] [-strict] [-sarif] [files or folders]  what Meta would refuse in templates
//	wacheck category [-report [-db FILE]] [files]                  what category a template's words look like
//
// With -json every command reads and writes JSON Lines, one object in, one
// object out, in order. The exit status is 0 when nothing blocking was found, 1
// when something was, 2 when input or usage was wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// A command runs with its arguments and says how it went.
type command func(ctx context.Context, env *env, args []string) int

const (
	clean    = 0
	blocking = 1
	failed   = 2
)

var commands = map[string]command{
	"content":  runContent,
	"intent":   runIntent,
	"replay":   runReplay,
	"check":    runCheck,
	"rules":    runRules,
	"category": runCategory,
	"lint":     runLint,
	"import":   runImport,
	"export":   runExport,
	"erase":    runErase,
}

// env is where a command reads and writes.
type env struct {
	in       io.Reader
	out, err io.Writer
	colour   bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	e := &env{in: os.Stdin, out: os.Stdout, err: os.Stderr, colour: coloured(os.Stdout, os.Getenv("NO_COLOR"))}
	code := run(ctx, e, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, e *env, args []string) int {
	if len(args) == 0 {
		usage(e.err)
		return failed
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(e.out)
		return clean
	}
	c, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(e.err, "wacheck: no command %q\n\n", args[0])
		usage(e.err)
		return failed
	}
	return c(ctx, e, args[1:])
}

func usage(w io.Writer) {
	fmt.Fprint(w, `usage: wacheck COMMAND [flags] [files]

  content   prohibited goods and sensitive data in texts
  intent    is what a customer wrote a stop?
  replay    judge a timeline, one event a line
  check     judge single cases
  rules     list the rule book, or explain one rule
  lint      what Meta would refuse in templates, before it does
  category  what category a template's words look like
  import    read a list of opt-ins or opt-outs into a ledger
  export    print all that is held about a person, or the suppression list
  erase     erase a person, keeping the keyed suppression entry

Without files standard input is read. -json writes JSON Lines.
Exit status: 0 nothing blocking, 1 something blocking, 2 wrong input or usage.
`)
}

// flags makes a flag set that reports instead of exiting.
func (e *env) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("wacheck "+name, flag.ContinueOnError)
	f.SetOutput(e.err)
	return f
}

// parse reads the flags; done is set when there is nothing more to do.
func parse(f *flag.FlagSet, args []string) (code int, done bool) {
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return clean, true
	case err != nil:
		return failed, true
	}
	return clean, false
}

func (e *env) fail(format string, a ...any) int {
	fmt.Fprintf(e.err, "wacheck: "+format+"\n", a...)
	return failed
}

// coloured reports whether output is in colour: at a terminal, and where nobody
// asked for none (https://no-color.org).
func coloured(f *os.File, noColor string) bool { return noColor == "" && terminal(f) }

func terminal(f *os.File) bool {
	s, err := f.Stat()
	return err == nil && s.Mode()&os.ModeCharDevice != 0
}
