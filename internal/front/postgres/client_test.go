package postgres

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// need skips when a program is not installed, unless all must be.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("BOATHOUSE_TEST_ALL") != "" {
		t.Fatalf("BOATHOUSE_TEST_ALL is set and %s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

func runClient(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "PSQLRC=/dev/null", "PAGER=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("%s: %v", name, err)
	}
	return string(out)
}

// TestPsql runs psql's own commands over the catalog. want is a part of the
// answer, with runs of blanks as one; none of them may fail.
func TestPsql(t *testing.T) {
	psql := need(t, "psql")
	s := startStack(t)
	for _, e := range []struct{ command, want string }{
		{`\l`, "boathouse | boathouse | UTF8"}, {`\l+`, "pg_default"}, {`\dn`, "sales | boathouse"}, {`\dn+`, "what was sold"},
		{`\d`, "public | people | table | boathouse"}, {`\dt`, "public | people | table | boathouse"}, {`\dt+`, "who there is"}, {`\dt sales.*`, "sales | orders | table"},
		{`\dv sales.*`, "sales | totals | view"}, {`\d people`, "score | numeric(10,2) |"}, {`\d+ people`, "id | integer | | | | plain | | | number"},
		{`\d sales.orders`, "day | date"}, {`\d sales.totals`, `View "sales.totals"`}, {`\d+ sales.totals`, "View definition: SELECT person"},
		{`\d pg_class`, "relname | name"}, {`\di`, "Did not find any relations."}, {`\ds`, "Did not find any relations."}, {`\dm`, "Did not find any relations."},
		{`\df`, "List of functions"}, {`\du`, "anna"}, {`\dp people`, "anna=r/boathouse"}, {`\dT`, "List of data types"}, {`\dx`, "List of installed extensions"},
		{`\db`, "pg_default"}, {`\dd`, "Object descriptions"}, {`\dC`, "List of casts"}, {`\dL`, "List of languages"}, {`\dO`, "List of collations"}, {`\ddp`, "Default access privileges"},
		{`\drds`, "Did not find any settings."}, {`\dRp`, "List of publications"}, {`\dRs`, "List of subscriptions"}, {`\dX`, "List of extended statistics"}, {`\dy`, "List of event triggers"},
		{`\dP`, "List of partitioned relations"}, {`\des`, "List of foreign servers"}, {`\det`, "List of foreign tables"}, {`\sv sales.totals`, "CREATE OR REPLACE VIEW sales.totals"},
		{`\conninfo`, `database "boathouse" as user "anna"`}, {`\encoding`, "UTF8"}, {`\z sales.orders`, "anna=r/boathouse"},
		{`\copy (select id, name from people order by id limit 1) to stdout csv header`, "id,name 1,Anna"},
		{"select count(*), 1 + 1, 'x' as y from people", "count | ?column? | y"}, {"explain select 1", ""},
		{"begin; select 1; commit", "COMMIT"}, {"values (1), (2)", "(2 rows)"},
		{"select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by ordinal_position", "people | score | numeric"},
		{"select schemaname, tablename from pg_tables where schemaname = 'sales'", "sales | orders"}, {"select name, setting from pg_settings where name = 'TimeZone'", "TimeZone | UTC"},
		{"select attrelid::regclass, atttypid::regtype from pg_attribute where attrelid = 'sales.orders'::regclass and attnum = 1", "sales.orders | bigint"},
	} {
		out := runClient(t, psql, "-X", s.url(""), "-c", e.command)
		flat := strings.Join(strings.Fields(out), " ")
		if !strings.Contains(flat, e.want) || strings.Contains(out, "ERROR") && !strings.HasPrefix(e.command, "explain") {
			t.Errorf("%s: %s", e.command, out)
		}
	}
}

func TestPython(t *testing.T) {
	python := need(t, "python3")
	if out, err := exec.Command(python, "-c", "import psycopg, psycopg2, sqlalchemy").CombinedOutput(); err != nil {
		if os.Getenv("BOATHOUSE_TEST_ALL") != "" {
			t.Fatal(string(out))
		}
		t.Skip("psycopg, psycopg2 or SQLAlchemy is not installed: pip install -r test/requirements.txt")
	}
	s := startStack(t)
	if out := runClient(t, python, "testdata/clients.py", s.addr); out != "done\n" {
		t.Error(out)
	}
}

func TestJDBC(t *testing.T) {
	java := need(t, "java")
	jar := os.Getenv("BOATHOUSE_TEST_JDBC")
	if jar == "" {
		home, _ := os.UserHomeDir()
		jar = filepath.Join(home, ".m2/repository/org/postgresql/postgresql/42.7.4/postgresql-42.7.4.jar")
	}
	if _, err := os.Stat(jar); err != nil {
		if os.Getenv("BOATHOUSE_TEST_ALL") != "" {
			t.Fatal(err)
		}
		t.Skip("no JDBC driver: set BOATHOUSE_TEST_JDBC to the jar of org.postgresql:postgresql")
	}
	s := startStack(t)
	if out := runClient(t, java, "-cp", jar, "testdata/Clients.java", s.addr); out != "done\n" {
		t.Error(out)
	}
}
