package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// TestEveryRefusalHasACode keeps the table of SQLSTATEs complete.
func TestEveryRefusalHasACode(t *testing.T) {
	for _, list := range [][]*fault.Reason{query.Reasons, dialect.Reasons, syscat.Reasons} {
		for _, r := range list {
			if len(codes[r]) != 5 {
				t.Errorf("%s has no SQLSTATE", r.Name)
			}
		}
	}
}

// TestTypes reads every type in both formats; pgx decodes the binary one.
func TestTypes(t *testing.T) {
	d := startDoor(t, openBare(t))
	c := d.connect(t)
	for _, e := range []struct{ sql, text, value string }{
		{"true", "t", "true"},
		{"null::boolean", "NULL", "<nil>"},
		{"(-7)::tinyint", "-7", "-7"}, {"300::smallint", "300", "300"}, {"200::utinyint", "200", "200"},
		{"70000::integer", "70000", "70000"}, {"60000::usmallint", "60000", "60000"},
		{"-9223372036854775807::bigint", "-9223372036854775807", "-9223372036854775807"}, {"4000000000::uinteger", "4000000000", "4000000000"},
		{"18446744073709551615::ubigint", "18446744073709551615", "{18446744073709551615 0 false finite true}"},
		{"1.5::real", "1.5", "1.5"}, {"1e15::double", "1e+15", "1e+15"}, {"123456789012345::double", "123456789012345", "1.23456789012345e+14"},
		{"1e-5::double", "1e-05", "1e-05"}, {"'nan'::double", "NaN", "NaN"}, {"'-inf'::double", "-Infinity", "-Inf"}, {"0.1::real", "0.1", "0.1"}, {"1e6::real", "1e+06", "1e+06"},
		{"1.50::decimal(10,2)", "1.50", "{150 -2 false finite true}"}, {"(-0.0042)::decimal(9,4)", "-0.0042", "{-42 -4 false finite true}"},
		{"12345678901234567890123456789.012345678::decimal(38,9)", "12345678901234567890123456789.012345678", "{12345678901234567890123456789012345678 -9 false finite true}"},
		{"0::decimal(5,3)", "0.000", "{0 0 false finite true}"}, {"100000::decimal(38,0)", "100000", "{1 5 false finite true}"},
		{"'grün'", "grün", "grün"}, {"''", "", ""},
		{"'\\x00\\xFF'::blob", `\x00ff`, "[0 255]"},
		{"date '2026-01-31'", "2026-01-31", "2026-01-31 00:00:00 +0000 UTC"}, {"date '0044-03-15 (BC)'", "0044-03-15 BC", "-0043-03-15 00:00:00 +0000 UTC"},
		{"'infinity'::date", "infinity", "infinity"}, {"'-infinity'::timestamp", "-infinity", "-infinity"},
		{"date '12345-01-01'", "12345-01-01", "12345-01-01 00:00:00 +0000 UTC"},
		{"time '23:59:59.000001'", "23:59:59.000001", "{86399000001 true}"},
		{"timestamp '1999-12-31 23:59:59.5'", "1999-12-31 23:59:59.5", "1999-12-31 23:59:59.5 +0000 UTC"},
		{"timestamptz '2026-01-01 00:00:00+02'", "2025-12-31 22:00:00+00", "2025-12-31 22:00:00 +0000 UTC"},
		{"interval '1 year 2 months 3 days 04:05:06.5'", "1 year 2 mons 3 days 04:05:06.5", "{14706500000 3 14 true}"},
		{"interval '-1' day + interval '1' second", "-1 days +00:00:01", "{1000000 -1 0 true}"}, {"interval 0 day", "00:00:00", "{0 0 0 true}"},
		{"'00000000-0000-0000-0000-000000000105'::uuid", "00000000-0000-0000-0000-000000000105", "[0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 5]"},
		{"[1,null,3]::int[]", "{1,NULL,3}", "[1 <nil> 3]"}, {"[]::varchar[]", "{}", "[]"},
		{`['a b','c,d','"','NULL','',null]`, `{"a b","c,d","\"","NULL","",NULL}`, `[a b c,d " NULL  <nil>]`},
		{"[date '2026-01-01']", "{2026-01-01}", "[2026-01-01 00:00:00 +0000 UTC]"},
		{"[[1,2],[3]]", "[[1,2],[3]]", "[[1 2] [3]]"},
		{`{'a': 1, 'b': [1.5, null], 'c': {'d': 'x"y', 'e': true, 'f': date '2026-01-01'}}`, `{"a":1,"b":[1.5,null],"c":{"d":"x\"y","e":true,"f":"2026-01-01"}}`, `map[a:1 b:[1.5 <nil>] c:map[d:x"y e:true f:2026-01-01]]`},
		{"map {'k': 1, 'l': null}", `{"k":1,"l":null}`, "map[k:1 l:<nil>]"},
		{`'{"a": [1]}'::json`, `{"a": [1]}`, "map[a:[1]]"},
	} {
		r := c.PgConn().ExecParams(context.Background(), "select "+e.sql, nil, nil, nil, nil).Read()
		if r.Err != nil {
			t.Errorf("%s: %v", e.sql, r.Err)
			continue
		}
		got := "NULL"
		if v := r.Rows[0][0]; v != nil {
			got = string(v)
		}
		if got != e.text {
			t.Errorf("%s as text: %q, want %q", e.sql, got, e.text)
		}
		rows, err := c.Query(context.Background(), "select "+e.sql)
		if err != nil {
			t.Errorf("%s: %v", e.sql, err)
			continue
		}
		rows.Next()
		values, err := rows.Values()
		rows.Close()
		if err != nil || len(values) != 1 {
			t.Errorf("%s: %v, %v", e.sql, err, rows.Err())
			continue
		}
		if got := fmt.Sprint(values[0]); got != e.value {
			t.Errorf("%s as binary: %s, want %s", e.sql, got, e.value)
		}
	}
}

