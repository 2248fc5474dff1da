package postgres

import (
	"context"
	"fmt"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// A cursor is a portal with a name that SQL can say. It reads forward only, as
// the engine's results do.

func (x *session) declare(p *piece, st *dialect.DeclareCursor) (*own, error) {
	if st.Scroll {
		return nil, notServed("a SCROLL cursor").with("Declare it with NO SCROLL and read it forward.")
	}
	source, err := inside(p, st.Query)
	if err != nil {
		return nil, err
	}
	o := &own{tag: st.Tag(), source: source}
	o.run = func(x *session, p *portal, _ int64) (string, error) {
		switch {
		case x.status != inBlock && !st.Hold:
			return "", refuse("25P01", "DECLARE CURSOR can only be used in transaction blocks").with("BEGIN first, or declare it WITH HOLD.")
		case x.portals[st.Name] != nil:
			return "", refuse("42P03", "cursor %q already exists", st.Name)
		case len(x.portals) >= portalsMax:
			return "", refuse("53400", "a session may have %d open portals", portalsMax).with("Close those that are not needed.")
		}
		c := newPortal(x.ctx, p.st.own.inner, p.args, nil)
		c.hold, c.cursor, c.born = st.Hold, true, x.status
		if st.Binary {
			c.formats = []int16{formatBinary}
		}
		x.portals[st.Name] = c
		return st.Tag(), nil
	}
	return o, nil
}

// inside is the piece of a query in a statement.
func inside(p *piece, q dialect.Query) (*piece, error) {
	list, err := split(q.Text)
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, refuse("42601", "syntax error at end of input").with("Write a query there.")
	}
	list[0].start += q.Offset
	return &list[0], nil
}

// endCursors closes what does not outlive a transaction block.
func (x *session) endCursors(commit bool) {
	for name, p := range x.portals {
		if !p.hold || !commit && p.born == inBlock {
			x.dropPortal(name)
		}
	}
}

func (x *session) fetch(st *dialect.Fetch) (*own, error) {
	if st.Direction != "FORWARD" {
		return nil, refuse("55000", "cursor can only scan forward").with("Use FETCH NEXT, FETCH n or FETCH ALL.")
	}
	c := x.portals[st.Cursor]
	if c == nil || c.st == nil {
		return nil, noCursor(st.Cursor)
	}
	o := &own{tag: st.Tag()}
	if !st.Move {
		o.columns = c.st.columns
	}
	o.run = func(x *session, p *portal, _ int64) (string, error) {
		c := x.portals[st.Cursor]
		if c == nil {
			return "", noCursor(st.Cursor)
		}
		if !sameKinds(c.st.kinds, p.st.kinds) && !st.Move {
			return "", refuse("0A000", "cached plan must not change result type")
		}
		n, err := x.advance(c, p, st)
		return fmt.Sprintf("%s %d", st.Tag(), n), err
	}
	return o, nil
}

// advance reads the cursor c for the FETCH in p. While it does, a cancel stops
// the cursor's own context.
func (x *session) advance(c, p *portal, st *dialect.Fetch) (int64, error) {
	defer context.AfterFunc(p.ctx, func() { c.stop(context.Cause(p.ctx)) })()
	if err := c.start(x); err != nil {
		return 0, err
	}
	if st.Count == 0 && !st.All {
		return 0, nil
	}
	write, formats := form(dataRow), p.formats
	if st.Move {
		write = func([]value) appender { return func(b []byte, _ int) []byte { return b } }
	}
	if len(formats) == 0 {
		formats = c.formats
	}
	return c.stream(x, int64(st.Count), formats, write)
}

func noCursor(name string) *refusal {
	return refuse("34000", "cursor %q does not exist", name).with("Cursors end with their transaction, unless declared WITH HOLD.")
}

func (x *session) closeCursor(st *dialect.CloseCursor) (*own, error) {
	if st.Name == "" {
		return simply("CLOSE CURSOR ALL", func(x *session) error { x.closeCursors(); return nil }), nil
	}
	return simply("CLOSE CURSOR", func(x *session) error {
		if !x.dropPortal(st.Name) {
			return noCursor(st.Name)
		}
		return nil
	}), nil
}

func (x *session) closeCursors() {
	for name, p := range x.portals {
		if p.cursor {
			x.dropPortal(name)
		}
	}
}
