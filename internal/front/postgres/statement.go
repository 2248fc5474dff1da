package postgres

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
)

// statement is one parsed statement: the engine's, the session's own, or empty.
type statement struct {
	text     string
	edited   edited // what the engine was given
	null     any    // of late: what stands for a null
	late     *piece // set when parameters are written into the text: see late.go
	prepared query.Prepared
	own      *own
	empty    bool
	params   []kind
	columns  []query.Column
	kinds    []kind
	parent   *statement // the COPY or DECLARE around it, which owns prepared
	uses     int        // portals that run it
	dropped  bool
}

// close drops a statement; the engine's part lives on while a portal reads it.
func (st *statement) close() {
	st.dropped = true
	if st.uses == 0 {
		st.free()
	}
}

// hold and release count the portals that run a statement.
func (st *statement) hold() {
	for ; st != nil; st = st.parent {
		st.uses++
	}
}

func (st *statement) release() {
	for ; st != nil; st = st.parent {
		if st.uses--; st.uses == 0 && st.dropped {
			st.free()
		}
	}
}

func (st *statement) free() {
	if st.prepared != nil && st.parent == nil {
		st.prepared.Close()
		st.prepared = nil
	}
}

// describe sets the shape of the rows.
func (st *statement) describe(columns []query.Column) {
	st.columns = columns
	st.kinds = make([]kind, len(columns))
	for i, c := range columns {
		st.kinds[i] = kindOf(c)
	}
}

// writes says whether the statement changes anything that outlives it.
func (st *statement) writes() bool {
	if st.prepared == nil {
		return false
	}
	switch st.prepared.Kind() {
	case query.KindSelect, query.KindUtility:
		return false
	}
	return true
}

// piece is one statement of a text.
type piece struct {
	text   string // the statement alone
	start  int    // its byte offset
	tokens []dialect.Token
}

// split cuts a text into statements. Offsets of the tokens are within the piece.
func split(text string) ([]piece, error) {
	if !utf8.ValidString(text) {
		return nil, refuse("22021", "invalid byte sequence for encoding \"UTF8\"")
	}
	tokens, err := dialect.Lex(text, dialect.Warehouse)
	if err != nil {
		return nil, refusalOf(context.Background(), err, text)
	}
	var out []piece
	first := 0
	for i, t := range tokens {
		if t.Kind != dialect.EOF && !t.Is(";") {
			continue
		}
		if i > first {
			start, end := tokens[first].Start, tokens[i-1].End
			p := piece{text: text[start:end], start: start}
			for _, t := range tokens[first:i] {
				t.Start, t.End = t.Start-start, t.End-start
				p.tokens = append(p.tokens, t)
			}
			out = append(out, p)
		}
		first = i + 1
	}
	return out, nil
}

// word returns the i-th token if it is a plain word, in upper case.
func (p *piece) word(i int) string {
	if i < len(p.tokens) && p.tokens[i].Kind == dialect.Word {
		return p.tokens[i].Value
	}
	return ""
}

// is says whether the piece begins with the words.
func (p *piece) is(words string) bool {
	for i, w := range strings.Fields(words) {
		if p.word(i) != w {
			return false
		}
	}
	return true
}

// prepare reads one statement. Types are the parameters' as the client
// declared them; 0 leaves a type open.
func (x *session) prepare(ctx context.Context, p piece, types []uint32) (*statement, error) {
	st := &statement{text: p.text}
	if own, err := x.ownStatement(&p); own != nil || err != nil {
		if err != nil {
			return nil, err
		}
		st.own = own
		st.describe(own.columns)
		if own.source == nil {
			return st, x.mayParse(st)
		}
		// COPY (query) and DECLARE carry a statement of the engine's
		inner, err := x.prepare(ctx, *own.source, types)
		if err != nil {
			return nil, err
		}
		if inner.own != nil || inner.writes() || len(inner.columns) == 0 {
			inner.close()
			return nil, refuse("42601", "%s needs a query", own.tag).with("Write a SELECT, VALUES or WITH statement there.")
		}
		st.prepared, st.params = inner.prepared, inner.params
		own.inner, inner.parent = inner, st
		return st, nil
	}
	if err := x.mayParse(st); err != nil {
		return nil, err
	}
	if slices.Contains(types, oidNumeric) && lastParameter(&p) > 0 {
		return x.prepareLate(ctx, p, types)
	}
	err := x.planned(ctx, st, p, types)
	if isLate(err, &p) {
		return x.prepareLate(ctx, p, types)
	}
	if err != nil {
		return nil, st.edited.back(refusalOf(ctx, err, st.edited.to))
	}
	for i, c := range st.prepared.Parameters() {
		k := kindOf(c)
		if i < len(types) && types[i] != 0 && types[i] != oidUnknown {
			k = kindOfOID(types[i])
		}
		st.params = append(st.params, k)
	}
	return st, nil
}

