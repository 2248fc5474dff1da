package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgproto3"
)

// simple answers a Query message: every statement of the text in turn, up to
// the first that fails. Each statement that writes commits by itself.
func (x *session) simple(text string) {
	pieces, err := split(text)
	if err != nil {
		x.fail(err)
		return
	}
	if len(pieces) == 0 {
		x.out.send(&pgproto3.EmptyQueryResponse{})
		return
	}
	x.dropStatement("") // as the protocol says: a simple query drops the unnamed ones
	x.dropPortal("")
	for _, p := range pieces {
		if err := x.one(p); err != nil {
			x.fail(shiftBy(err, text, p.start))
			return
		}
	}
}

// shiftBy moves a position in one statement to the whole text.
func shiftBy(err error, text string, start int) error {
	r := refusalOf(context.Background(), err, text)
	if r.position == 0 || start == 0 {
		return r
	}
	moved := *r
	moved.position += len([]rune(text[:start]))
	return &moved
}

func (x *session) one(p piece) error {
	st, err := x.prepareInterruptible(p, nil)
	if err != nil {
		return err
	}
	defer st.close()
	if len(st.params) > 0 {
		return refuse("42P02", "there is no parameter $1").with("Send parameters with the extended protocol.")
	}
	portal := newPortal(x.ctx, st, nil, nil)
	defer portal.close()
	if len(st.columns) > 0 {
		x.out.send(rowDescription(st, nil))
	}
	return x.execute(portal, 0)
}

// prepareInterruptible is prepare that a cancel or timeout can stop.
func (x *session) prepareInterruptible(p piece, types []uint32) (*statement, error) {
	ctx, stop := context.WithCancelCause(x.ctx)
	defer stop(nil)
	defer x.running(stop)()
	st, err := x.prepare(ctx, p, types)
	if err != nil {
		return nil, refusalOf(ctx, err, p.text)
	}
	return st, nil
}

// extended returns what a message of the extended protocol asks for.
func (x *session) extended(m pgproto3.FrontendMessage) (func() error, bool) {
	switch m := m.(type) {
	case *pgproto3.Parse:
		return func() error { return x.parse(m) }, true
	case *pgproto3.Bind:
		return func() error { return x.bind(m) }, true
	case *pgproto3.Describe:
		return func() error { return x.describe(m) }, true
	case *pgproto3.Execute:
		return func() error { return x.executePortal(m) }, true
	case *pgproto3.Close:
		return func() error { return x.closeNamed(m) }, true
	}
	return nil, false
}

func (x *session) parse(m *pgproto3.Parse) error {
	if m.Name != "" && x.statements[m.Name] != nil {
		return refuse("42P05", "prepared statement %q already exists", m.Name)
	}
	if len(x.statements) >= statementsMax {
		return refuse("53400", "a session may have %d prepared statements", statementsMax).with("Close or DEALLOCATE those that are not needed.")
	}
	x.dropStatement(m.Name)
	pieces, err := split(m.Query)
	if err != nil {
		return err
	}
	st := &statement{empty: true}
	switch len(pieces) {
	case 0:
	case 1:
		if st, err = x.prepareInterruptible(pieces[0], m.ParameterOIDs); err != nil {
			return shiftBy(err, m.Query, pieces[0].start)
		}
	default:
		return refuse("42601", "cannot insert multiple commands into a prepared statement").
			with("Send them one by one, or with the simple protocol.")
	}
	x.statements[m.Name] = st
	x.out.send(&pgproto3.ParseComplete{})
	return nil
}

