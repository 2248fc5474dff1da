package workgroup

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// State is how far an execution is.
type State string

// The states. The last three are final.
const (
	Queued    State = "QUEUED"
	Running   State = "RUNNING"
	Succeeded State = "SUCCEEDED"
	Failed    State = "FAILED"
	Cancelled State = "CANCELLED"
)

// Final says whether nothing will happen any more.
func (s State) Final() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Execution is one run of a statement: what was asked, and what came of it.
type Execution struct {
	ID        string
	WorkGroup string
	State     State
	Submitted time.Time
	Completed time.Time // zero until State is final
	Request
	Outcome
}

// Request is what was asked.
type Request struct {
	SQL        string   `json:"sql"`
	Database   string   `json:"database,omitempty"`
	Catalog    string   `json:"catalog,omitempty"` // as asked
	Parameters []string `json:"parameters,omitempty"`
	Output     string   `json:"output,omitempty"` // as asked
	// What was decided at the start.
	Class           Class               `json:"class"`
	Location        string              `json:"location"`                  // "s3://bucket/prefix/<id>.csv"
	BytesScannedMax int64               `json:"bytesScannedMax,omitempty"` // 0: no bound
	EngineVersion   string              `json:"engineVersion,omitempty"`   // as the group had chosen
	Caller          *identity.Principal `json:"caller,omitempty"`          // who asked
}

// Outcome is what came of it.
type Outcome struct {
	Started  time.Time `json:"started,omitzero"`
	Reason   string    `json:"reason,omitempty"` // why FAILED or CANCELLED, for people
	Failure  *Failure  `json:"failure,omitempty"`
	Stats    Stats     `json:"stats,omitzero"`
	Columns  []Column  `json:"columns,omitempty"`
	Updated  *int64    `json:"updated,omitempty"`  // rows written; 0 for queries; nil for statements that do not count
	Manifest string    `json:"manifest,omitempty"` // "s3://..." of the list of written files
	ETag     string    `json:"etag,omitempty"`     // of the result file
}

// Failure says why an execution failed, for programs.
type Failure struct {
	Name string     `json:"name"` // of the fault.Reason: "query.table_not_found"; empty for an accident
	Kind fault.Kind `json:"kind"`
}

// Stats are what an execution cost.
type Stats struct {
	Queue        time.Duration `json:"queue,omitempty"`     // from submission to a worker
	Planning     time.Duration `json:"planning,omitempty"`  // part of Execution
	Execution    time.Duration `json:"execution,omitempty"` // from the worker's start to the last row
	Service      time.Duration `json:"service,omitempty"`   // from the last row to the end
	BytesScanned int64         `json:"bytesScanned,omitempty"`
	RowsOut      int64         `json:"rowsOut,omitempty"`
	BytesOut     int64         `json:"bytesOut,omitempty"` // of the result file
}

// Total is the time from submission to the end.
func (s Stats) Total() time.Duration { return s.Queue + s.Execution + s.Service }

const executionColumns = "id, workgroup, state, submitted, completed, request, outcome"

func scanExecution(scan func(...any) error) (e Execution, err error) {
	var submitted, completed int64
	var request, outcome string
	if err = scan(&e.ID, &e.WorkGroup, &e.State, &submitted, &completed, &request, &outcome); err != nil {
		return e, err
	}
	e.Submitted, e.Completed = fromMicros(submitted), fromMicros(completed)
	if err = decode(request, &e.Request); err != nil {
		return e, err
	}
	return e, decode(outcome, &e.Outcome)
}

func getExecution(tx *meta.Tx, id string) (e Execution, err error) {
	found := false
	err = tx.Query(func(scan func(...any) error) (err error) {
		found = true
		e, err = scanExecution(scan)
		return err
	}, "SELECT "+executionColumns+" FROM workgroup_execution WHERE id = ?", id)
	if err == nil && !found {
		err = ExecutionNotFound.New(id)
	}
	return e, err
}

// GetExecution returns an execution.
func (s *Service) GetExecution(ctx context.Context, id string) (e Execution, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) (err error) {
		e, err = getExecution(tx, id)
		return err
	})
	return e, err
}

// ListExecutions returns the ids of up to max executions of a group, newest
// first, and the token for more.
func (s *Service) ListExecutions(ctx context.Context, group, token string, max int) (ids []string, next string, err error) {
	listing := "executions:" + group
	after, err := page.After(listing, token)
	if err != nil {
		return nil, "", err
	}
	before, id := int64(1)<<62, ""
	if after != "" {
		at, rest, _ := strings.Cut(after, "/")
		if before, err = strconv.ParseInt(at, 10, 64); err != nil {
			return nil, "", page.BadToken.Wrap(err)
		}
		id = rest
	}
	type row struct {
		id        string
		submitted int64
	}
	var rows []row
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := getGroup(tx, group); err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			var r row
			err := scan(&r.id, &r.submitted)
			rows = append(rows, r)
			return err
		}, `SELECT id, submitted FROM workgroup_execution WHERE workgroup = ? AND (submitted < ? OR submitted = ? AND id < ?)
			ORDER BY submitted DESC, id DESC LIMIT ?`, group, before, before, id, max+1)
	})
	rows, next = page.Cut(listing, rows, max, func(r row) string { return fmt.Sprintf("%d/%s", r.submitted, r.id) })
	for _, r := range rows {
		ids = append(ids, r.id)
	}
	return ids, next, err
}
