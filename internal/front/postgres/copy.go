package postgres

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// copyForm is how COPY writes rows, after
// https://www.postgresql.org/docs/15/sql-copy.html.
type copyForm struct {
	binary      bool
	csv         bool
	header      bool
	delimiter   byte
	quote       byte
	escape      byte
	null        string
	forced      []bool // columns that are quoted always
	forcedNames []string
	head        []byte // of the binary form, until it is sent
}

func (x *session) copyOut(p *piece, st *dialect.Copy) (*own, error) {
	f, err := newCopyForm(st)
	if err != nil {
		return nil, err
	}
	var source *piece
	if st.Query != nil {
		source, err = inside(p, *st.Query)
	} else {
		source, err = tableSource(st)
	}
	if err != nil {
		return nil, err
	}
	return &own{tag: "COPY", source: source, run: func(x *session, p *portal, _ int64) (string, error) {
		return x.copyRows(p, f)
	}}, nil
}

// tableSource is the query of COPY table (columns).
func tableSource(st *dialect.Copy) (*piece, error) {
	columns := "*"
	if len(st.Columns) > 0 {
		quoted := make([]string, len(st.Columns))
		for i, c := range st.Columns {
			quoted[i] = quoteIdentifier(c)
		}
		columns = strings.Join(quoted, ", ")
	}
	parts := make([]string, len(st.Table.Parts))
	for i, n := range st.Table.Parts {
		parts[i] = quoteIdentifier(n)
	}
	list, err := split("SELECT " + columns + " FROM " + strings.Join(parts, "."))
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// newCopyForm checks the options.
func newCopyForm(st *dialect.Copy) (copyForm, error) {
	f := copyForm{binary: st.Format == "binary", csv: st.Format == "csv", header: st.Header, delimiter: '\t', null: `\N`, forcedNames: st.ForceQuote}
	if f.csv {
		f.delimiter, f.quote, f.null = ',', '"', ""
	}
	for _, o := range []struct {
		name, value string
		to          *byte
		csv         bool
	}{{"delimiter", st.Delimiter, &f.delimiter, false}, {"quote", st.Quote, &f.quote, true}, {"escape", st.Escape, &f.escape, true}} {
		switch {
		case o.value == "":
		case len(o.value) != 1 || o.value == "\n" || o.value == "\r":
			return f, refuse("0A000", "COPY %s must be a single one-byte character", o.name)
		case f.binary || o.csv && !f.csv:
			return f, refuse("0A000", "COPY %s is not available in %s mode", o.name, strings.ToUpper(st.Format))
		default:
			*o.to = o.value[0]
		}
	}
	if f.escape == 0 {
		f.escape = f.quote
	}
	if st.Null != "" {
		f.null = st.Null
	}
	switch {
	case st.Encoding != "" && !isUTF8(st.Encoding):
		return f, notServed("COPY encoding " + st.Encoding).with("Text is written in UTF8.")
	case len(st.ForceQuote) > 0 && !f.csv:
		return f, refuse("0A000", "COPY force quote available only in CSV mode")
	case f.binary && (st.Null != "" || st.Header):
		return f, refuse("42601", "cannot specify NULL or HEADER in BINARY mode")
	case f.csv && f.quote == f.delimiter, strings.IndexByte(f.null, f.delimiter) >= 0:
		return f, refuse("22023", "COPY delimiter, quote and null must differ")
	case !f.csv && strings.IndexByte(`\.abcdefghijklmnopqrstuvwxyz0123456789`, f.delimiter) >= 0:
		return f, refuse("22023", "COPY delimiter cannot be %q", f.delimiter)
	}
	return f, nil
}

func isUTF8(name string) bool { v, ok := encoding(name); return ok && v == "UTF8" }

// copyRows runs the query of a COPY and sends its rows.
func (x *session) copyRows(p *portal, f copyForm) (string, error) {
	inner := newPortal(p.ctx, p.st.own.inner, p.args, nil)
	defer inner.close()
	if err := f.force(inner.st.columns); err != nil {
		return "", err
	}
	if err := inner.start(x); err != nil {
		return "", err
	}
	formats := []int16{formatText}
	if f.binary {
		formats = []int16{formatBinary}
	}
	codes := make([]uint16, len(inner.open))
	for i := range codes {
		codes[i] = uint16(formats[0])
	}
	x.out.send(&pgproto3.CopyOutResponse{OverallFormat: byte(formats[0]), ColumnFormatCodes: codes})
	x.copyHead(inner.st.columns, &f)
	n, err := inner.stream(x, 0, formats, f.rows)
	if err != nil {
		return "", err
	}
	if f.binary {
		x.out.send(&pgproto3.CopyData{Data: append(f.head, 0xff, 0xff)})
	}
	x.out.send(&pgproto3.CopyDone{})
	return fmt.Sprintf("COPY %d", n), nil
}

// force finds the columns of FORCE_QUOTE.
func (f *copyForm) force(columns []query.Column) error {
	f.forced = make([]bool, len(columns))
	for _, name := range f.forcedNames {
		found := name == "*"
		for i, c := range columns {
			if name == "*" || c.Name == name {
				f.forced[i], found = true, true
			}
		}
		if !found {
			return refuse("42703", "column %q of FORCE_QUOTE is not among the columns", name)
		}
	}
	return nil
}

// copyHead prepares or sends what stands before the first row.
func (x *session) copyHead(columns []query.Column, f *copyForm) {
	switch {
	case f.binary: // signature, flags, length of the extension: clients expect them in the first row's message
		f.head = append([]byte("PGCOPY\n\xff\r\n\x00"), make([]byte, 8)...)
	case f.header:
		var b []byte
		for i, c := range columns {
			if i > 0 {
				b = append(b, f.delimiter)
			}
			at := len(b)
			b = f.escaped(append(b, c.Name...), at, false)
		}
		x.out.send(&pgproto3.CopyData{Data: append(b, '\n')})
	}
}

// rows is the form of COPY's rows.
func (f *copyForm) rows(columns []value) appender {
	if f.binary {
		return func(b []byte, row int) []byte {
			at := len(b)
			b = append(append(b, 'd', 0, 0, 0, 0), f.head...)
			f.head = nil
			b = append(b, byte(len(columns)>>8), byte(len(columns)))
			for i := range columns {
				b = appendField(b, &columns[i], row)
			}
			return seal(b, at)
		}
	}
	return func(b []byte, row int) []byte {
		at := len(b)
		b = append(b, 'd', 0, 0, 0, 0)
		for i := range columns {
			if i > 0 {
				b = append(b, f.delimiter)
			}
			if columns[i].isNull(row) {
				b = append(b, f.null...)
				continue
			}
			start := len(b)
			b = f.escaped(columns[i].append(b, row), start, f.forced[i])
		}
		return seal(append(b, '\n'), at)
	}
}

// escaped makes b[start:] readable as one field.
func (f *copyForm) escaped(b []byte, start int, force bool) []byte {
	if f.csv {
		return f.quoted(b, start, force)
	}
	field := b[start:]
	if bytes.IndexByte(field, f.delimiter) < 0 && !bytes.ContainsAny(field, "\\\b\f\n\r\t\v") {
		return b
	}
	plain := string(field)
	b = b[:start]
	for i := range len(plain) {
		c := plain[i]
		if at := strings.IndexByte("\b\f\n\r\t\v", c); at >= 0 {
			b = append(b, '\\', "bfnrtv"[at])
			continue
		}
		if c == '\\' || c == f.delimiter {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return b
}

func (f *copyForm) quoted(b []byte, start int, force bool) []byte {
	field := b[start:]
	if !force && bytes.IndexByte(field, f.delimiter) < 0 && bytes.IndexByte(field, f.quote) < 0 &&
		!bytes.ContainsAny(field, "\r\n") && string(field) != f.null && string(field) != `\.` {
		return b
	}
	plain := string(field)
	b = append(b[:start], f.quote)
	for i := range len(plain) {
		if plain[i] == f.quote || plain[i] == f.escape {
			b = append(b, f.escape)
		}
		b = append(b, plain[i])
	}
	return append(b, f.quote)
}
