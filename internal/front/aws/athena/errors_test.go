package athena

import (
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Every refusal that can reach this door has a code of its API.
func TestEveryReasonHasACode(t *testing.T) {
	table := codes()
	for _, list := range [][]*fault.Reason{reasons, workgroup.Reasons, catalog.Reasons, object.Reasons, dialect.Reasons, query.Reasons} {
		for _, r := range list {
			if _, ok := table[r]; !ok {
				t.Errorf("%s has no code", r.Name)
			}
		}
	}
}

// Every refusal of what runs a statement has the engine's word for it.
func TestEveryFailureHasAName(t *testing.T) {
	for _, list := range [][]*fault.Reason{dialect.Reasons, catalog.Reasons, query.Reasons} {
		for _, r := range list {
			if _, ok := troubles[r.Name]; !ok {
				t.Errorf("%s has no row in troubles", r.Name)
			}
		}
	}
}