// TestParameters sends every type of parameter in both formats.
func TestParameters(t *testing.T) {
	s := startStack(t)
	ctx := context.Background()
	moment := time.Date(2026, 1, 31, 12, 30, 15, 250_000_000, time.UTC)
	for _, e := range []struct {
		sql  string
		arg  any
		want string
	}{
		{"$1::int + 1", 41, "42"}, {"$1::bigint", int64(1) << 40, "1099511627776"}, {"$1::double precision", 2.5, "2.5"},
		{"$1::text", "it's", "it's"}, {"$1::boolean", true, "true"}, {"$1::date", moment, "2026-01-31 00:00:00 +0000 UTC"},
		{"$1::timestamp", moment, "2026-01-31 12:30:15.25 +0000 UTC"}, {"$1::timestamptz", moment, "2026-01-31 12:30:15.25 +0000 UTC"},
		{"$1::uuid", "00000000-0000-0000-0000-000000000105", "[0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 5]"}, {"$1::bytea", []byte{0, 255}, "[0 255]"},
		{"$1::text", nil, "<nil>"}, {"$1", "x", "x"}, {"coalesce($1, 'y')", nil, "y"},
	} {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
			if mode != pgx.QueryExecModeCacheStatement && strings.HasSuffix(fmt.Sprintf("%T", e.arg), "uint8") {
				continue // those modes guess another type
			}
			rows, err := s.connect(t).Query(ctx, "select "+e.sql, mode, e.arg)
			if err != nil {
				t.Errorf("%s (%s): %v", e.sql, mode, err)
				continue
			}
			rows.Next()
			values, err := rows.Values()
			rows.Close()
			if err != nil || len(values) == 0 {
				t.Errorf("%s (%s): %v %v", e.sql, mode, err, rows.Err())
			} else if got := fmt.Sprint(values[0]); got != e.want {
				t.Errorf("%s (%s): %s, want %s", e.sql, mode, got, e.want)
			}
		}
	}
}

