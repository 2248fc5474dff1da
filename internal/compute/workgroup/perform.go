package workgroup

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// perform runs an execution and writes its files. What it learns goes into e.
func (s *Service) perform(ctx context.Context, e *Execution) error {
	if e.Caller != nil {
		ctx = identity.NewContext(ctx, e.Caller)
	}
	sql, done, err := s.resolve(ctx, e)
	if err != nil {
		return err
	}
	if done {
		e.Stats.Execution = s.now().Sub(e.Started)
		return s.writeText(ctx, e, nil)
	}
	rows, err := s.query.Execute(ctx, query.Statement{SQL: sql, Dialect: query.Lake, Database: database(e.Database),
		Output: e.Location + "/", BytesMax: e.BytesScannedMax})
	if err != nil {
		e.Stats.Execution = s.now().Sub(e.Started)
		return s.limited(e, err)
	}
	defer rows.Close()
	metered := &meteredRows{Rows: rows, s: s, e: e}
	err = s.deliver(ctx, e, metered)
	metered.note()
	if err != nil {
		return err
	}
	return s.writeCompanions(ctx, e, rows)
}

// limited tells a query that would read too much from others that fail.
func (s *Service) limited(e *Execution, err error) error {
	if fault.ReasonOf(err) == query.ScanLimit {
		return Cutoff.Wrap(err, e.BytesScannedMax)
	}
	return err
}

// database is a name as the engine takes it: some clients send it in backticks.
func database(name string) string {
	if n := len(name); n > 1 && name[0] == '`' && name[n-1] == '`' {
		name = strings.ReplaceAll(name[1:n-1], "``", "`")
	}
	return strings.ToLower(name)
}

// resolve gives the text to run: with a prepared statement's in place of
// EXECUTE, and values in place of ?. Done says that there is nothing to run:
// PREPARE and DEALLOCATE are carried out here.
func (s *Service) resolve(ctx context.Context, e *Execution) (sql string, done bool, err error) {
	st, err := dialect.Parse(e.SQL, dialect.Lake)
	if err != nil {
		return "", false, err
	}
	switch st := st.(type) {
	case *dialect.Prepare:
		return "", true, s.prepare(ctx, Prepared{WorkGroup: e.WorkGroup, Name: st.Name, Statement: st.Text})
	case *dialect.Deallocate:
		return "", true, s.DeletePrepared(ctx, e.WorkGroup, st.Name)
	case *dialect.Execute:
		p, err := s.GetPrepared(ctx, e.WorkGroup, st.Name)
		if err != nil {
			return "", false, err
		}
		values := literals(e.Parameters)
		for _, a := range st.Args {
			values = append(values, bracketed(a.Text))
		}
		sql, err = bind(p.Statement, values)
		return sql, false, err
	}
	sql, err = bind(e.SQL, literals(e.Parameters))
	return sql, false, err
}

// prepare is PREPARE, which replaces a statement of the same name.
func (s *Service) prepare(ctx context.Context, p Prepared) error {
	err := s.CreatePrepared(ctx, p)
	if fault.ReasonOf(err) == StatementExists {
		err = s.UpdatePrepared(ctx, p)
	}
	return err
}

// deliver reads the rows into the file of the statement's class.
func (s *Service) deliver(ctx context.Context, e *Execution, rows *meteredRows) error {
	switch e.Class.File {
	case FileCSV:
		return s.writeFile(ctx, e, "application/octet-stream", func(w io.Writer) error { return writeCSV(ctx, w, rows) })
	case FileText:
		return s.writeText(ctx, e, rows)
	default:
		return rows.drain(ctx)
	}
}

func writeCSV(ctx context.Context, w io.Writer, rows *meteredRows) error {
	out := newCSVWriter(w, rows.Columns())
	for {
		rec, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return out.flush()
		}
		if err != nil {
			return err
		}
		rows.e.Stats.RowsOut += rec.NumRows()
		err = out.batch(rec)
		rec.Release()
		if err != nil {
			return err
		}
	}
}

// meteredRows keeps an execution's statistics while its rows are read.
type meteredRows struct {
	query.Rows
	s *Service
	e *Execution
}

func (m *meteredRows) note() {
	st := m.Stats()
	m.e.Stats.BytesScanned, m.e.Stats.Planning = st.BytesScanned, st.Planning
	m.e.Stats.Execution = m.s.now().Sub(m.e.Started)
}

func (m *meteredRows) drain(ctx context.Context) error {
	for {
		rec, err := m.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		rec.Release()
	}
}

// resultKey is the key of a result file of a form, and what its companions'
// keys begin with.
func resultKey(prefix, id string, f File) string {
	switch f {
	case FileCSV:
		return prefix + id + ".csv"
	case FileText:
		return prefix + id + ".txt"
	case FileTable:
		return prefix + "tables/" + id
	default:
		return prefix + id
	}
}

// writeCompanions writes what stands beside the result: the list of files that
// a statement wrote, and the description of the columns.
func (s *Service) writeCompanions(ctx context.Context, e *Execution, rows query.Rows) error {
	var updated int64
	switch c := e.Class; {
	case c.Update != "":
		updated = rows.Stats().RowsWritten
		e.Columns, e.Updated = []Column{countColumn}, &updated
		e.Stats.RowsOut = updated
	case c.File == FileCSV, strings.HasPrefix(c.Subtype, "SHOW_") && c.Subtype != "SHOW_CREATE_TABLE":
		e.Updated = &updated
		fallthrough
	default:
		e.Columns = columnsOf(c, rows.Columns())
	}
	if t := rows.Target(); t != nil && (len(t.Files) > 0 || e.Class.Update != "INSERT") {
		list := strings.Join(append(t.Files, ""), "\n")
		if _, err := s.put(ctx, e.Location+"-manifest.csv", "application/octet-stream", strings.NewReader(list), int64(len(list))); err != nil {
			return err
		}
		e.Manifest = e.Location + "-manifest.csv"
	}
	if len(e.Columns) == 0 {
		return nil
	}
	b := string(metadataFile(e.ID, e.Class, e.Columns, updated))
	_, err := s.put(ctx, e.Location+".metadata", "application/octet-stream", strings.NewReader(b), int64(len(b)))
	return err
}

// storing is the reason why a file could not be stored: the refusal of the
// object store, or for an accident that the result is not there.
func storing(location string, err error) error {
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	return Unstored.Wrap(err, location)
}
