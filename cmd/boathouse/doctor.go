package main

import (
	"context"
	"io"

	"github.com/boathouse-data/boathouse/internal/app/doctor"
)

// diagnose looks at the machine and the data folder. It takes the flags of up:
// what it looks at is what up would use.
func diagnose(ctx context.Context, args []string, out io.Writer) error {
	cfg := doctor.Default()
	if err := flags("doctor", &cfg, args, out); err != nil {
		return err
	}
	return doctor.Run(ctx, cfg, out)
}
