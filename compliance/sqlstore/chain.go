package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"

	"github.com/waguard/waguard/compliance/journal"
)

// chain is journal.Journal. The last link is read in the transaction that
// appends, so that processes that share a writer's name share its chain.
type chain struct{ db *DB }

var _ journal.Journal = chain{}

// Append adds entries to the chain of the writer.
func (c chain) Append(ctx context.Context, entries ...journal.Entry) error {
	normal := make([]journal.Entry, len(entries))
	for i := range entries {
		var err error
		if normal[i], err = entries[i].Normal(); err != nil {
			return err
		}
	}
	if len(normal) == 0 {
		return c.db.write(ctx, "journal: append", func(*session) error { return nil })
	}
	return c.db.writeTogether(ctx, "journal: append", &entriesCall{c, normal})
}

// entriesCall is one Append on its way into the database.
type entriesCall struct {
	c       chain
	entries []journal.Entry
}

// runAll goes on with the chain from its last link.
func (e *entriesCall) runAll(s *session, all []together) error {
	ctx, c := context.Background(), e.c
	var entries []journal.Entry
	for _, t := range all {
		entries = append(entries, t.(*entriesCall).entries...)
	}
	var last journal.Link
	err := s.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&last.Seq, &last.Hash) },
		"SELECT seq, hash FROM waguard_journal WHERE scope = ? AND writer = ? ORDER BY seq DESC LIMIT 1", c.db.scope, c.db.writer)
	if err != nil {
		return err
	}
	return chunks(len(entries), 10, c.db.words.params, func(from, to int) error {
		args := make([]any, 0, 10*(to-from))
		for _, e := range entries[from:to] {
			last = last.Next(c.db.writer, e)
			body := c.db.seal.lock(linkBody, string(e.Body), c.db.writer, int64(last.Seq), e.ID, micro(e.At))
			args = append(args, c.db.scope, c.db.writer, int64(last.Seq), last.Prev, last.Hash, long(e.ID), micro(e.At), long(e.Kind), long(e.Digest), long(body))
		}
		_, err := s.exec(ctx, "INSERT INTO waguard_journal (scope, writer, seq, prev, hash, id, at, kind, digest, body) VALUES "+
			listed("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", to-from), args...)
		return err
	})
}

// pageSize is how many links are read at a time: between pages nothing is held
// open, so a slow reader is in nobody's way.
const pageSize = 500

// Links reads all chains, by writer, then seq, page by page. What is appended
// meanwhile may be among it.
func (c chain) Links(ctx context.Context) iter.Seq2[journal.Link, error] {
	return func(yield func(journal.Link, error) bool) {
		writer, seq := "", uint64(0)
		for {
			page, err := c.page(ctx, writer, seq)
			if err != nil {
				yield(journal.Link{}, err)
				return
			}
			for _, l := range page {
				if err := ctx.Err(); err != nil {
					yield(journal.Link{}, c.db.fail(ctx, "journal: links", err))
					return
				}
				if !yield(l, nil) {
					return
				}
				writer, seq = l.Writer, l.Seq
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

func (c chain) page(ctx context.Context, writer string, seq uint64) ([]journal.Link, error) {
	var page []journal.Link
	err := c.db.read(ctx, "journal: links", func(ctx context.Context, s *session) error {
		page = nil
		return s.query(ctx, func(rows *sql.Rows) error {
			var l journal.Link
			var at int64
			var body string
			if err := rows.Scan(&l.Writer, &l.Seq, &l.Prev, &l.Hash, &l.ID, &at, &l.Kind, &l.Digest, &body); err != nil {
				return err
			}
			body, err := c.db.seal.unlock(linkBody, body, l.Writer, int64(l.Seq), l.ID, at)
			if err != nil {
				return err
			}
			l.At, l.Body = fromMicro(at), json.RawMessage(body)
			page = append(page, l)
			return nil
		}, "SELECT writer, seq, prev, hash, id, at, kind, digest, body FROM waguard_journal"+
			" WHERE scope = ? AND (writer > ? OR writer = ? AND seq > ?) ORDER BY writer, seq LIMIT ?",
			c.db.scope, writer, writer, int64(seq), pageSize)
	})
	return page, err
}
