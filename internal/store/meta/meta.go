// Package meta keeps the metadata of every domain in one SQL database.
//
// It holds the object index, the catalog, users, checkpoints, runs: everything
// that is small, related and must never be lost. The bytes of objects and
// streams are elsewhere (store/blob, store/log).
//
// Promises:
//   - an Update that returned nil is on disk (SQLite WAL with synchronous FULL,
//     or a PostgreSQL commit) and survives a kill and a power cut;
//   - an Update is all or nothing, and Updates happen one after the other;
//   - a View sees one consistent state and never waits for writers.
//
// SQLite has a single writer. Its cost is the fsync, so waiting Updates are
// committed together: each runs in a savepoint of one transaction, and all are
// answered after the one commit (group commit). See DESIGN.md.
//
// The SQL of the domains is the common subset of SQLite and PostgreSQL, with ?
// as the placeholder; both pass the conformance suite in metatest.
package meta

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Refusals of this package.
var (
	Closed = fault.Define("meta.closed", fault.Unavailable, "the metadata store is shut down")
	Full   = fault.Define("meta.full", fault.Unavailable, "The server's disk is full: free space on it and send the request again")
	Newer  = fault.Define("meta.newer", fault.Conflict, "the metadata was written by a newer version (schema %d, this one knows %d): use that version")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{Closed, Full, Newer}

// Config says where the metadata is.
type Config struct {
	// URL is a postgres:// address, or empty for SQLite in the data folder.
	URL string `conf:"url" help:"postgres:// address of the metadata database; empty keeps it in the data folder"`
	// ReadersMax bounds the Views that run at once; more wait.
	ReadersMax int `conf:"readers-max" help:"how many metadata reads run at once"`
	// QueueMax bounds the Updates that wait for the writer; more wait to queue.
	QueueMax int `conf:"queue-max" help:"how many metadata writes wait at once"`
	// BatchMax bounds the Updates of one commit.
	BatchMax int `conf:"batch-max" help:"how many metadata writes share one commit at most"`
}

// Default is SQLite with four readers.
func Default() Config { return Config{ReadersMax: 4, QueueMax: 1024, BatchMax: 256} }

// Validate says what is wrong with c.
func (c Config) Validate() error {
	if c.URL != "" && !strings.HasPrefix(c.URL, "postgres://") && !strings.HasPrefix(c.URL, "postgresql://") {
		return fmt.Errorf("metadata url: use a postgres:// address or leave it empty for SQLite")
	}
	if c.ReadersMax < 1 || c.QueueMax < 1 || c.BatchMax < 1 {
		return errors.New("metadata: readers-max, queue-max and batch-max are at least 1")
	}
	return nil
}

// DB is an open metadata store; safe for concurrent use.
type DB struct {
	cfg     Config
	log     *slog.Logger
	flavour flavour
	pool    *sql.DB
	readers chan *conn
	queue   chan *update
	closed  chan struct{}
	stopped chan struct{}
}

// Open opens or creates the store and brings its schema up to date. file is
// the SQLite database's path and is not used when cfg.URL is set. Refuses with
// Newer what a later version has written.
func Open(ctx context.Context, cfg Config, file string, log *slog.Logger) (*DB, error) {
	f, pool, err := connect(cfg, file)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, pool, f); err != nil {
		pool.Close()
		return nil, err
	}
	db := &DB{cfg: cfg, log: log, flavour: f, pool: pool,
		readers: make(chan *conn, cfg.ReadersMax), queue: make(chan *update, cfg.QueueMax),
		closed: make(chan struct{}), stopped: make(chan struct{})}
	for range cfg.ReadersMax {
		c, err := db.conn(ctx)
		if err != nil {
			pool.Close()
			return nil, err
		}
		db.readers <- c
	}
	w, err := db.conn(ctx)
	if err != nil {
		pool.Close()
		return nil, err
	}
	go db.write(w)
	return db, nil
}

// Close finishes the Updates that are queued and closes the store.
func (db *DB) Close() error {
	close(db.closed)
	<-db.stopped
	for range db.cfg.ReadersMax {
		c := <-db.readers
		c.close()
	}
	return db.pool.Close()
}

// View runs f on a consistent, read-only state. f must not keep tx or its rows.
func (db *DB) View(ctx context.Context, f func(tx *Tx) error) error {
	select {
	case c := <-db.readers:
		defer func() { db.readers <- c }()
		if err := c.begin(ctx, db.flavour.beginView); err != nil {
			return err
		}
		// The end of a read cannot fail in a way that matters to the reader.
		defer c.exec(context.WithoutCancel(ctx), "COMMIT")
		return f(&Tx{ctx: ctx, conn: c})
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closed:
		return Closed.New()
	}
}
