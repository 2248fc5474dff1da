package query_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// The scripts in testdata are blocks with an empty line between them:
//
//	object KEY [gzip]      an object in the bucket "lake"; its lines follow,
//	                       with \x01 and the like
//	parquet KEY            an object that the engine writes from the query that follows
//	ok                     a statement that must succeed
//	query [sort] [types]   a statement, then ---- and its rows; values are
//	                       separated by " | "; with types the first row names them
//	error REASON [TEXT]    a statement that must fail with the reason, with TEXT in
//	                       its message
//	list PREFIX            ---- and the keys that begin so, digits replaced by #
//	as lake|warehouse [DATABASE]   for what follows
//
// Lines that begin with # are comments.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".test"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{t: t, lake: newLake(t, nil), dialect: query.Lake, database: "default"}
			line := 1
			for _, block := range strings.Split(string(text), "\n\n") {
				s.at = line
				s.block(block)
				line += strings.Count(block, "\n") + 2
			}
		})
	}
}

type script struct {
	*lake
	t        *testing.T
	at       int // line of the block
	dialect  query.Dialect
	database string
}

func (s *script) errorf(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf("line %d: "+format, append([]any{s.at}, args...)...)
}

func (s *script) block(text string) {
	var lines []string
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(l, "# ") && len(lines) == 0 {
			s.at++
			continue
		}
		lines = append(lines, l)
	}
	if len(lines) == 0 || lines[0] == "" {
		return
	}
	head := strings.Fields(lines[0])
	body := strings.Join(lines[1:], "\n")
	switch head[0] {
	case "object":
		s.object(head[1], body, len(head) > 2)
	case "parquet":
		s.parquet(head[1], body)
	case "as":
		s.dialect, s.database = query.Dialect(head[1]), "default"
		if len(head) > 2 {
			s.database = head[2]
		}
	case "ok":
		if _, err := s.as(s.dialect, s.database, body); err != nil {
			s.errorf("%s: %v", body, err)
		}
	case "error":
		s.failing(head[1], strings.TrimSpace(strings.TrimPrefix(lines[0], "error "+head[1])), body)
	case "query":
		s.rows(head[1:], body)
	case "list":
		s.keys(head[1], body)
	default:
		s.errorf("what is %q?", head[0])
	}
}

func (s *script) object(key, body string, zip bool) {
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(body, `"`, `\"`), "\n", `\n`) + `\n"`)
	if err != nil {
		s.errorf("%v", err)
	}
	if body == "" {
		text = ""
	}
	if zip {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(text))
		w.Close()
		text = b.String()
	}
	s.put(key, text)
}

// parquet writes an object with an engine of its own.
func (s *script) parquet(key, sql string) {
	cfg := duck.Default()
	dir := s.t.TempDir()
	cfg.TempDir, cfg.AllowedDirs = dir, []string{dir}
	e, err := duck.Open(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	defer e.Close()
	c, err := e.Acquire(context.Background(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Release()
	file := filepath.Join(dir, "x.parquet")
	if err := c.Exec(context.Background(), "COPY ("+sql+") TO '"+file+"' (FORMAT parquet)"); err != nil {
		s.errorf("%v", err)
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	s.put(key, string(b))
}

func (s *script) failing(reason, text, sql string) {
	_, err := s.as(s.dialect, s.database, sql)
	if err == nil {
		s.errorf("%s: succeeded, want %s", sql, reason)
		return
	}
	if r := faultName(err); r != reason || !strings.Contains(err.Error(), text) {
		s.errorf("%s:\n got %v\nwant %s: %s", sql, err, reason, text)
	}
	if strings.Contains(err.Error(), s.folder) && !strings.Contains(messageOf(err), "…") && strings.Contains(messageOf(err), s.folder) {
		s.errorf("%s: the message tells a local path: %s", sql, messageOf(err))
	}
}

func (s *script) rows(options []string, body string) {
	sql, want, _ := strings.Cut(body, "----")
	r, err := s.as(s.dialect, s.database, strings.TrimSpace(sql))
	if err != nil {
		s.errorf("%s: %v", sql, err)
		return
	}
	got := r.rows
	for _, o := range options {
		switch o {
		case "sort":
			sortStrings(got)
		case "types":
			got = append([]string{strings.Join(r.columns, " | ")}, got...)
		}
	}
	if g, w := trimLines(ddlTime.ReplaceAllString(strings.Join(got, "\n"), "${1}TIME")), trimLines(want); g != w {
		s.errorf("%s\ngot:\n%s\nwant:\n%s", sql, g, w)
	}
}

func trimLines(s string) string {
	var out []string
	for _, l := range strings.Split(strings.Trim(s, "\n"), "\n") {
		out = append(out, strings.TrimRight(l, " "))
	}
	return strings.Join(out, "\n")
}

var ddlTime = regexp.MustCompile(`(transient_lastDdlTime'?(?:=| \| )'?)\d+`)

var someDigits = regexp.MustCompile(`[0-9a-f]{8,}|[0-9]{6,}`)

func (s *script) keys(prefix, body string) {
	_, want, _ := strings.Cut(body, "----")
	var got []string
	for _, k := range s.list(prefix) {
		got = append(got, someDigits.ReplaceAllString(k, "#"))
	}
	if g, w := trimLines(strings.Join(got, "\n")), trimLines(want); g != w {
		s.errorf("got:\n%s\nwant:\n%s", g, w)
	}
}
