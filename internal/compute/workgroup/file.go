package workgroup

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// put stores an object at "s3://bucket/key".
func (s *Service) put(ctx context.Context, location, contentType string, body io.Reader, size int64) (object.Object, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(location, "s3://"), "/")
	o, err := s.objects.Put(ctx, object.PutInput{Bucket: bucket, Key: key, Body: body, Size: size,
		Attributes: object.Attributes{ContentType: contentType}})
	if err != nil && ctx.Err() == nil {
		err = storing(location, err)
	}
	return o, err
}

// writeFile stores what write writes as the execution's result file. The
// object appears when write has succeeded, and not otherwise. Between the two
// is nothing but the writer's own buffer.
func (s *Service) writeFile(ctx context.Context, e *Execution, contentType string, write func(io.Writer) error) error {
	r, w := io.Pipe()
	wrote := make(chan error, 1)
	go func() {
		err := write(w)
		w.CloseWithError(err) // nil ends the body
		wrote <- err
	}()
	o, err := s.put(ctx, e.Location, contentType, r, -1)
	r.CloseWithError(err) // frees a writer that nobody reads from
	if werr := <-wrote; werr != nil && !errors.Is(werr, err) {
		return werr // what the body failed of, not that it failed
	}
	if err != nil {
		return err
	}
	e.ETag, e.Stats.BytesOut = o.ETag, o.Size
	return nil
}

// writeText stores the lines of a statement about things: a value a row, a
// line feed between rows, nothing after the last. Values of several columns
// are one value with tabs between.
func (s *Service) writeText(ctx context.Context, e *Execution, rows *meteredRows) error {
	contentType := "binary/octet-stream"
	if e.Class.Subtype == "EXPLAIN" || e.Class.Subtype == "DESCRIBE_TABLE" || e.Class.Subtype == "SHOW_CREATE_TABLE" {
		contentType = "application/octet-stream"
	}
	return s.writeFile(ctx, e, contentType, func(w io.Writer) error {
		t := &textWriter{w: bufio.NewWriter(w), class: e.Class}
		if rows == nil {
			return nil
		}
		if t.class.Header && len(rows.Columns()) > 0 {
			t.line(rows.Columns()[0].Name)
		}
		for _, c := range rows.Columns() {
			t.shapes = append(t.shapes, shapeOf(c.Type))
		}
		for {
			rec, err := rows.Next(ctx)
			if errors.Is(err, io.EOF) {
				return t.w.Flush()
			}
			if err != nil {
				return err
			}
			for i := range int(rec.NumRows()) {
				t.row(rec, i)
			}
			rec.Release()
		}
	})
}

// textWriter writes rows as lines. Errors stay in w until it is flushed.
type textWriter struct {
	w      *bufio.Writer
	class  Class
	shapes []shape
	lines  int
}

func (t *textWriter) line(text string) {
	if t.lines++; t.lines > 1 {
		t.w.WriteByte('\n')
	}
	t.w.WriteString(text)
}

func (t *textWriter) row(rec arrow.RecordBatch, i int) {
	var values []string
	for j, arr := range rec.Columns() {
		text := ""
		if !arr.IsNull(i) {
			text = string(appendValue(nil, arr, i, t.shapes[j]))
		}
		values = append(values, text)
	}
	if len(values) == 0 {
		return
	}
	switch t.class.Subtype {
	case "DESCRIBE_TABLE":
		t.line(described(values))
	case "SHOW_COLUMNS":
		t.line(padded(values[0]))
	default:
		t.line(strings.Join(values, "\t"))
	}
}

// described is a line of DESCRIBE: three fields of twenty characters, headings
// and the lines between them as Hive writes them.
func described(values []string) string {
	name, ok := strings.CutPrefix(values[0], "# ")
	switch {
	case len(values) != 3:
		return strings.Join(values, "\t")
	case strings.TrimSpace(values[0]) == "":
		return "\t \t "
	case ok && strings.TrimSpace(name) == "col_name":
		return "# " + padded(strings.TrimSpace(name)) + "\t" + padded(values[1]) + "\t" + padded(values[2])
	case ok:
		return strings.TrimRight(values[0], " ") + "\t \t "
	}
	return padded(values[0]) + "\t" + padded(values[1]) + "\t" + padded(values[2])
}

func padded(v string) string {
	const width = 20
	return v + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(v)))
}
