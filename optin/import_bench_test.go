package optin_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"testing"

	"github.com/waguard/waguard/optin"
)

// consents is a list of n opt-ins with the columns such a list has, made as it
// is read, so that its own memory does not count.
type consents struct {
	n, next int
	json    bool
	headed  bool
	rest    []byte
}

func (c *consents) Read(b []byte) (int, error) {
	for len(c.rest) == 0 {
		if c.next == 0 && !c.json && !c.headed {
			c.headed = true
			c.rest = append(c.rest, "phone,opt_in_date,category,opt_in_source,language,business_name,consent_text,proof,country,given,act\n"...)
			continue
		}
		if c.next == c.n {
			return 0, io.EOF
		}
		line := "%s,2026-05-03T10:%02d:%02dZ,marketing;utility,web-form,en-GB,The Bakery,I agree to receive messages from The Bakery on WhatsApp.,crm:%d,GB,typed,ticked\n"
		if c.json {
			line = `{"phone":%q,"opt_in_date":"2026-05-03T10:%02d:%02dZ","purposes":["marketing","utility"],"source":"web-form","language":"en-GB","business_name":"The Bakery","consent_text":"I agree to receive messages from The Bakery on WhatsApp.","proof":"crm:%d","country":"GB","given":"typed","act":"ticked"}` + "\n"
		}
		c.rest = fmt.Appendf(c.rest[:0], line, number(c.next).Value, c.next/60%60, c.next%60, c.next)
		c.next++
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// BenchmarkImport is a list into an empty memory ledger, checks and all, and
// the same list again, when every row is a duplicate.
func BenchmarkImport(b *testing.B) {
	const rows = 20_000
	for _, json := range []bool{false, true} {
		name := "CSV"
		if json {
			name = "JSON Lines"
		}
		list, err := io.ReadAll(&consents{n: rows, json: json})
		if err != nil {
			b.Fatal(err)
		}
		run := func(b *testing.B, l *optin.Ledger, dry bool) optin.ImportReport {
			report, err := l.Import(context.Background(), bytes.NewReader(list), optin.ImportOptions{Kind: optin.OptIns, DryRun: dry})
			if err != nil || report.Refused > 0 {
				b.Fatal(err, report)
			}
			return report
		}
		rate := func(b *testing.B) {
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(list)))
			b.ReportAllocs()
			for b.Loop() {
				if r := run(b, optin.NewLedger(optin.NewMemory(), optin.WithNow(clock)), false); r.Accepted != rows {
					b.Fatal(r)
				}
			}
			rate(b)
		})
		b.Run(name+" dry run", func(b *testing.B) {
			b.SetBytes(int64(len(list)))
			l := optin.NewLedger(optin.NewMemory(), optin.WithNow(clock))
			for b.Loop() {
				run(b, l, true)
			}
			rate(b)
		})
		b.Run(name+" again", func(b *testing.B) {
			b.SetBytes(int64(len(list)))
			l := optin.NewLedger(optin.NewMemory(), optin.WithNow(clock))
			run(b, l, false)
			for b.Loop() {
				if r := run(b, l, false); r.Duplicate != rows {
					b.Fatal(r)
				}
			}
			rate(b)
		})
	}
}

// BenchmarkImportMemory is how much an import itself holds, by the length of
// its list: a dry run, measured half way, less what was there before.
func BenchmarkImportMemory(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 400_000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			var held, ms runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&ms)
				n := 0
				_, err := optin.NewLedger(optin.NewMemory(), optin.WithNow(clock)).Import(context.Background(), &consents{n: rows}, optin.ImportOptions{
					Kind: optin.OptIns, DryRun: true,
					Progress: func(optin.ImportReport) {
						if n++; n == rows/1000 {
							runtime.GC()
							runtime.ReadMemStats(&held)
						}
					},
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(held.HeapAlloc)-float64(ms.HeapAlloc), "B-held")
			b.ReportMetric((float64(held.HeapAlloc)-float64(ms.HeapAlloc))/float64(rows), "B-held/row")
		})
	}
}
