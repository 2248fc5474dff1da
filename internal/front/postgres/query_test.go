package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestFirst(t *testing.T) {
	d := startDoor(t, openBare(t))
	c := d.connect(t)
	var n int
	var s string
	if err := c.QueryRow(context.Background(), "select $1::int + 1, $2::text", 41, "x").Scan(&n, &s); err != nil || n != 42 || s != "x" {
		t.Fatal(n, s, err)
	}
	if err := c.QueryRow(context.Background(), "select 7", pgx.QueryExecModeSimpleProtocol).Scan(&n); err != nil || n != 7 {
		t.Fatal(n, err)
	}
}
