package journal

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func benchFile(b *testing.B, opts ...Option) *File {
	b.Helper()
	j, _, err := OpenFile(filepath.Join(b.TempDir(), "journal.jsonl"), "host-1", opts...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { j.Close() })
	return j
}

func BenchmarkMemoryAppend(b *testing.B) {
	j, e, ctx := NewMemory("host-1"), entry("d-1"), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := j.Append(ctx, e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFileAppendNoSync(b *testing.B) {
	j, e, ctx := benchFile(b, NoSync()), entry("d-1"), context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := j.Append(ctx, e); err != nil {
			b.Fatal(err)
		}
	}
}

// Beside it, what one write and one sync cost without a journal around them.
func BenchmarkFileAppendSync(b *testing.B) {
	b.Run("journal", func(b *testing.B) {
		j, e, ctx := benchFile(b), entry("d-1"), context.Background()
		b.ReportAllocs()
		for b.Loop() {
			if err := j.Append(ctx, e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "bare"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		e, _ := entry("d-1").Normal()
		line, _ := appendLine(nil, Link{}.Next("host-1", e))
		for b.Loop() {
			if _, err := f.Write(line); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// 64 callers at once: their syncs are shared.
func BenchmarkFileAppendSyncConcurrent(b *testing.B) {
	j, e, ctx := benchFile(b), entry("d-1"), context.Background()
	b.SetParallelism(32)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := j.Append(ctx, e); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkVerifyFile(b *testing.B) {
	_, data := written(b, 2000)
	path := filepath.Join(b.TempDir(), "j")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		j, rec, err := OpenFile(path, "host-1")
		if err != nil || rec.Links != 2000 {
			b.Fatal(rec, err)
		}
		j.Close()
	}
}
