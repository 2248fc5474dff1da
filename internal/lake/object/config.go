package object

import "errors"

// Config bounds the object store.
type Config struct {
	// InlineMaxBytes is the largest body that is kept in the metadata store
	// instead of a file of its own.
	InlineMaxBytes int64 `conf:"inline-max-bytes" help:"largest object, in bytes, that is kept beside its metadata instead of in a file"`
	// PutMaxBytes is the largest single put or part.
	PutMaxBytes int64 `conf:"put-max-bytes" help:"largest single upload or part in bytes"`
	// PartMinBytes is the smallest part of an upload but its last.
	PartMinBytes int64 `conf:"part-min-bytes" help:"smallest part of an upload, but the last, in bytes"`
	// UnlinkMax bounds the removals that wait for the background; at the
	// bound a writer removes the files that it replaced itself.
	UnlinkMax int `conf:"unlink-max" help:"how many file removals wait in the background"`
}

// Default is the limits of the real service and 16 KiB inline.
func Default() Config {
	return Config{InlineMaxBytes: 16 << 10, PutMaxBytes: 5 << 30, PartMinBytes: 5 << 20, UnlinkMax: 4096}
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	switch {
	case c.InlineMaxBytes < 0 || c.InlineMaxBytes > 128<<10:
		return errors.New("objects: inline-max-bytes is 0 to 131072")
	case c.PutMaxBytes < 1<<20:
		return errors.New("objects: put-max-bytes is at least 1048576")
	case c.PartMinBytes < 1:
		return errors.New("objects: part-min-bytes is at least 1")
	case c.UnlinkMax < 1:
		return errors.New("objects: unlink-max is at least 1")
	}
	return nil
}
