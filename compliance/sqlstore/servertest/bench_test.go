//go:build unix

package servertest_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"io"
	"strconv"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/waguard/waguard/compliance/sqlstore/servertest"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func BenchmarkPostgres(b *testing.B) {
	sqlstoretest.Bench(b, servertest.Postgres(b).Fresh, copyIn)
}

func BenchmarkMariaDB(b *testing.B) {
	sqlstoretest.Bench(b, servertest.MariaDB(b).Fresh, loadData)
}

// copyIn is COPY, in binary.
func copyIn(ctx context.Context, pool *sql.DB, rows []sqlstoretest.Row) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"t"}, []string{"scope", "scheme", "value", "at", "id", "body"},
			pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
				r := &rows[i]
				return []any{r.Scope, r.Scheme, r.Value, r.At, r.ID, r.Body}, nil
			}))
		return err
	})
}

// loadData is LOAD DATA LOCAL INFILE.
func loadData(ctx context.Context, pool *sql.DB, rows []sqlstoretest.Row) error {
	in, out := io.Pipe()
	mysql.RegisterReaderHandler("rows", func() io.Reader { return in })
	defer mysql.DeregisterReaderHandler("rows")
	go func() {
		w := csv.NewWriter(out)
		var err error
		for i := range rows {
			r := &rows[i]
			if err = w.Write([]string{r.Scope, r.Scheme, r.Value, strconv.FormatInt(r.At, 10), r.ID, r.Body}); err != nil {
				break
			}
		}
		w.Flush()
		out.CloseWithError(err)
	}()
	_, err := pool.ExecContext(ctx, `LOAD DATA LOCAL INFILE 'Reader::rows' INTO TABLE t CHARACTER SET binary`+
		` FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '' LINES TERMINATED BY '\n'`)
	return err
}