// TestSession plays statements about the session, each on the same connection;
// the answer is the code of an error, or the first column of the rows.
func TestSession(t *testing.T) {
	s := startStack(t)
	c := s.connect(t)
	ctx := context.Background()
	for _, e := range []struct{ sql, want string }{
		{"show server_version", "15.0"}, {"show TimeZone", "UTC"}, {"show transaction isolation level", "read committed"},
		{"set application_name = 'me'", ""}, {"show application_name", "me"}, {"reset application_name", ""}, {"show application_name", ""},
		{"show nope", "42704"}, {"set nope = 1", "42704"}, {"set server_version = '1'", "55P02"}, {"set timezone = 'Europe/Berlin'", "22023"},
		{"set time zone 'utc'", ""}, {"set client_encoding to 'utf-8'", ""}, {"set datestyle = 'German'", "22023"}, {"set datestyle = iso, dmy", ""}, {"show datestyle", "ISO, DMY"},
		{"set standard_conforming_strings = off", "22023"}, {"set statement_timeout = '1min'", ""}, {"show statement_timeout", "1min"}, {"set statement_timeout = 0", ""},
		{"set extra_float_digits = 0", ""}, {"select 0.1::double precision + 0.2", "0.3"}, {"set extra_float_digits = 3", ""}, {"select 0.1::double precision + 0.2::double precision", "0.30000000000000004"},
		{"set search_path = sales", ""}, {"show search_path", "sales"}, {"select count(*) from orders", "3"}, {"select current_schema()", "sales"}, {"select count(*) from people", "42P01"},
		{"set search_path = sales, public", "22023"}, {"set search_path to default", ""}, {"select count(*) from people", "3"},
		{"begin", ""}, {"select 1", "1"}, {"select nope", "42703"}, {"select 1", "25P02"}, {"commit", ""}, {"select 1", "1"},
		{"begin", ""}, {"set local application_name = 'inner'", ""}, {"show application_name", "inner"}, {"commit", ""}, {"show application_name", ""},
		{"begin", ""}, {"set application_name = 'gone'", ""}, {"rollback", ""}, {"show application_name", ""},
		{"begin", ""}, {"savepoint a", ""}, {"select nope", "42703"}, {"rollback to a", ""}, {"select 1", "1"}, {"release a", ""}, {"release a", "3B001"}, {"rollback", ""},
		{"savepoint a", "25P01"}, {"begin isolation level serializable", "0A000"}, {"begin isolation level read committed read only", ""}, {"show transaction_read_only", "on"}, {"end", ""},
		{"declare c cursor for select id from people order by id", "25P01"}, {"begin", ""},
		{"declare c cursor for select id from people order by id", ""}, {"fetch c", "1"}, {"fetch 5 from c", "2"}, {"fetch c", ""}, {"fetch prior from c", "55000"}, {"rollback", ""},
		{"fetch c", "34000"}, {"declare h cursor with hold for select id from people order by id", ""}, {"move 2 in h", ""}, {"fetch all in h", "3"}, {"close h", ""}, {"close h", "34000"},
		{"deallocate nope", "26000"}, {"discard all", ""}, {"listen x", "0A000"}, {"vacuum", "0A000"}, {"prepare p as select 1", "0A000"},
		{"copy people from stdin", "0A000"}, {"copy people to '/tmp/x'", "0A000"}, {"selec 1", "42601"}, {"select 1 +", "42601"},
		{"select * from nope", "42P01"}, {"select * from nope.x", "3F000"}, {"select nope(1)", "42883"}, {"select 'x'::int", "22P02"},
		{"select * from read_csv('/etc/passwd')", "42501"}, {"select 'nope'::regclass", "42P01"},
	} {
		r, err := c.PgConn().Exec(ctx, e.sql).ReadAll()
		got := code(t, err)
		if err == nil && len(r) > 0 && len(r[0].Rows) > 0 {
			got = string(r[0].Rows[0][0])
		}
		if got != e.want {
			t.Errorf("%s: %q, want %q (%v)", e.sql, got, e.want, err)
			if c.PgConn().TxStatus() == 'E' {
				c.PgConn().Exec(ctx, "rollback").ReadAll()
			}
		}
	}
	var e *pgconn.PgError
	if _, err := c.Exec(ctx, "select 'ä', people.nope from people"); !errors.As(err, &e) || e.Position != 13 {
		t.Errorf("position %+v, want 13", e)
	}
}

