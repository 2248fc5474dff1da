package identity

import (
	"sync"
	"time"
)

// cache keeps what was read from the metadata, because every request asks. A
// change through this process empties it at once; one through another node on
// the same database is seen when entries are ttl old.
type cache[V any] struct {
	ttl time.Duration
	max int // entries; a full cache is emptied, which costs one read each
	mu  struct {
		sync.RWMutex
		epoch   uint64 // counts invalidations
		entries map[string]entry[V]
	}
}

type entry[V any] struct {
	value V
	read  time.Time
}

func newCache[V any](max int, ttl time.Duration) *cache[V] {
	c := &cache[V]{ttl: ttl, max: max}
	c.mu.entries = map[string]entry[V]{}
	return c
}

// get returns the cached value or the loaded one. What was loaded while a
// change went on is not kept.
func (c *cache[V]) get(key string, now time.Time, load func() (V, error)) (V, error) {
	c.mu.RLock()
	e, ok := c.mu.entries[key]
	epoch := c.mu.epoch
	c.mu.RUnlock()
	if ok && now.Sub(e.read) < c.ttl {
		return e.value, nil
	}
	v, err := load()
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mu.epoch == epoch {
		if len(c.mu.entries) >= c.max {
			clear(c.mu.entries)
		}
		c.mu.entries[key] = entry[V]{v, now}
	}
	return v, nil
}

func (c *cache[V]) invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mu.epoch++
	clear(c.mu.entries)
}
