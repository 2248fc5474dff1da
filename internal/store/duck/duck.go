// Package duck is the narrow layer over the embedded SQL engine, DuckDB.
//
// It gives one in-memory instance with connections, prepared statements and
// results that stream as Arrow record batches. It knows nothing of catalogs or
// dialects: the caller hands it the engine's own SQL. Four things it promises:
//
//   - an idle Engine has started nothing: the instance is made by the first
//     Acquire;
//   - a canceled context stops a statement within milliseconds;
//   - memory, temporary space and threads are bounded by [Config], for all
//     statements together, and at most QueriesMax of them compute at once: the
//     others wait, and a statement whose client reads slowly holds no place;
//   - the instance reads and writes files only below AllowedDirs, has no
//     network, loads no extension, and its settings are locked. That is the
//     second fence: the first is the caller's check of the parse tree.
//
// See DESIGN.md for the reasons and the engine's pitfalls.
package duck

import (
	"context"
	"fmt"
	"sync"

	dk "github.com/duckdb/duckdb-go-bindings"
)

// Engine is one instance of DuckDB; safe for concurrent use.
type Engine struct {
	cfg   Config
	slots chan struct{} // a token is a place to compute
	conns chan struct{} // a token is a connection in use

	mu struct {
		sync.Mutex
		db     dk.Database
		opened bool
		closed bool
		inUse  int
		idle   map[string][]*Conn // by schema
	}
}

// Open checks cfg. The instance itself starts with the first Acquire.
func Open(cfg Config) (*Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	e := &Engine{cfg: cfg, slots: make(chan struct{}, cfg.QueriesMax), conns: make(chan struct{}, cfg.OpenMax)}
	e.mu.idle = map[string][]*Conn{}
	return e, nil
}

// start makes the instance and closes its fence. Called with the lock held.
func (e *Engine) start() error {
	if e.mu.opened {
		return nil
	}
	var config dk.Config
	if dk.CreateConfig(&config) == dk.StateError {
		return fmt.Errorf("duckdb: no configuration")
	}
	defer dk.DestroyConfig(&config)
	for _, kv := range e.cfg.settings() {
		if dk.SetConfig(config, kv[0], kv[1]) == dk.StateError {
			return fmt.Errorf("duckdb: setting %s=%s is refused", kv[0], kv[1])
		}
	}
	var msg string
	if dk.OpenExt("", &e.mu.db, config, &msg) == dk.StateError {
		return fmt.Errorf("duckdb: %s", msg)
	}
	c, err := e.connect("")
	for i := 0; err == nil && i < len(e.cfg.Functions); i++ {
		err = c.register(&e.cfg.Functions[i])
	}
	if err == nil {
		for _, sql := range append(e.cfg.fence(), "SET GLOBAL lock_configuration = true") {
			if err = c.Exec(context.Background(), sql); err != nil {
				err = fmt.Errorf("duckdb: %s: %w", sql, err)
				break
			}
		}
	}
	if c != nil {
		c.disconnect()
	}
	if err != nil {
		dk.Close(&e.mu.db)
		return err
	}
	e.mu.opened = true
	limitMemory(e.cfg.processMax())
	return nil
}

// Close ends the instance. Connections that are still in use end it when they
// are released.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.mu.closed {
		return nil
	}
	e.mu.closed = true
	for _, list := range e.mu.idle {
		for _, c := range list {
			c.disconnect()
		}
	}
	e.mu.idle = nil
	e.shut()
	return nil
}

// shut closes the instance when nothing uses it. Called with the lock held.
func (e *Engine) shut() {
	if e.mu.closed && e.mu.opened && e.mu.inUse == 0 {
		dk.Close(&e.mu.db)
		e.mu.opened = false
	}
}

// Version is the engine's version, as "v1.5.6".
func Version() string { return dk.LibraryVersion() }
