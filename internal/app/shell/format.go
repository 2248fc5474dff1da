package shell

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// Formats lists the forms that results can have.
var Formats = []string{"table", "expanded", "csv", "json", "jsonl"}

// sheet writes one result. Values are in the text form of the wire, nil for
// NULL, and only good during the call.
type sheet interface {
	row(values [][]byte) error
	// end writes what is still held back; footer is a line for people.
	end(footer string) error
}

// newSheet returns the writer of a result in a format. screen is the width of
// the terminal, 0 when the output is not one.
func newSheet(format string, out io.Writer, columns []pgconn.FieldDescription, screen int) (sheet, error) {
	w := bufio.NewWriterSize(out, 32<<10)
	switch format {
	case "table":
		return newTable(w, columns), nil
	case "auto":
		t := newTable(w, columns)
		t.screen = screen
		return t, nil
	case "expanded":
		return &expanded{w: w, columns: columns}, nil
	case "csv":
		return newCSV(w, columns)
	case "json", "jsonl":
		return newJSON(w, columns, format == "jsonl")
	}
	return nil, fmt.Errorf("format %q: use one of %s", format, strings.Join(Formats, ", "))
}

// numeric types are right-aligned in tables and bare in JSON.
var numeric = []uint32{pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.Float4OID, pgtype.Float8OID, pgtype.NumericOID, pgtype.OIDOID}

func isNumeric(c pgconn.FieldDescription) bool { return slices.Contains(numeric, c.DataTypeOID) }

// csvSheet writes RFC 4180 with a header; NULL is an empty field.
type csvSheet struct {
	w      *bufio.Writer
	csv    *csv.Writer
	fields []string
}

func newCSV(w *bufio.Writer, columns []pgconn.FieldDescription) (sheet, error) {
	s := &csvSheet{w, csv.NewWriter(w), make([]string, len(columns))}
	for i, c := range columns {
		s.fields[i] = c.Name
	}
	return s, s.csv.Write(s.fields)
}

func (s *csvSheet) row(values [][]byte) error {
	for i, v := range values {
		s.fields[i] = string(v)
	}
	return s.csv.Write(s.fields)
}

func (s *csvSheet) end(string) error {
	s.csv.Flush()
	if err := s.csv.Error(); err != nil {
		return err
	}
	return s.w.Flush()
}

// jsonSheet writes one object a row, all in one array or one a line.
type jsonSheet struct {
	w       *bufio.Writer
	names   []string // encoded, with the colon
	columns []pgconn.FieldDescription
	lines   bool
	rows    int
}

func newJSON(w *bufio.Writer, columns []pgconn.FieldDescription, lines bool) (sheet, error) {
	s := &jsonSheet{w: w, columns: columns, lines: lines}
	for _, c := range columns {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return nil, err
		}
		s.names = append(s.names, string(name)+":")
	}
	return s, nil
}

func (s *jsonSheet) row(values [][]byte) error {
	switch {
	case s.lines:
	case s.rows == 0:
		s.w.WriteByte('[')
	default:
		s.w.WriteString(",\n ")
	}
	s.rows++
	s.w.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			s.w.WriteByte(',')
		}
		s.w.WriteString(s.names[i])
		if err := s.value(s.columns[i], v); err != nil {
			return err
		}
	}
	s.w.WriteByte('}')
	if s.lines {
		s.w.WriteByte('\n')
	}
	return nil // the writer keeps its first error for Flush
}

func (s *jsonSheet) value(c pgconn.FieldDescription, v []byte) error {
	switch {
	case v == nil:
		s.w.WriteString("null")
		return nil
	case c.DataTypeOID == pgtype.BoolOID:
		s.w.WriteString(strconv.FormatBool(len(v) > 0 && v[0] == 't'))
		return nil
	case isNumeric(c) && json.Valid(v), c.DataTypeOID == pgtype.JSONOID && json.Valid(v), c.DataTypeOID == pgtype.JSONBOID && json.Valid(v):
		s.w.Write(v)
		return nil
	}
	b, err := json.Marshal(string(v)) // NaN and Infinity too: JSON has no number for them
	if err != nil {
		return err
	}
	s.w.Write(b)
	return nil
}

func (s *jsonSheet) end(string) error {
	if !s.lines {
		if s.rows == 0 {
			s.w.WriteByte('[')
		}
		s.w.WriteString("]\n")
	}
	return s.w.Flush()
}