func TestCopy(t *testing.T) {
	s := startStack(t)
	c := s.connect(t)
	for _, e := range []struct{ sql, want string }{
		{"copy people to stdout", "1\tAnna\t2001-02-03\t1.50\n2\tBert\t\\N\t\\N\n3\tČeněk \"the third\"\t1999-12-31\t-0.25\n"},
		{"copy people (id, name) to stdout (format csv, header)", "id,name\n1,Anna\n2,Bert\n3,\"Čeněk \"\"the third\"\"\"\n"},
		{"copy (select 'a\tb', null, E'x\\ny\\\\') to stdout with (null 'nil')", "a\\tb\tnil\tx\\ny\\\\\n"},
		{"copy (select 1, null, '') to stdout csv", "1,,\"\"\n"},
		{"copy (select 'a;b', 'it''s') to stdout (format csv, delimiter ';', quote '''', force_quote *)", "'a;b';'it''s'\n"},
		{"copy (select 1) to stdout (format binary)", "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00\x01\xff\xff"},
	} {
		var b bytes.Buffer
		if _, err := c.PgConn().CopyTo(context.Background(), &b, e.sql); err != nil || b.String() != e.want {
			t.Errorf("%s: %q, %v", e.sql, b.String(), err)
		}
	}
	for sql, want := range map[string]string{
		"copy (select 1) to stdout (delimiter 'ab')": "0A000", "copy (select 1) to stdout (quote 'x')": "0A000",
		"copy (select 1 a) to stdout (format csv, force_quote (b))": "42703", "copy (select 1/0) to stdout (encoding 'latin1')": "0A000",
	} {
		if _, err := c.PgConn().CopyTo(context.Background(), &bytes.Buffer{}, sql); code(t, err) != want {
			t.Errorf("%s: %v, want %s", sql, err, want)
		}
	}
}

const endless = "select count(*) from range(100000000000) a"

// cancelSoon asks again and again, since a request that comes before the
// statement begins cancels nothing.
func cancelSoon(c *pgx.Conn) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
				c.PgConn().CancelRequest(context.Background())
			}
		}
	}()
	return func() { close(done); <-ended }
}

func TestCancel(t *testing.T) {
	d := startDoor(t, openBare(t))
	c := d.connect(t)
	for _, sql := range []string{endless, "select * from range(100000000000)"} {
		stop := cancelSoon(c)
		began := time.Now()
		r := c.PgConn().ExecParams(context.Background(), sql, nil, nil, nil, nil)
		for r.NextRow() {
		}
		_, err := r.Close()
		stop()
		if code(t, err) != "57014" || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %s", sql, err, time.Since(began))
		}
	}
	if _, err := c.Exec(context.Background(), "set statement_timeout = '50ms'"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(context.Background(), endless); code(t, err) != "57014" || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("timeout: %v", err)
	}
	if err := c.Ping(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestStop(t *testing.T) {
	d := startDoor(t, openBare(t))
	idle, busy := d.connect(t), d.connect(t)
	done := make(chan error, 1)
	go func() {
		_, err := busy.Exec(context.Background(), endless)
		done <- err
	}()
	time.Sleep(100 * time.Millisecond)
	began := time.Now()
	if err := d.stop(); err != nil || time.Since(began) > 3*time.Second {
		t.Errorf("stop: %v after %s", err, time.Since(began))
	}
	if err := <-done; code(t, err) != "57P01" {
		t.Errorf("the running statement: %v", err)
	}
	if _, err := idle.Exec(context.Background(), "select 1"); code(t, err) != "57P01" {
		t.Errorf("the idle session: %v", err)
	}
}

func TestIdleTimeout(t *testing.T) {
	d := startDoor(t, openBare(t))
	c := d.connect(t, "&idle_session_timeout=50ms")
	time.Sleep(300 * time.Millisecond)
	if _, err := c.Exec(context.Background(), "select 1"); code(t, err) != "57P05" {
		t.Error(err)
	}
}

// TestDocument: the page about this door names every setting.
func TestDocument(t *testing.T) {
	page, err := os.ReadFile("../../../docs/compat/postgres.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range known() {
		if !bytes.Contains(page, []byte("`"+s.name+"`")) {
			t.Errorf("docs/compat/postgres.md does not name the setting %s", s.name)
		}
	}
}
