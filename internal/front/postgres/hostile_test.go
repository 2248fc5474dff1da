package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// raw is a client that says what it likes.
type raw struct {
	t testing.TB
	net.Conn
	f *pgproto3.Frontend
}

// dialRaw logs in and hands over the connection.
func (d *door) dialRaw(t testing.TB) *raw {
	t.Helper()
	c := d.connect(t)
	h, err := c.PgConn().Hijack()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Conn.Close() })
	h.Conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &raw{t, h.Conn, h.Frontend}
}

// say sends messages and returns what comes back up to ReadyForQuery, one word
// for each message.
func (r *raw) say(messages ...pgproto3.FrontendMessage) string {
	r.t.Helper()
	for _, m := range messages {
		r.f.Send(m)
	}
	if err := r.f.Flush(); err != nil {
		return "gone"
	}
	return r.hear()
}

func (r *raw) hear() string {
	var out []string
	for {
		m, err := r.f.Receive()
		if err != nil {
			return strings.Join(append(out, "gone"), " ")
		}
		switch m := m.(type) {
		case *pgproto3.ErrorResponse:
			out = append(out, m.Code)
		case *pgproto3.CommandComplete:
			out = append(out, "["+string(m.CommandTag)+"]")
		case *pgproto3.DataRow:
			var cells []string
			for _, v := range m.Values {
				cells = append(cells, string(v))
			}
			out = append(out, "("+strings.Join(cells, ",")+")")
		case *pgproto3.ReadyForQuery:
			return strings.Join(append(out, string(m.TxStatus)), " ")
		case *pgproto3.ParameterDescription:
			out = append(out, fmt.Sprint("params", m.ParameterOIDs))
		case *pgproto3.NoticeResponse:
			out = append(out, "notice:"+m.Code)
		default:
			name := fmt.Sprintf("%T", m)
			out = append(out, strings.TrimPrefix(name, "*pgproto3."))
		}
	}
}

