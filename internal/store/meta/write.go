package meta

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// update is one call of Update on its way through the writer.
type update struct {
	ctx  context.Context
	f    func(*Tx) error
	err  error
	done chan struct{}
}

// Update runs f in a transaction and returns after it is on disk. When f fails
// nothing of it stays and its error is returned. f may run more than once (a
// lost race on PostgreSQL), must be quick, and must not wait for another
// Update: all writers share one thread of work.
func (db *DB) Update(ctx context.Context, f func(tx *Tx) error) error {
	u := &update{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case db.queue <- u:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closed:
		return Closed.New()
	}
	select {
	case <-u.done:
		return known(u.err)
	case <-db.stopped:
		select { // the writer's last batch may have held it
		case <-u.done:
			return known(u.err)
		default:
			return Closed.New()
		}
	}
}

// write is the writer: it takes what waits and commits it together.
func (db *DB) write(c *conn) {
	defer close(db.stopped)
	defer c.close()
	batch := make([]*update, 0, db.cfg.BatchMax)
	for {
		batch = batch[:0]
		select {
		case u := <-db.queue:
			batch = append(batch, u)
		case <-db.closed:
			select { // finish what is queued
			case u := <-db.queue:
				batch = append(batch, u)
			default:
				return
			}
		}
	fill:
		for len(batch) < db.cfg.BatchMax {
			select {
			case u := <-db.queue:
				batch = append(batch, u)
			default:
				break fill
			}
		}
		db.commit(c, batch)
		for _, u := range batch {
			close(u.done)
		}
	}
}

// commit runs a batch in one transaction, each member in its own savepoint. A
// serialization failure (PostgreSQL only) runs the whole batch again.
func (db *DB) commit(c *conn, batch []*update) {
	const triesMax = 10
	for try := 1; ; try++ {
		err := db.attempt(c, batch)
		if err == nil {
			return
		}
		if try < triesMax && lostRace(err) {
			continue
		}
		for _, u := range batch {
			if u.err == nil {
				u.err = err
			}
		}
		return
	}
}

// attempt runs the batch once. A member's own failure is kept in the member;
// the error returned is one that undid the whole transaction.
func (db *DB) attempt(c *conn, batch []*update) error {
	ctx := context.Background() // one caller's cancellation must not undo the others' work
	if err := c.begin(ctx, db.flavour.beginUpdate); err != nil {
		return err
	}
	kept := 0
	for _, u := range batch {
		if u.err = u.ctx.Err(); u.err != nil {
			continue
		}
		if err := c.savepoint(ctx, u); err != nil {
			c.c.ExecContext(ctx, "ROLLBACK")
			return err
		}
		if u.err == nil {
			kept++
		}
	}
	if kept == 0 {
		_, err := c.c.ExecContext(ctx, "ROLLBACK")
		return err
	}
	if err := c.exec(ctx, "COMMIT"); err != nil {
		c.c.ExecContext(ctx, "ROLLBACK")
		return err
	}
	return nil
}

// savepoint runs one update in a savepoint and keeps its error in u.err; the
// error returned says that the savepoint itself could not be kept or undone.
func (c *conn) savepoint(ctx context.Context, u *update) error {
	if err := c.exec(ctx, "SAVEPOINT u"); err != nil {
		return err
	}
	u.err = safely(u.f, &Tx{ctx: ctx, conn: c})
	if lostRace(u.err) {
		return u.err
	}
	if u.err != nil {
		if _, err := c.c.ExecContext(ctx, "ROLLBACK TO SAVEPOINT u"); err != nil {
			return errors.Join(u.err, err)
		}
	}
	return c.exec(ctx, "RELEASE SAVEPOINT u")
}

// safely turns a panic of a caller's function into its error: the writer
// serves everybody and must go on.
func safely(f func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a metadata update: %v\n%s", p, debug.Stack())
		}
	}()
	return f(tx)
}

// known names the accident that a client should know of: a full disk, which
// SQLite and PostgreSQL call by numbers of theirs.
func known(err error) error {
	var lite interface{ Code() int }
	var pg *pgconn.PgError
	const full = 13 // SQLITE_FULL
	if errors.As(err, &lite) && lite.Code()&0xff == full || errors.As(err, &pg) && pg.Code == "53100" || errors.Is(err, syscall.ENOSPC) {
		if fault.ReasonOf(err) == nil {
			return Full.Wrap(err)
		}
	}
	return err
}

// lostRace tells a PostgreSQL serialization failure or deadlock.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
