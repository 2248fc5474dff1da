package workgroup

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
)

// Page is a part of a result.
type Page struct {
	Columns []Column
	Rows    [][]Value // the first page of a query begins with the names of its columns
	Updated *int64    // see Outcome
	Next    string    // token for more; a full page always has one
}

// pageBytesMax bounds the bytes of a page's values, approximately.
const pageBytesMax = 8 << 20

// rowReader is one of the forms of result files.
type rowReader interface {
	row() ([]Value, error)
	at() int64
}

func (c *csvReader) at() int64  { return c.offset }
func (l *lineReader) at() int64 { return l.offset }

// Results returns up to max rows of an execution that succeeded. Refuses with
// ExecutionNotFound, NotFinished, NotSucceeded, Gone when the result file is
// no more what the execution wrote, page.BadToken, and identity's denials when
// the caller may not read the result file.
func (s *Service) Results(ctx context.Context, id, token string, max int) (Page, error) {
	e, err := s.GetExecution(ctx, id)
	if err != nil {
		return Page{}, err
	}
	switch e.State {
	case Succeeded:
	case Cancelled:
		return Page{}, Gone.New()
	case Failed:
		return Page{}, NotSucceeded.New(string(e.State))
	default:
		return Page{}, NotFinished.New(string(e.State))
	}
	p := Page{Columns: e.Columns, Updated: e.Updated}
	if e.Class.File != FileCSV && e.Class.File != FileText || e.Stats.BytesOut == 0 {
		return p, nil
	}
	listing := "result:" + id
	after, err := page.After(listing, token)
	if err != nil {
		return Page{}, err
	}
	offset, err := strconv.ParseInt("0"+after, 10, 64)
	if err != nil {
		return Page{}, page.BadToken.Wrap(err)
	}
	if offset >= e.Stats.BytesOut {
		return p, nil
	}
	p.Rows, offset, err = s.readRows(ctx, e, offset, max)
	if err == nil && len(p.Rows) > 0 && (len(p.Rows) == max || offset < e.Stats.BytesOut) {
		p.Next = page.Token(listing, strconv.FormatInt(offset, 10))
	}
	return p, err
}

// readRows reads rows from a byte of the result file on, and says where it stopped.
func (s *Service) readRows(ctx context.Context, e Execution, offset int64, max int) (rows [][]Value, end int64, err error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(e.Location, "s3://"), "/")
	if err := s.allow(ctx, "s3:GetObject", bucket, key); err != nil {
		return nil, 0, err
	}
	in := object.GetInput{Bucket: bucket, Key: key, Conditions: object.Conditions{IfMatch: e.ETag}}
	if offset > 0 {
		in.Range = &object.Range{First: offset, Last: -1}
	}
	_, body, err := s.objects.Get(ctx, in)
	if k := fault.KindOf(err); err != nil && (k == fault.NotFound || k == fault.Conflict) {
		return nil, 0, Gone.Wrap(err)
	}
	if err != nil {
		return nil, 0, err
	}
	defer body.Close()
	var r rowReader = newLineReader(body)
	if e.Class.File == FileCSV {
		r = newCSVReader(body)
	}
	size := int64(0)
	for len(rows) < max && size < pageBytesMax {
		row, err := r.row()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		rows = append(rows, row)
		size = r.at()
	}
	return rows, offset + r.at(), nil
}
