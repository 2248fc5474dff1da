package meta

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// Tx is a running View or Update. It is used by one goroutine and not kept.
type Tx struct {
	ctx  context.Context
	conn *conn
}

// conn is one database connection with the statements it has prepared. The
// set of statements is the program's own SQL text and so bounded; text made at
// run time goes through the same cache and is dropped when it is full.
type conn struct {
	pool    *sql.DB
	c       *sql.Conn
	flavour flavour
	stmts   map[string]*sql.Stmt
}

const stmtsMax = 512

func (db *DB) conn(ctx context.Context) (*conn, error) {
	c, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{db.pool, c, db.flavour, map[string]*sql.Stmt{}}, nil
}

func (c *conn) close() {
	c.forget()
	c.c.Close()
}

func (c *conn) forget() {
	for _, s := range c.stmts {
		s.Close()
	}
	clear(c.stmts)
}

func (c *conn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	if len(c.stmts) >= stmtsMax {
		c.forget()
	}
	s, err := c.c.PrepareContext(ctx, c.flavour.bind(query))
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

// begin starts a transaction, on a new connection if this one is lost: the
// database may have been restarted, and a read that is cancelled takes its
// connection along.
func (c *conn) begin(ctx context.Context, query string) error {
	err := c.exec(ctx, query)
	if err == nil || ctx.Err() != nil {
		return err
	}
	c.forget()
	// Not back to the pool: whatever state it is in, nobody shall have it.
	_ = c.c.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.c.Close()
	fresh, e := c.pool.Conn(ctx)
	if e != nil {
		return errors.Join(err, e)
	}
	c.c = fresh
	return c.exec(ctx, query)
}

// exec runs one of the statements that frame transactions, prepared once.
func (c *conn) exec(ctx context.Context, query string) error {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx)
	return err
}

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	s, err := tx.conn.stmt(tx.ctx, query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a query and calls row for each row until it fails or all are read.
func (tx *Tx) Query(row func(scan func(dest ...any) error) error, query string, args ...any) error {
	s, err := tx.conn.stmt(tx.ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(tx.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Get reads the first row of a query into dest. found is false when there is
// no row; dest is then as it was.
func (tx *Tx) Get(dest []any, query string, args ...any) (found bool, err error) {
	s, err := tx.conn.stmt(tx.ctx, query)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(tx.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
