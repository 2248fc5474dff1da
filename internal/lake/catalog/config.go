package catalog

import "errors"

// Config bounds the catalog.
type Config struct {
	DatabasesMax  int `conf:"databases-max" help:"how many databases the catalog holds"`
	TablesMax     int `conf:"tables-max" help:"how many tables a database holds"`
	VersionsMax   int `conf:"versions-max" help:"how many old versions of a table are kept"`
	PartitionsMax int `conf:"partitions-max" help:"how many partitions a table holds"`
}

// Default has the quotas of the service that most clients are written for.
func Default() Config {
	return Config{DatabasesMax: 10_000, TablesMax: 200_000, VersionsMax: 100_000, PartitionsMax: 10_000_000}
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	if c.DatabasesMax < 1 || c.TablesMax < 1 || c.VersionsMax < 1 || c.PartitionsMax < 1 {
		return errors.New("catalog: databases-max, tables-max, versions-max and partitions-max are at least 1")
	}
	return nil
}
