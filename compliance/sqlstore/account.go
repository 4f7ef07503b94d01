package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
)

// accountNews is compliance.AccountStore.
type accountNews struct{ db *DB }

var _ compliance.AccountStore = accountNews{}

// Note stores news, each id once.
func (a accountNews) Note(ctx context.Context, news ...compliance.AccountNews) error {
	news = slices.Clone(news)
	bodies := make([]string, len(news))
	for i, n := range news {
		if n.ID == "" || n.At.IsZero() {
			return fmt.Errorf("sqlstore: account: news %d: it needs an id and a time", i)
		}
		if !sound(n.ID, n.Line.Account, n.Line.Number, string(n.Kind), n.Type, n.Cause) {
			return fmt.Errorf("sqlstore: account: news %d: a text in it is no UTF-8", i)
		}
		n.At, n.Received, n.Until = whole(n.At), whole(n.Received), whole(n.Until)
		var err error
		if bodies[i], err = encode(n); err != nil {
			return fmt.Errorf("sqlstore: account: news %d: %w", i, err)
		}
	}
	return a.db.write(ctx, "account: note", func(s *session) error {
		for i, n := range news {
			id, at := a.db.seal.id("news", n.ID), micro(n.At)
			body := a.db.seal.lock(newsBody, bodies[i], id, n.Line.Account, n.Line.Number, at)
			_, err := s.exec(context.Background(), "INSERT INTO waguard_account_news (scope, id, account, number, at, body)"+
				" VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", a.db.scope, id, n.Line.Account, n.Line.Number, at, long(body))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// News reads what is known about a line.
func (a accountNews) News(ctx context.Context, l party.Line) ([]compliance.AccountNews, error) {
	const columns = "SELECT id, account, number, at, body FROM waguard_account_news"
	query := columns + " WHERE scope = ? AND account = ?"
	args := []any{a.db.scope, l.Account}
	if l.Account == "" {
		query, args = columns+" WHERE scope = ? AND account <> ''", args[:1]
	}
	query += " UNION ALL " + columns + " WHERE scope = ? AND account = '' AND number = ?"
	args = append(args, a.db.scope, l.Number)
	var out []compliance.AccountNews
	err := a.db.read(ctx, "account: news", func(ctx context.Context, s *session) error {
		out = nil
		return s.query(ctx, func(rows *sql.Rows) error {
			var id, account, number, body string
			var at int64
			if err := rows.Scan(&id, &account, &number, &at, &body); err != nil {
				return err
			}
			body, err := a.db.seal.unlock(newsBody, body, id, account, number, at)
			if err != nil {
				return err
			}
			out = append(out, compliance.AccountNews{})
			return json.Unmarshal([]byte(body), &out[len(out)-1])
		}, query, args...)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b compliance.AccountNews) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return out, nil
}
