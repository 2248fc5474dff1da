// Package shell is `boathouse sql`: statements from a person, a file or the
// command line go to the running server's PostgreSQL door, and results come
// back as a table, CSV or JSON.
//
// It talks the simple protocol, so that what is shown is the server's own text
// of every value, and it holds at most one page of a result in memory.
package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/term"
)

// Config says where to connect, what to run and how to show it.
type Config struct {
	Data     string `conf:"data" help:"data folder of the server; without it the PG* variables of the environment count, then the folder in your home"`
	Database string `conf:"database" help:"database of names that are not qualified"`
	Format   string `conf:"format" help:"table, expanded, csv, json or jsonl"`
	History  string `conf:"history" help:"file that keeps what you typed; empty keeps nothing"`
	Jobs     []Job
}

// Job is a piece of work from the command line, done in the order given.
type Job struct {
	SQL  string
	File string // "-" is the standard input; empty when SQL is set
}

// Default shows tables and keeps the history in the user's home.
func Default() Config {
	c := Config{Format: "table"}
	if home, err := os.UserHomeDir(); err == nil {
		c.History = home + "/.boathouse_history"
	}
	return c
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	if !slices.Contains(Formats, c.Format) {
		return fmt.Errorf("format %q: use one of %s", c.Format, strings.Join(Formats, ", "))
	}
	return nil
}

// Streams are where the shell reads and writes.
type Streams struct {
	In       *os.File
	Out, Err io.Writer
}

// shell is one session.
type shell struct {
	cfg         Config
	std         Streams
	conn        *pgconn.PgConn
	interactive bool

	out      io.Writer // std.Out, or the file of \o
	outFile  *os.File
	timing   bool
	sideways string // \x: on, off, auto
	depth    int    // of files that include files
	editor   editor
	names    nameCache
}

// errQuit ends the session from inside a command.
var errQuit = errors.New("quit")

// Run connects and does the jobs, or without jobs reads statements from In: a
// session with line editing if that is a terminal. It returns the first
// failure of a job; a person at the prompt is told and goes on.
func Run(ctx context.Context, cfg Config, std Streams) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	s := &shell{cfg: cfg, std: std, out: std.Out, sideways: "off"}
	s.interactive = len(cfg.Jobs) == 0 && term.IsTerminal(int(std.In.Fd()))
	if err := s.connect(ctx); err != nil {
		return err
	}
	defer s.close()
	if s.interactive {
		return s.converse()
	}
	if len(cfg.Jobs) == 0 {
		s.cfg.Jobs = []Job{{File: "-"}}
	}
	for _, j := range s.cfg.Jobs {
		err := s.do(ctx, j)
		if errors.Is(err, errQuit) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *shell) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.conn.Close(ctx) // the server notices a dropped connection as well
	s.toFile("")
}

// do runs one job.
func (s *shell) do(ctx context.Context, j Job) error {
	if j.File == "" {
		return s.feed(ctx, strings.NewReader(j.SQL), "")
	}
	if j.File == "-" {
		return s.feed(ctx, s.std.In, "")
	}
	return s.include(ctx, j.File)
}

// include runs a file's statements.
func (s *shell) include(ctx context.Context, name string) error {
	if s.depth >= 16 {
		return fmt.Errorf("%s: files include each other more than 16 deep", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s.depth++
	defer func() { s.depth-- }()
	return s.feed(ctx, f, name)
}
