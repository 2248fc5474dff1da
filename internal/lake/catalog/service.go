package catalog

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Service is the catalog.
type Service struct{}

var notYet = fault.Define("catalog.not_yet", fault.Unsupported, "not built yet")

// CreateDatabase adds a database.
func (s *Service) CreateDatabase(ctx context.Context, d Database) error { return notYet.New() }

// GetDatabase returns a database.
func (s *Service) GetDatabase(ctx context.Context, name string) (Database, error) {
	return Database{}, notYet.New()
}

// UpdateDatabase replaces a database's description, location and parameters.
func (s *Service) UpdateDatabase(ctx context.Context, name string, d Database) error {
	return notYet.New()
}

// DeleteDatabase removes a database with its tables.
func (s *Service) DeleteDatabase(ctx context.Context, name string) error { return notYet.New() }

// ListDatabases returns up to max databases and the token for more.
func (s *Service) ListDatabases(ctx context.Context, token string, max int) ([]Database, string, error) {
	return nil, "", notYet.New()
}

// CreateTable adds a table.
func (s *Service) CreateTable(ctx context.Context, t Table) error { return notYet.New() }

// GetTable returns a table's current version.
func (s *Service) GetTable(ctx context.Context, database, name string) (Table, error) {
	return Table{}, notYet.New()
}

// UpdateTable replaces a table. With ifVersion set it refuses when the current
// version is another; with archive the old version is kept.
func (s *Service) UpdateTable(ctx context.Context, t Table, ifVersion string, archive bool) error {
	return notYet.New()
}

// DeleteTable removes a table with its partitions and versions, not its data.
func (s *Service) DeleteTable(ctx context.Context, database, name string) error {
	return notYet.New()
}

// ListTables returns up to max tables whose name matches the regular
// expression pattern (empty: all) and the token for more.
func (s *Service) ListTables(ctx context.Context, database, pattern, token string, max int) ([]Table, string, error) {
	return nil, "", notYet.New()
}

// CreatePartitions adds partitions, all or none. With ifNotExists those that
// are there are left as they are; without, they are refused as Exists.
func (s *Service) CreatePartitions(ctx context.Context, database, table string, parts []Partition, ifNotExists bool) error {
	return notYet.New()
}

// DeletePartitions removes partitions by their values.
func (s *Service) DeletePartitions(ctx context.Context, database, table string, values [][]string) error {
	return notYet.New()
}

// ListPartitions returns up to max partitions in the order of their values
// that satisfy the expression (SQL over the partition keys; empty: all).
func (s *Service) ListPartitions(ctx context.Context, database, table, expression, token string, max int) ([]Partition, string, error) {
	return nil, "", notYet.New()
}
