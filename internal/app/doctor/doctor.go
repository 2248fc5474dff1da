// Package doctor is `boathouse doctor`: it looks at the machine and at the data
// folder the way a server would, and says of each thing whether it is well and
// what to do if not.
//
// It changes nothing. What it writes, to see whether the disk takes it, is one
// file that it removes again.
package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/boathouse-data/boathouse/internal/app"
)

// Config is what a server would be started with, and the form of the report.
type Config struct {
	app.Config `conf:"-"`
	JSON       bool `conf:"json" help:"report as JSON, for programs"`
}

// Default looks at the default server.
func Default() Config { return Config{Config: app.Default()} }

// Level says how bad a finding is.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn" // works, but will disappoint
	Fail Level = "fail" // a server cannot start, or cannot be trusted
)

// Finding is one line of the report.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"` // what to do, unless the level is OK
}

func ok(text string, args ...any) Finding {
	return Finding{Level: OK, Text: fmt.Sprintf(text, args...)}
}

func warn(do, text string, args ...any) Finding {
	return Finding{Level: Warn, Text: fmt.Sprintf(text, args...), Do: do}
}

func fail(do, text string, args ...any) Finding {
	return Finding{Level: Fail, Text: fmt.Sprintf(text, args...), Do: do}
}

// patient is what the checks look at.
type patient struct {
	cfg     Config
	server  app.Runtime
	running bool
}

// checks are done in this order.
var checks = []struct {
	name string
	look func(context.Context, *patient) []Finding
}{
	{"version", version},
	{"settings", settings},
	{"folder", folder},
	{"secrets", secrets},
	{"disk", disk},
	{"fsync", fsync},
	{"ports", ports},
	{"clock", clock},
	{"memory", memory},
	{"limits", limits},
	{"programs", programs},
	{"server", server},
}

// Sick is returned when a check failed.
var Sick = errors.New("not well")

// Examine does all checks.
func Examine(ctx context.Context, cfg Config) []Finding {
	p := &patient{cfg: cfg}
	var err error
	p.server, err = app.ReadRuntime(cfg.Data)
	p.running = err == nil
	var all []Finding
	for _, c := range checks {
		for _, f := range c.look(ctx, p) {
			f.Check = c.name
			all = append(all, f)
		}
	}
	return all
}

// Run examines and writes the report. It returns Sick when a check failed.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	all := Examine(ctx, cfg)
	if cfg.JSON {
		b, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintln(out, string(b))
	} else {
		report(out, all)
	}
	return verdict(all)
}

func report(out io.Writer, all []Finding) {
	for _, f := range all {
		fmt.Fprintf(out, "%-5s %-9s %s\n", f.Level, f.Check, f.Text)
		if f.Do != "" {
			fmt.Fprintf(out, "%-5s %-9s -> %s\n", "", "", f.Do)
		}
	}
}

func verdict(all []Finding) error {
	var failed []string
	for _, f := range all {
		if f.Level == Fail {
			failed = append(failed, f.Check)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%w: %s", Sick, strings.Join(failed, ", "))
	}
	return nil
}

func version(context.Context, *patient) []Finding { return []Finding{ok("%s", app.VersionLine())} }

func settings(_ context.Context, p *patient) []Finding {
	if err := p.cfg.Config.Validate(); err != nil {
		return []Finding{fail("correct the flag, the variable or the file", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))}
	}
	return []Finding{ok("region %s, account %s", p.cfg.Region, p.cfg.Account)}
}
