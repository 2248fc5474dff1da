package postgres

import (
	"bufio"
	"context"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"
)

// rows6 makes a million rows of six columns, computed by the engine.
const rows6 = "select i::bigint a, (i%100)::int b, i*1.5::double c, 'row '||i d, date '2026-01-01' + (i%365)::int e, timestamp '2026-01-01' + interval (i) second f from range(1000000) r(i)"

// BenchmarkRows reads a million rows of six columns from a table in the
// engine's memory, client and server on the same machine. The client only
// finds the messages: its own decoding is not the door's.
func BenchmarkRows(b *testing.B) {
	d := startDoor(b, openBare(b, "create table t as "+rows6))
	for _, m := range []struct {
		name   string
		format int16
		copy   string
	}{{"binary", formatBinary, ""}, {"text", formatText, ""},
		{"copy-text", 0, "copy (select * from t) to stdout"}, {"copy-csv", 0, "copy (select * from t) to stdout (format csv)"},
		{"copy-binary", 0, "copy (select * from t) to stdout (format binary)"}} {
		b.Run(m.name, func(b *testing.B) {
			c := d.connect(b)
			b.ReportAllocs()
			for b.Loop() {
				if m.copy != "" {
					if tag, err := c.PgConn().CopyTo(context.Background(), bufio.NewWriter(io.Discard), m.copy); err != nil || tag.RowsAffected() != 1000000 {
						b.Fatal(tag, err)
					}
					continue
				}
				r := c.PgConn().ExecParams(context.Background(), "select * from t", nil, nil, nil, []int16{m.format})
				n := 0
				for r.NextRow() {
					n++
				}
				if _, err := r.Close(); err != nil || n != 1000000 {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkQuery is the time of a statement with one row, one after the other.
func BenchmarkQuery(b *testing.B) {
	d := startDoor(b, openBare(b))
	c := d.connect(b)
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeCacheStatement, pgx.QueryExecModeDescribeExec} {
		b.Run(mode.String(), func(b *testing.B) {
			for b.Loop() {
				var n int
				if err := c.QueryRow(context.Background(), "select 1", mode).Scan(&n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
