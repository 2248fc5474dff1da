// Command boathouse is a lakehouse in one binary. This package holds its
// subcommands: each reads its flags and calls one function of internal/app.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/lib/conf"
)

// command is one subcommand. run returns the error to print.
type command struct {
	name, args, help string
	run              func(ctx context.Context, args []string, out io.Writer) error
}

var commands = []command{
	{"up", "[flags]", "run the server in the foreground", up},
	{"env", "[--data DIR]", "print export lines that point your tools at the running server", env},
	{"sql", "[-c SQL] [-f FILE]", "run SQL on the running server, or type it at a prompt", sql},
	{"demo", "[NAME] [flags]", "turn generated weather files into an answer, and show how", demo},
	{"doctor", "[flags]", "look at this machine and the data folder, and say what to do", diagnose},
	{"version", "", "print the version", version},
}

func main() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }

// Main runs a command line and returns its exit code: 0 done, 1 failed, 2 not
// understood.
func Main(args []string, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		usage(out)
		return 0
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, args[1:], out)
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return 0
		}
		fmt.Fprintln(errOut, "boathouse "+c.name+":", err)
		return 1
	}
	fmt.Fprintf(errOut, "boathouse: there is no command %q; `boathouse help` lists them\n", args[0])
	return 2
}

func usage(w io.Writer) {
	fmt.Fprintf(w, "Boathouse: a lakehouse in one binary.\n\nUsage: boathouse COMMAND [flags]\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-28s %s\n", c.name+" "+c.args, c.help)
	}
	fmt.Fprintf(w, "\n`boathouse COMMAND --help` lists a command's flags.\n")
}

// flags fills cfg from the file, the environment and args; no words may
// follow. more adds flags that are no settings. Asked for help it prints the
// flags and returns flag.ErrHelp.
func flags(name string, cfg any, args []string, out io.Writer, more ...func(*flag.FlagSet)) error {
	fs := flag.NewFlagSet("boathouse "+name, flag.ContinueOnError)
	for _, add := range more {
		add(fs)
	}
	fs.SetOutput(io.Discard) // main prints the error, once
	rest, err := conf.Load(cfg, fs, args, os.LookupEnv)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(out)
		fmt.Fprintf(out, "Usage: boathouse %s [flags]\n", name)
		fs.PrintDefaults()
		return err
	case err != nil:
		return err
	case len(rest) > 0:
		return fmt.Errorf("unexpected %q", rest[0])
	}
	return nil
}

func version(_ context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected %q", args[0])
	}
	_, err := fmt.Fprintln(out, app.VersionLine())
	return err
}
