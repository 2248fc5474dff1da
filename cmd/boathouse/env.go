package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/boathouse-data/boathouse/internal/app"
)

// folderFlag is the configuration of commands that only need the data folder.
type folderFlag struct {
	Data string `conf:"data" help:"data folder of the server"`
}

// env prints export lines for a shell's eval.
func env(_ context.Context, args []string, out io.Writer) error {
	cfg := folderFlag{Data: app.Default().Data}
	if err := flags("env", &cfg, args, out); err != nil {
		return err
	}
	r, err := app.ReadRuntime(cfg.Data)
	if err != nil {
		return err
	}
	c, err := app.ReadCredentials(cfg.Data)
	if err != nil {
		return err
	}
	for _, kv := range r.Env(c) {
		fmt.Fprintf(out, "export %s='%s'\n", kv[0], strings.ReplaceAll(kv[1], "'", `'\''`))
	}
	return nil
}