// TestMessages plays scripts of the extended protocol.
func TestMessages(t *testing.T) {
	d := startDoor(t, openBare(t))
	type m = pgproto3.FrontendMessage
	parse := func(name, sql string, oids ...uint32) m {
		return &pgproto3.Parse{Name: name, Query: sql, ParameterOIDs: oids}
	}
	bind := func(portal, st string, args ...string) m {
		b := &pgproto3.Bind{DestinationPortal: portal, PreparedStatement: st}
		for _, a := range args {
			b.Parameters = append(b.Parameters, []byte(a))
		}
		return b
	}
	execute := func(portal string, max uint32) m { return &pgproto3.Execute{Portal: portal, MaxRows: max} }
	describe := func(kind byte, name string) m { return &pgproto3.Describe{ObjectType: kind, Name: name} }
	sync := &pgproto3.Sync{}
	r := d.dialRaw(t)
	for _, c := range []struct {
		name string
		say  []m
		want string
	}{
		{"one round", []m{parse("", "select 1"), bind("", ""), describe('P', ""), execute("", 0), sync},
			"ParseComplete BindComplete RowDescription (1) [SELECT 1] I"},
		{"a statement is described", []m{parse("s", "select $1::bigint"), describe('S', "s"), sync}, "ParseComplete params[20] RowDescription I"},
		{"types of the client are kept", []m{parse("t", "select $1, $2::text", 23, 0), describe('S', "t"), bind("", "t", "7", "x"), execute("", 0), sync},
			"ParseComplete params[23 25] RowDescription BindComplete (7,x) [SELECT 1] I"},
		{"row limits", []m{parse("", "select * from range(5)"), bind("p", ""), execute("p", 2), execute("p", 2), execute("p", 2), execute("p", 2), sync},
			"ParseComplete BindComplete (0) (1) PortalSuspended (2) (3) PortalSuspended (4) [SELECT 1] [SELECT 0] I"},
		{"portals end with the transaction", []m{execute("p", 0), sync}, "34000 I"},
		{"several portals at once", []m{&pgproto3.Parse{Query: "begin"}, bind("", ""), execute("", 0),
			parse("r", "select * from range(3)"), bind("a", "r"), parse("q", "select * from range(3)"), bind("b", "q"), execute("a", 1), execute("b", 2), execute("a", 1), execute("b", 0), sync},
			"ParseComplete BindComplete [BEGIN] ParseComplete BindComplete ParseComplete BindComplete (0) PortalSuspended (0) (1) PortalSuspended (1) PortalSuspended (2) [SELECT 1] T"},
		{"they live on in a block", []m{execute("a", 0), sync}, "(2) [SELECT 1] T"},
		{"an error skips to Sync", []m{parse("", "select nope"), bind("", ""), execute("", 0), &pgproto3.Query{String: "select 1"}, sync}, "42703 E"},
		{"a failed block", []m{parse("", "select 1"), sync}, "25P02 E"},
		{"rollback", []m{&pgproto3.Query{String: "rollback"}}, "[ROLLBACK] I"},
		{"empty", []m{&pgproto3.Query{String: " ; -- nothing"}}, "EmptyQueryResponse I"},
		{"empty, extended", []m{parse("", ""), bind("", ""), describe('P', ""), execute("", 0), sync}, "ParseComplete BindComplete NoData EmptyQueryResponse I"},
		{"several statements", []m{&pgproto3.Query{String: "select 1; select 2; select nope; select 3"}},
			"RowDescription (1) [SELECT 1] RowDescription (2) [SELECT 1] 42703 I"},
		{"two in one Parse", []m{parse("", "select 1; select 2"), sync}, "42601 I"},
		{"a name twice", []m{parse("s", "select 1"), sync}, "42P05 I"},
		{"close", []m{&pgproto3.Close{ObjectType: 'S', Name: "s"}, &pgproto3.Close{ObjectType: 'P', Name: "nope"}, parse("s", "select 2"), sync},
			"CloseComplete CloseComplete ParseComplete I"},
		{"no such statement", []m{bind("", "nope"), sync}, "26000 I"},
		{"no such statement to describe", []m{describe('S', "nope"), sync}, "26000 I"},
		{"no such portal", []m{describe('P', "nope"), sync}, "34000 I"},
		{"too few parameters", []m{parse("", "select $1::int"), bind("", ""), sync}, "ParseComplete 08P01 I"},
		{"a parameter that is no number", []m{parse("", "select $1::int", 23), bind("", "", "seven"), sync}, "ParseComplete 22P02 I"},
		{"a binary parameter of the wrong length", []m{parse("", "select $1::int", 23),
			&pgproto3.Bind{ParameterFormatCodes: []int16{1}, Parameters: [][]byte{{1, 2}}}, sync}, "ParseComplete 22P03 I"},
		{"a format that does not exist", []m{parse("", "select 1"), &pgproto3.Bind{ResultFormatCodes: []int16{7}}, sync}, "ParseComplete 22023 I"},
		{"formats for other columns", []m{parse("", "select 1"), &pgproto3.Bind{ResultFormatCodes: []int16{0, 1}}, sync}, "ParseComplete 08P01 I"},
		{"function call", []m{&pgproto3.FunctionCall{Function: 1}}, "0A000 I"},
		{"copy messages without COPY", []m{&pgproto3.CopyData{Data: []byte("x")}, &pgproto3.CopyDone{}, sync}, "I"},
		{"text that is not UTF-8", []m{&pgproto3.Query{String: "select '\xff'"}}, "22021 I"},
		{"parameters in a simple query", []m{&pgproto3.Query{String: "select $1::int"}}, "42P02 I"},
		{"a statement is dropped while it is read", []m{&pgproto3.Query{String: "begin"}}, "[BEGIN] T"},
		{"(it goes on)", []m{parse("d", "select * from range(3)"), bind("d", "d"), execute("d", 1), &pgproto3.Close{ObjectType: 'S', Name: "d"}, execute("d", 0), sync},
			"ParseComplete BindComplete (0) PortalSuspended CloseComplete (1) (2) [SELECT 2] T"},
		{"commit through the extended protocol", []m{parse("", "commit"), bind("", ""), execute("", 0), sync}, "ParseComplete BindComplete [COMMIT] I"},
		{"password after the login", []m{&pgproto3.PasswordMessage{Password: "x"}}, "08P01 gone"},
	} {
		if got := r.say(c.say...); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestHostile sends what no client would; the server must live on.
func TestHostile(t *testing.T) {
	d := startDoor(t, openBare(t), func(c *Config, _ *Parts) { c.MessageBytes = 1 << 20 })
	length := func(n int, rest string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(n))) + rest
	}
	startup := "\x00\x03\x00\x00user\x00anna\x00\x00"
	for name, bytes := range map[string]string{
		"http":                     "GET / HTTP/1.1\r\n\r\n",
		"nothing":                  "",
		"a length of zero":         length(0, ""),
		"a negative length":        length(-5, "xxxx"),
		"a huge length":            length(1<<30, "x"),
		"half a message":           length(100, "\x00\x03\x00\x00user"),
		"no user":                  length(9, "\x00\x03\x00\x00\x00"),
		"no end":                   length(12, "\x00\x03\x00\x00user"),
		"an old protocol":          length(8, "\x00\x02\x00\x00"),
		"requests without end":     strings.Repeat(length(8, "\x04\xd2\x16\x2f"), 100),
		"a cancel for nobody":      length(16, "\x04\xd2\x16\x2e\x00\x00\x00\x01abcd"),
		"a short cancel":           length(12, "\x04\xd2\x16\x2e\x00\x00\x00\x01"),
		"a query instead of SASL":  length(4+len(startup), startup) + "Q" + length(13, "select 1\x00"),
		"SASL without a mechanism": length(4+len(startup), startup) + "p" + length(4, ""),
		"SASL of another kind":     length(4+len(startup), startup) + "p" + length(15, "PLAIN\x00\x00\x00\x00\x01x"),
	} {
		c, err := net.Dial("tcp", d.addr)
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(5 * time.Second))
		c.Write([]byte(bytes))
		c.(*net.TCPConn).CloseWrite()
		if _, err := io.ReadAll(c); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Errorf("%s: the server keeps the connection", name)
		}
		c.Close()
	}
	for name, bytes := range map[string]string{
		"an unknown message": "~" + length(4, ""), "a length of zero": "Q" + length(0, ""), "a query without end": "Q" + length(8, "abcd"),
		"a bind that ends early": "B" + length(8, "\x00\x00\x00\x05"), "a bind with a negative count": "B" + length(10, "\x00\x00\xff\xff\xff\xff"),
		"a message that is too long": "Q" + length(2<<20, "select"), "a describe of nothing": "D" + length(4, ""), "an execute that ends early": "E" + length(5, "\x00"),
	} {
		r := d.dialRaw(t)
		r.Write([]byte(bytes))
		r.Conn.(*net.TCPConn).CloseWrite()
		if got := r.hear(); !strings.HasSuffix(got, "gone") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if err := d.connect(t).Ping(context.Background()); err != nil {
		t.Error("the server is gone:", err)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add([]byte("Q\x00\x00\x00\x0dselect 1\x00"))
	f.Add([]byte("P\x00\x00\x00\x11\x00select $1\x00\x00\x00S\x00\x00\x00\x04"))
	f.Add([]byte("B\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00E\x00\x00\x00\x09\x00\x00\x00\x00\x00S\x00\x00\x00\x04"))
	d := startDoor(f, openBare(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := d.dialRaw(t)
		r.Write(b)
		r.Conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, r.Conn)
		if err := d.connect(t).Ping(context.Background()); err != nil {
			t.Fatal("the server is gone:", err)
		}
	})
}

func FuzzStartup(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x08\x04\xd2\x16\x2f"))
	f.Add([]byte("\x00\x00\x00\x13\x00\x03\x00\x00user\x00anna\x00\x00p\x00\x00\x00\x20SCRAM-SHA-256\x00\x00\x00\x00\x0an,,n=,r=ab"))
	d := startDoor(f, openBare(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := net.Dial("tcp", d.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Write(b)
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c)
	})
}
