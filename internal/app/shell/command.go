package shell

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// command is one word that begins with a backslash.
type command struct {
	name, args, help string
	run              func(s *shell, ctx context.Context, arg string) error
}

// commands lists them in the order of the help.
func commands() []command {
	return []command{
		{`\?`, "", "show this list", (*shell).help},
		{`\q`, "", "leave", func(*shell, context.Context, string) error { return errQuit }},
		{`\d`, "[NAME]", "list tables, or show a table's columns", (*shell).describe},
		{`\dt`, "[PATTERN]", "list tables: \\dt sales.* or \\dt *_daily", (*shell).tables},
		{`\dn`, "", "list databases", (*shell).schemas},
		{`\l`, "", "list databases", (*shell).schemas},
		{`\c`, "[DATABASE]", "use a database for names that are not qualified", (*shell).use},
		{`\x`, "[on|off|auto]", "show each row on its side; auto when it is wider than the screen", (*shell).setSideways},
		{`\format`, "[FORMAT]", "show results as " + strings.Join(Formats, ", "), (*shell).setFormat},
		{`\timing`, "[on|off]", "show how long statements take", (*shell).setTiming},
		{`\o`, "[FILE]", "send results to a file; without a name back to the screen", func(s *shell, _ context.Context, arg string) error { return s.toFile(arg) }},
		{`\i`, "FILE", "run the statements of a file", (*shell).runFile},
		{`\echo`, "[TEXT]", "print a text", (*shell).echo},
		{`\conninfo`, "", "show where you are connected", (*shell).connInfo},
		{`\r`, "", "forget the statement that you have begun", func(*shell, context.Context, string) error { return nil }},
	}
}

// command runs a line that begins with a backslash.
func (s *shell) command(ctx context.Context, line string) error {
	name, arg, _ := strings.Cut(line, " ")
	arg = strings.TrimSuffix(strings.TrimSpace(arg), ";")
	name = strings.TrimSuffix(name, ";")
	for _, c := range commands() {
		if c.name == name || c.name+"+" == name {
			return c.run(s, ctx, arg)
		}
	}
	return fmt.Errorf(`there is no command %s; \? lists them`, printable(name))
}

func (s *shell) help(context.Context, string) error {
	fmt.Fprintf(s.std.Out, "Statements end with a semicolon and may span lines. Ctrl-C stops a statement.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(s.std.Out, "  %-22s %s\n", c.name+" "+c.args, c.help)
	}
	return nil
}

func (s *shell) use(ctx context.Context, name string) error {
	if name != "" {
		if err := s.choose(ctx, strings.Trim(name, `"`)); err != nil {
			return err
		}
	}
	if s.interactive || name == "" {
		fmt.Fprintf(s.std.Out, "Names that are not qualified are looked up in %s.\n", s.database())
	}
	return nil
}

// database is the one of unqualified names; the server calls the one that is
// always there public.
func (s *shell) database() string {
	if s.cfg.Database != "" {
		return s.cfg.Database
	}
	return "public"
}

// toggle reads on, off or one of more; nothing turns the setting over.
func toggle(now, arg string, more ...string) (string, error) {
	switch {
	case arg == "" && now == "on":
		return "off", nil
	case arg == "":
		return "on", nil
	case arg == "on", arg == "off", slices.Contains(more, arg):
		return arg, nil
	}
	return now, fmt.Errorf("use %s", strings.Join(append([]string{"on", "off"}, more...), ", "))
}

func (s *shell) setSideways(_ context.Context, arg string) (err error) {
	if s.sideways, err = toggle(s.sideways, arg, "auto"); err == nil && s.interactive {
		fmt.Fprintf(s.std.Out, "Rows on their side: %s.\n", s.sideways)
	}
	return err
}

func (s *shell) setTiming(_ context.Context, arg string) error {
	now := "off"
	if s.timing {
		now = "on"
	}
	now, err := toggle(now, arg)
	if s.timing = now == "on"; err == nil && s.interactive {
		fmt.Fprintf(s.std.Out, "Timing: %s.\n", now)
	}
	return err
}

func (s *shell) setFormat(_ context.Context, arg string) error {
	if arg == "" {
		fmt.Fprintf(s.std.Out, "Format: %s.\n", s.cfg.Format)
		return nil
	}
	next := s.cfg
	next.Format = arg
	if err := next.Validate(); err != nil {
		return err
	}
	s.cfg = next
	return nil
}

// toFile sends results to a file; an empty name sends them back to the screen.
func (s *shell) toFile(name string) error {
	var next *os.File
	if name != "" {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		next = f
	}
	last := s.outFile
	s.outFile, s.out = next, s.std.Out
	if next != nil {
		s.out = next
	}
	if last != nil {
		return last.Close()
	}
	return nil
}

func (s *shell) runFile(ctx context.Context, name string) error {
	if name == "" {
		return fmt.Errorf(`name a file: \i report.sql`)
	}
	return s.include(ctx, name)
}

func (s *shell) echo(_ context.Context, text string) error {
	_, err := fmt.Fprintln(s.out, text)
	return err
}

func (s *shell) connInfo(context.Context, string) error {
	fmt.Fprintf(s.std.Out, "Connected to %s, database %s, server %s.\n",
		s.conn.Conn().RemoteAddr(), s.database(), s.conn.ParameterStatus("server_version"))
	return nil
}
