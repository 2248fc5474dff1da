package workgroup

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// StartInput is what a query is started with.
type StartInput struct {
	SQL        string
	Database   string
	Catalog    string
	Parameters []string // SQL values for the ? of the statement, in order
	Output     string   // "s3://bucket/prefix/"; empty for the group's
	WorkGroup  string   // empty for Primary
	Token      string   // 32 to 128 characters; the same token is the same execution
}

const (
	tokenLeast    = 32
	tokenMost     = 128
	parametersMax = 1024
)

func (in StartInput) validate() error {
	switch n := utf8.RuneCountInString(in.Token); {
	case n < tokenLeast:
		return BadToken.New(fmt.Sprintf("1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to %d", tokenLeast))
	case n > tokenMost:
		return BadToken.New(fmt.Sprintf("1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to %d", tokenMost))
	case strings.TrimSpace(in.SQL) == "":
		return BadStatement.New("the query is empty: give one SQL statement")
	case len(in.SQL) > StatementMax:
		return BadStatement.New(fmt.Sprintf("the query has %d bytes; at most %d are taken", len(in.SQL), StatementMax))
	case len(in.Parameters) > parametersMax:
		return BadParameters.New(fmt.Sprintf("at most %d execution parameters are taken", parametersMax))
	}
	return nil
}

// Start writes down a query for the workers and returns the execution's id.
// The caller is the context's principal; the query runs as that principal.
//
// The token makes the call idempotent: given again it returns the first id,
// whatever became of it, and refuses with TokenReused when SQL, Database,
// Catalog or Output differ. Refuses also with BadToken, BadStatement,
// BadOutput, NoOutput, NoBucket, GroupNotFound, GroupDisabled, QueueFull, the
// dialect's refusals for text that is no statement, and identity's when the
// caller may not write to the output location.
func (s *Service) Start(ctx context.Context, in StartInput) (string, error) {
	if err := in.validate(); err != nil {
		return "", err
	}
	if in.WorkGroup == "" {
		in.WorkGroup = Primary
	}
	group, err := s.GetGroup(ctx, in.WorkGroup)
	if err != nil {
		return "", err
	}
	if !group.Enabled {
		return "", GroupDisabled.New(group.Name)
	}
	bucket, prefix, err := s.output(ctx, group, in.Output)
	if err != nil {
		return "", err
	}
	class, err := s.classify(ctx, group.Name, in.SQL)
	if err != nil {
		return "", err
	}
	e := Execution{ID: id.UUID(), WorkGroup: group.Name, State: Queued, Submitted: s.now(), Request: Request{
		SQL: in.SQL, Database: in.Database, Catalog: in.Catalog, Parameters: in.Parameters, Output: in.Output, Class: class,
		BytesScannedMax: group.Settings.BytesScannedMax, EngineVersion: group.Settings.EngineVersion, Caller: identity.FromContext(ctx)}}
	key := resultKey(prefix, e.ID, class.File)
	if err := s.allow(ctx, "s3:PutObject", bucket, key); err != nil {
		return "", err
	}
	e.Location = "s3://" + bucket + "/" + key
	if err := s.enqueue(ctx, &e, in.Token); err != nil {
		return "", err
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return e.ID, nil
}

// enqueue writes e down, or finds the execution of the same token and gives e
// its id.
func (s *Service) enqueue(ctx context.Context, e *Execution, token string) error {
	fresh := e.ID
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		e.ID = fresh
		var old string
		if found, err := tx.Get([]any{&old}, "SELECT id FROM workgroup_execution WHERE token = ?", token); err != nil {
			return err
		} else if found {
			first, err := getExecution(tx, old)
			if err != nil {
				return err
			}
			if first.SQL != e.SQL || first.Database != e.Database || first.Catalog != e.Catalog || first.Output != e.Output {
				return TokenReused.New()
			}
			e.ID = first.ID
			return nil
		}
		var waiting int
		if _, err := tx.Get([]any{&waiting}, "SELECT count(*) FROM workgroup_execution WHERE state = ?", string(Queued)); err != nil {
			return err
		}
		if waiting >= s.cfg.QueueMax {
			return QueueFull.New(waiting)
		}
		_, err := tx.Exec("INSERT INTO workgroup_execution ("+executionColumns+", token) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			e.ID, e.WorkGroup, string(e.State), micros(e.Submitted), 0, encode(e.Request), encode(e.Outcome), token)
		return err
	})
}

// output decides where results go and checks that the bucket is there.
func (s *Service) output(ctx context.Context, g Group, asked string) (bucket, prefix string, err error) {
	if asked != "" {
		if _, _, err := splitLocation(asked); err != nil {
			return "", "", err
		}
	}
	location := asked
	if g.Settings.Output != "" && (g.Settings.Enforce || location == "") {
		location = g.Settings.Output
	}
	if location == "" {
		return "", "", NoOutput.New()
	}
	if bucket, prefix, err = splitLocation(location); err != nil {
		return "", "", err
	}
	if _, err := s.objects.GetBucket(ctx, bucket); fault.KindOf(err) == fault.NotFound {
		return "", "", NoBucket.Wrap(err, bucket)
	} else if err != nil {
		return "", "", err
	}
	return bucket, prefix, nil
}

// splitLocation cuts "s3://bucket/a/b" to the bucket and "a/b/".
func splitLocation(location string) (bucket, prefix string, err error) {
	rest, ok := strings.CutPrefix(location, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", BadOutput.New()
	}
	if prefix = strings.TrimSuffix(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	return bucket, prefix, nil
}

// classify reads the statement far enough to know its class. A statement that
// executes a prepared one has that one's class; if there is none the execution
// will say so.
func (s *Service) classify(ctx context.Context, group, sql string) (Class, error) {
	st, err := dialect.Parse(sql, dialect.Lake)
	if err != nil {
		return Class{}, err
	}
	x, ok := st.(*dialect.Execute)
	if !ok {
		return classOf(st), nil
	}
	p, err := s.GetPrepared(ctx, group, x.Name)
	if fault.ReasonOf(err) == StatementNotFound {
		return selectClass, nil
	}
	if err != nil {
		return Class{}, err
	}
	if st, err = dialect.Parse(p.Statement, dialect.Lake); err != nil {
		return selectClass, nil // it was checked when it was prepared; the run will tell
	}
	return classOf(st), nil
}
