package weather

import (
	"io"
	"strconv"
	"time"
)

// sheetBytes is how much is gathered before it is written.
const sheetBytes = 64 << 10

// sheet writes rows and counts them. The first error is kept for flush.
type sheet struct {
	w     io.Writer
	buf   []byte
	err   error
	facts *Facts
	rows  int64
	bytes int64

	day   time.Time
	stamp []byte // ",18800101,"
}

func (o *sheet) date(d time.Time) {
	o.day = d
	o.stamp = d.AppendFormat(o.stamp[:0], ",20060102,")
}

func (o *sheet) row(s *station, element string, value int, mFlag, qFlag, sFlag string) {
	b := append(o.buf, s.id...)
	b = append(b, o.stamp...)
	b = append(b, element...)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(value), 10)
	b = append(b, ',')
	b = append(b, mFlag...)
	b = append(b, ',')
	b = append(b, qFlag...)
	b = append(b, ',')
	b = append(b, sFlag...)
	b = append(b, ',')
	b = append(b, s.obsTime...)
	o.buf = append(b, '\n')
	o.rows++
	o.facts.add(s.id, element, value, qFlag, o.day)
	if len(o.buf) >= sheetBytes {
		_ = o.flush() // kept in o.err, and flush reports it again at the end
	}
}

func (o *sheet) flush() error {
	if o.err == nil {
		var n int
		n, o.err = o.w.Write(o.buf)
		o.bytes += int64(n)
	}
	o.buf = o.buf[:0]
	return o.err
}
