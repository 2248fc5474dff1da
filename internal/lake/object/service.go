package object

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/blob"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Service is the object store; safe for concurrent use.
type Service struct {
	cfg     Config
	db      *meta.DB
	blobs   *blob.Store
	tmp     string
	log     *slog.Logger
	buffers sync.Pool
	unlinks chan garbage
	joining locks // by manifest
	holds   struct {
		sync.Mutex
		n    map[string]int     // readers of a manifest's files
		late map[string]garbage // what to remove after the last of them
	}
}

// bufferBytes is what a body passes through on its way to a file.
const bufferBytes = 256 << 10

// Open opens the store: bodies in dataFolder/objects, pins in dataFolder/tmp,
// the rest in db. Run starts its background work.
func Open(cfg Config, db *meta.DB, dataFolder string, log *slog.Logger) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(dataFolder, "objects"))
	if err != nil {
		return nil, err
	}
	tmp := filepath.Join(dataFolder, "tmp")
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, db: db, blobs: blobs, tmp: tmp, log: log, unlinks: make(chan garbage, cfg.UnlinkMax)}
	s.buffers.New = func() any { b := make([]byte, bufferBytes); return &b }
	s.joining.held = map[string]chan struct{}{}
	s.holds.n, s.holds.late = map[string]int{}, map[string]garbage{}
	return s, nil
}

// Close removes the files that were replaced and not removed yet. It does not
// close the metadata store.
func (s *Service) Close() error {
	for {
		select {
		case g := <-s.unlinks:
			s.unlink(g)
		default:
			return nil
		}
	}
}

// now is the time as it is kept: whole milliseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// locks is a set of named locks, each there only while it is held or waited for.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when the name is free
}

// lock waits for a name and returns what frees it.
func (l *locks) lock(ctx context.Context, name string) (func(), error) {
	for {
		l.mu.Lock()
		busy := l.held[name]
		if busy == nil {
			free := make(chan struct{})
			l.held[name] = free
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				delete(l.held, name)
				l.mu.Unlock()
				close(free)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