func (x *session) bind(m *pgproto3.Bind) error {
	st := x.statements[m.PreparedStatement]
	switch {
	case st == nil:
		return noStatement(m.PreparedStatement)
	case m.DestinationPortal != "" && x.portals[m.DestinationPortal] != nil:
		return refuse("42P03", "cursor %q already exists", m.DestinationPortal)
	case len(x.portals) >= portalsMax:
		return refuse("53400", "a session may have %d open portals", portalsMax).with("Close those that are not needed.")
	case len(m.Parameters) != len(st.params):
		return refuse("08P01", "bind message supplies %d parameters, but the statement requires %d", len(m.Parameters), len(st.params))
	}
	if n := len(m.ParameterFormatCodes); n > 1 && n != len(m.Parameters) {
		return refuse("08P01", "bind message has %d parameter formats but %d parameters", n, len(m.Parameters))
	}
	if n := len(m.ResultFormatCodes); n > 1 && n != len(st.columns) {
		return refuse("08P01", "bind message has %d result formats but query has %d columns", n, len(st.columns))
	}
	for _, f := range m.ResultFormatCodes {
		if f != formatText && f != formatBinary {
			return refuse("22023", "invalid format code: %d", f)
		}
	}
	if err := x.mayParse(st); err != nil && !st.empty {
		return err
	}
	args, err := st.arguments(m)
	if err != nil {
		return err
	}
	x.dropPortal(m.DestinationPortal)
	p := newPortal(x.ctx, st, args, append([]int16(nil), m.ResultFormatCodes...)) // m's memory is the reader's
	x.portals[m.DestinationPortal] = p
	x.out.send(&pgproto3.BindComplete{})
	return nil
}

func (x *session) describe(m *pgproto3.Describe) error {
	if m.ObjectType == 'S' {
		st := x.statements[m.Name]
		if st == nil {
			return noStatement(m.Name)
		}
		oids := make([]uint32, len(st.params))
		for i, k := range st.params {
			oids[i] = k.oid
		}
		x.out.send(&pgproto3.ParameterDescription{ParameterOIDs: oids})
		x.sendColumns(st, nil)
		return nil
	}
	p := x.portals[m.Name]
	if p == nil {
		return noPortal(m.Name)
	}
	x.sendColumns(p.st, p.formats)
	return nil
}

func (x *session) sendColumns(st *statement, formats []int16) {
	if len(st.columns) == 0 {
		x.out.send(&pgproto3.NoData{})
		return
	}
	x.out.send(rowDescription(st, formats))
}

func (x *session) executePortal(m *pgproto3.Execute) error {
	p := x.portals[m.Portal]
	switch {
	case p == nil:
		return noPortal(m.Portal)
	case p.st.empty:
		x.out.send(&pgproto3.EmptyQueryResponse{})
		return nil
	case m.MaxRows > 0x7fffffff:
		return x.execute(p, 0) // negative: the protocol says no limit
	}
	return x.execute(p, int64(m.MaxRows))
}

// closeNamed drops a statement or portal; one that is not there is no error.
func (x *session) closeNamed(m *pgproto3.Close) error {
	if m.ObjectType == 'S' {
		x.dropStatement(m.Name)
	} else {
		x.dropPortal(m.Name)
	}
	x.out.send(&pgproto3.CloseComplete{})
	return nil
}

func (x *session) dropStatement(name string) bool {
	st := x.statements[name]
	if st == nil {
		return false
	}
	st.close()
	delete(x.statements, name)
	return true
}

func (x *session) dropPortal(name string) bool {
	p := x.portals[name]
	if p == nil {
		return false
	}
	p.close()
	delete(x.portals, name)
	return true
}

func noStatement(name string) error {
	if name == "" {
		return refuse("26000", "unnamed prepared statement does not exist")
	}
	return refuse("26000", "prepared statement %q does not exist", name)
}

func noPortal(name string) error {
	return refuse("34000", "portal %q does not exist", name).with("Portals and cursors end with their transaction.")
}

// rowDescription describes a statement's rows.
func rowDescription(st *statement, formats []int16) *pgproto3.RowDescription {
	fields := make([]pgproto3.FieldDescription, len(st.columns))
	for i, c := range st.columns {
		k := st.kinds[i]
		fields[i] = pgproto3.FieldDescription{
			Name: []byte(c.Name), DataTypeOID: k.oid, DataTypeSize: k.size, TypeModifier: k.mod, Format: formatAt(formats, i),
		}
	}
	return &pgproto3.RowDescription{Fields: fields}
}