// planned lets the engine check the statement and find its types.
func (x *session) planned(ctx context.Context, st *statement, p piece, types []uint32) error {
	ctx = syscat.NewContext(ctx, x.describeSession())
	edits, err := x.server.System.Expand(ctx, p.text, p.tokens, declaredType(types))
	if err != nil {
		return err
	}
	st.edited = edit(p.text, edits)
	if st.prepared, err = x.server.Engine.Prepare(ctx, x.statement(st.edited.to)); err != nil {
		st.prepared = nil
		return err
	}
	st.describe(st.prepared.Columns())
	return nil
}

// mayParse refuses every statement in a failed block but those that end it.
func (x *session) mayParse(st *statement) error {
	if x.status == failed && (st.own == nil || !st.own.ends) {
		return refuse("25P02", "current transaction is aborted, commands ignored until end of transaction block").
			with("ROLLBACK, or ROLLBACK TO a savepoint.")
	}
	return nil
}

// mayRun refuses what may not run in the transaction's state.
func (x *session) mayRun(st *statement) error {
	if err := x.mayParse(st); err != nil || !st.writes() {
		return err
	}
	tag := st.prepared.Tag()
	if x.status == idle && x.settings.boolean("default_transaction_read_only") || x.status == inBlock && x.readOnly {
		return refuse("25006", "cannot execute %s in a read-only transaction", tag)
	}
	if x.status == inBlock {
		return refuse("25001", "%s cannot run inside a transaction block", tag).
			with("Each statement that writes commits by itself: run it outside BEGIN, with autocommit on.")
	}
	return nil
}

// declared names the types that a client may give its parameters, as the
// engine's dialect writes them. Text is left open: the engine then takes the
// type from the place where the parameter stands.
var declared = map[uint32]string{
	oidBool: "boolean", oidBytea: "bytea", oidInt8: "bigint", oidInt2: "smallint", oidInt4: "integer",
	oidOid: "bigint", oidFloat4: "real", oidFloat8: "double precision",
	oidDate: "date", oidTime: "time", oidTimestamp: "timestamp", oidTimestampTZ: "timestamptz",
	oidInterval: "interval", oidUUID: "uuid",
	1000: "boolean[]", 1005: "smallint[]", 1007: "integer[]", 1016: "bigint[]", 1021: "real[]",
	1022: "double precision[]", 1182: "date[]", 1115: "timestamp[]", 2951: "uuid[]", 1009: "text[]", 1015: "text[]",
}

// declaredType names the type that the client gave a parameter, or "".
func declaredType(types []uint32) func(dialect.Token) string {
	return func(t dialect.Token) string {
		if n := parameterNumber(t); n >= 1 && n <= len(types) {
			return declared[types[n-1]]
		}
		return ""
	}
}

// parameterNumber returns n of a $n, or 0.
func parameterNumber(t dialect.Token) int {
	if t.Kind != dialect.Parameter || len(t.Text) < 2 || len(t.Text) > 6 || t.Text[0] != '$' {
		return 0
	}
	n := 0
	for _, c := range t.Text[1:] {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// edited is a text with replacements, which knows the way back.
type edited struct {
	from, to string
	edits    []syscat.Edit
}

func edit(text string, edits []syscat.Edit) edited {
	var b strings.Builder
	last := 0
	for _, e := range edits {
		b.WriteString(text[last:e.Start])
		b.WriteString(e.Text)
		last = e.End
	}
	b.WriteString(text[last:])
	return edited{text, b.String(), edits}
}

// back moves a refusal's position, in characters of the edited text, to the
// client's text; within a replacement it is where that begins.
func (d edited) back(r *refusal) *refusal {
	if r.position == 0 || len(d.edits) == 0 {
		return r
	}
	at := byteOffset(d.to, r.position-1)
	grown := 0
	for _, e := range d.edits {
		start := e.Start + grown
		if at < start {
			break
		}
		if at < start+len(e.Text) {
			return r.at(d.from, e.Start)
		}
		grown += len(e.Text) - (e.End - e.Start)
	}
	return r.at(d.from, at-grown)
}

// byteOffset is where the n-th character begins.
func byteOffset(text string, n int) int {
	for i := range text {
		if n == 0 {
			return i
		}
		n--
	}
	return len(text)
}

// sizes of the binary forms of types that have one size.
var sizes = map[uint32]int16{
	oidBool: 1, oidInt2: 2, oidInt4: 4, oidInt8: 8, oidOid: 4, oidFloat4: 4, oidFloat8: 8, oidDate: 4,
	oidTime: 8, oidTimestamp: 8, oidTimestampTZ: 8, oidInterval: 16, oidUUID: 16,
}

func kindOfOID(oid uint32) kind {
	k := kind{oid: oid, size: -1, mod: -1}
	if n, ok := sizes[oid]; ok {
		k.size = n
	}
	if e, ok := elements[oid]; ok {
		elem := kindOfOID(e)
		k.elem = &elem
	}
	return k
}
