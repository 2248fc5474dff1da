// Package demo is `boathouse demo`: it does the server's main job on input that
// it makes, shows the answer, and holds it against numbers that no query
// engine has touched.
//
// It is a client like any other: what it does, it does through the AWS and
// PostgreSQL doors of a running server, on the same calls that the AWS SDKs,
// awswrangler and psql make.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/app/demo/weather"
)

// Config is the server that the demo may have to start, and what to do.
type Config struct {
	app.Config `conf:"-"`
	Once       bool   `conf:"once" help:"stop the server that the demo started instead of leaving it to you"`
	Generate   string `conf:"generate" help:"only write the input files into this folder"`
	Name       string // of the blueprint: "19" or "19-data-frames"; empty is that one
}

// Default uses the server of your home's data folder if one runs, and a fresh
// temporary folder otherwise.
func Default() Config {
	c := Config{Config: app.Default()}
	c.Data = ""
	return c
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	if c.Name != "" && c.Name != "19" && c.Name != "19-data-frames" {
		return fmt.Errorf("there is no demo %q: 19-data-frames is the one there is", c.Name)
	}
	return nil
}

// Run does the demo and writes what it does to out. When it started a server
// itself it then keeps serving until ctx is done, unless cfg.Once.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	if cfg.Generate != "" {
		return generate(cfg.Generate, out)
	}
	s := newScreen(out)
	fmt.Fprintf(out, "%s\n%s\n\n", s.bold("Ten years of daily weather, from CSV files to an answer"), s.dim("blueprint 19: Optimize Python ETL by extending Pandas with AWS Data Wrangler"))
	srv, err := obtain(ctx, cfg, s)
	if err != nil {
		return err
	}
	err = (&frames{srv: srv, screen: s, out: out}).run(ctx)
	if ctx.Err() != nil {
		return errors.Join(errors.New("interrupted"), srv.stop())
	}
	if err == nil {
		srv.next(out, s, srv.started && !cfg.Once)
		if srv.started && !cfg.Once {
			return srv.serve(ctx)
		}
	}
	return errors.Join(err, srv.stop())
}

// generate writes the input of blueprint 19 as files.
func generate(dir string, out io.Writer) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	g := weather.New(weather.Default())
	for year := weather.Default().FirstYear; ; year++ {
		name := filepath.Join(dir, weather.Name(year))
		more, err := writeFile(name, g)
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		fmt.Fprintln(out, name)
	}
}

// writeFile writes one year; more is false, and the file not there, when there
// is no year left.
func writeFile(name string, g *weather.Generator) (more bool, err error) {
	f, err := os.Create(name)
	if err != nil {
		return false, err
	}
	_, err = g.Next(f)
	if errors.Is(err, io.EOF) {
		return false, errors.Join(f.Close(), os.Remove(name))
	}
	return true, errors.Join(err, f.Close())
}

// shellQuote makes a word safe to paste.
func shellQuote(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
