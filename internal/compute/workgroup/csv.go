package workgroup

import (
	"bufio"
	"bytes"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// csvWriter writes rows as the result files of SELECT have them: every value
// in double quotes, a double quote in it twice, NULL as nothing at all, a line
// feed after each row, the header first.
type csvWriter struct {
	w      *bufio.Writer
	shapes []shape
	value  []byte // scratch
}

func newCSVWriter(w io.Writer, cols []query.Column) *csvWriter {
	c := &csvWriter{w: bufio.NewWriterSize(w, 256<<10)}
	for i, col := range cols {
		c.shapes = append(c.shapes, shapeOf(col.Type))
		if i > 0 {
			c.w.WriteByte(',')
		}
		c.quote([]byte(col.Name))
	}
	c.w.WriteByte('\n')
	return c
}

func (c *csvWriter) quote(v []byte) {
	c.w.WriteByte('"')
	for {
		n := bytes.IndexByte(v, '"')
		if n < 0 {
			break
		}
		c.w.Write(v[:n+1])
		c.w.WriteByte('"')
		v = v[n+1:]
	}
	c.w.Write(v)
	c.w.WriteByte('"')
}

// batch writes the rows of rec. The writer keeps its first error for flush.
func (c *csvWriter) batch(rec arrow.RecordBatch) error {
	cols := rec.Columns()
	for i := range int(rec.NumRows()) {
		for j, arr := range cols {
			if j > 0 {
				c.w.WriteByte(',')
			}
			if arr.IsNull(i) {
				continue
			}
			c.value = appendValue(c.value[:0], arr, i, c.shapes[j])
			c.quote(c.value)
		}
		if err := c.w.WriteByte('\n'); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvWriter) flush() error { return c.w.Flush() }

// Value is one value of a result's page; nil is NULL.
type Value = *string

// csvReader reads what csvWriter wrote and knows how far it is.
type csvReader struct {
	r      *bufio.Reader
	offset int64 // bytes read
	value  []byte
}

func newCSVReader(r io.Reader) *csvReader {
	return &csvReader{r: bufio.NewReaderSize(r, 64<<10)}
}

// row returns the next row, or io.EOF. Text that the writer does not write is
// Gone: somebody else has put something else there.
func (c *csvReader) row() ([]Value, error) {
	var row []Value
	if _, err := c.r.Peek(1); err != nil {
		return nil, err
	}
	for {
		v, end, err := c.field()
		if err != nil {
			return nil, err
		}
		row = append(row, v)
		switch end {
		case '\n':
			return row, nil
		case ',':
		default:
			return nil, Gone.New()
		}
	}
}

// field returns a value and the byte that ended it.
func (c *csvReader) field() (Value, byte, error) {
	first, err := c.next()
	if err != nil {
		return nil, 0, err
	}
	if first != '"' {
		return nil, first, nil
	}
	c.value = c.value[:0]
	for {
		part, err := c.r.ReadSlice('"')
		c.offset += int64(len(part))
		c.value = append(c.value, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			return nil, 0, Gone.Wrap(err)
		}
		after, err := c.next()
		if err != nil {
			return nil, 0, err
		}
		if after != '"' {
			s := string(c.value[:len(c.value)-1])
			return &s, after, nil
		}
	}
}

func (c *csvReader) next() (byte, error) {
	b, err := c.r.ReadByte()
	if err == io.EOF {
		return 0, Gone.Wrap(err)
	}
	c.offset++
	return b, err
}

// lineReader reads the lines of the text files of other statements: one value
// a row, no line feed after the last.
type lineReader struct {
	r      *bufio.Reader
	offset int64
	ended  bool
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 64<<10)}
}

func (l *lineReader) row() ([]Value, error) {
	if l.ended {
		return nil, io.EOF
	}
	line, err := l.r.ReadString('\n')
	if err == io.EOF {
		if l.ended = true; line == "" && l.offset == 0 {
			return nil, io.EOF // an empty file has no rows
		}
		err = nil
	}
	l.offset += int64(len(line))
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	return []Value{&line}, err
}
