package glue

import (
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
)

// Refusals of this door.
var (
	CatalogNotFound = fault.Define("glue.catalog_not_found", fault.NotFound, "Catalog %s not found. This server has one catalog, %s: leave CatalogId out.")
	Constraint      = fault.Define("glue.constraint", fault.Invalid, "1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s")
	BadFilter       = fault.Define("glue.bad_filter", fault.Invalid, "The filter %s is not supported: use %s")
	BadStatistics   = fault.Define("glue.bad_statistics", fault.Invalid, "The statistics of column %s: %s")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{CatalogNotFound, Constraint, BadFilter, BadStatistics}

// codes names the refusals as the service does; all its client errors are 400.
func codes() map[*fault.Reason]gate.Code {
	m := map[*fault.Reason]gate.Code{}
	for name, reasons := range map[string][]*fault.Reason{
		"EntityNotFoundException": {catalog.DatabaseNotFound, catalog.TableNotFound, catalog.VersionNotFound, catalog.PartitionNotFound,
			catalog.StatisticNotFound, catalog.ColumnNotFound, CatalogNotFound},
		"AlreadyExistsException":               {catalog.DatabaseExists, catalog.TableExists, catalog.PartitionExists},
		"ConcurrentModificationException":      {catalog.TableChanged},
		"ResourceNumberLimitExceededException": {catalog.TooMany},
		"ValidationException":                  {Constraint},
		"InvalidInputException": {catalog.VersionCurrent, catalog.BadName, catalog.BadValue, catalog.BadPattern, catalog.BadExpression,
			BadFilter, BadStatistics, page.BadToken, gate.Unhonoured},
	} {
		for _, r := range reasons {
			m[r] = gate.Code{Name: name, Status: 400}
		}
	}
	return m
}

// refusal names an error inside the answer of a Batch operation.
func (d *door) refusal(err error) (code, message string) {
	if c, ok := d.codes[fault.ReasonOf(err)]; ok {
		return c.Name, fault.Message(err)
	}
	return "InternalServiceException", fault.Message(err)
}
