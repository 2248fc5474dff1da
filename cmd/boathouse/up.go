package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/lib/obs"
)

// up runs the server until a signal comes, then drains and stops within 10 s.
func up(ctx context.Context, args []string, out io.Writer) error {
	cfg := app.Default()
	if err := flags("up", &cfg, args, out); err != nil {
		return err
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg, obs.Logger(cfg.Log, os.Stderr))
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, func(r app.Runtime) {
		for _, line := range r.Lines() {
			fmt.Fprintf(out, "%-9s %s\n", line[0], line[1])
		}
		fmt.Fprintln(out, "ready")
	})
}
