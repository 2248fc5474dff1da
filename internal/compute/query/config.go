package query

import (
	"errors"

	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// Config bounds statements. The limits of Engine are for all statements
// together, the others for each.
type Config struct {
	Engine duck.Config `conf:"-"`
	// TextMaxBytes bounds a statement's text.
	TextMaxBytes int `conf:"text-max" help:"bytes of one SQL statement"`
	// FilesMax bounds the files that one statement reads.
	FilesMax int `conf:"files-max" help:"files that one SQL statement reads"`
	// PartitionsMax bounds the partitions that one statement considers.
	PartitionsMax int `conf:"partitions-max" help:"partitions that one SQL statement considers"`
	// WritePartitionsMax bounds the partitions that one statement writes.
	WritePartitionsMax int `conf:"write-partitions-max" help:"partitions that one SQL statement writes"`
	// FileBytes is about how large written files become.
	FileBytes int64 `conf:"file-bytes" help:"bytes after which SQL that writes starts a new file"`
}

// Default has the engine's defaults.
func Default() Config {
	return Config{Engine: duck.Default(), TextMaxBytes: 256 << 10, FilesMax: 100_000, PartitionsMax: 100_000,
		WritePartitionsMax: 1000, FileBytes: 128 << 20}
}

// Validate says what is wrong with c.
func (c *Config) Validate() error {
	if c.TextMaxBytes < 1 || c.FilesMax < 1 || c.PartitionsMax < 1 || c.WritePartitionsMax < 1 {
		return errors.New("sql text-max, files-max, partitions-max and write-partitions-max: use at least 1")
	}
	if c.FileBytes < 1<<20 {
		return errors.New("sql file-bytes: use at least 1 MiB (1048576)")
	}
	return c.Engine.Validate()
}
