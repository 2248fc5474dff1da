package main

import (
	"context"
	"io"
	"strings"

	demos "github.com/boathouse-data/boathouse/internal/app/demo"
)

// demo runs a blueprint on input that it makes.
func demo(ctx context.Context, args []string, out io.Writer) error {
	cfg := demos.Default()
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		cfg.Name, args = args[0], args[1:]
	}
	if err := flags("demo", &cfg, args, out); err != nil {
		return err
	}
	return demos.Run(ctx, cfg, out)
}
