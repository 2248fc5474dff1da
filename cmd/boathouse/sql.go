package main

import (
	"context"
	"flag"
	"io"
	"os"

	"github.com/boathouse-data/boathouse/internal/app/shell"
)

// sql runs statements from the command line, a file, or a person.
func sql(ctx context.Context, args []string, out io.Writer) error {
	cfg := shell.Default()
	if err := flags("sql", &cfg, args, out, func(fs *flag.FlagSet) {
		fs.Func("c", "run `SQL` and leave; may be repeated, and mixed with -f", func(text string) error {
			cfg.Jobs = append(cfg.Jobs, shell.Job{SQL: text})
			return nil
		})
		fs.Func("f", "run the statements of `FILE` and leave; - is the standard input", func(name string) error {
			cfg.Jobs = append(cfg.Jobs, shell.Job{File: name})
			return nil
		})
	}); err != nil {
		return err
	}
	return shell.Run(ctx, cfg, shell.Streams{In: os.Stdin, Out: out, Err: os.Stderr})
}
