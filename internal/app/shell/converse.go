package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/ergochat/readline"

	"github.com/boathouse-data/boathouse/internal/app"
)

// converse is a session with a person. It minds its own signals: Ctrl-C stops
// the statement that runs, or clears the line, and never the shell.
func (s *shell) converse() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	s.timing, s.sideways = true, "auto"
	if err := s.openEditor(); err != nil {
		return err
	}
	defer s.editor.Close()
	go func() {
		<-ctx.Done()
		s.editor.Close() // ends a ReadLine that waits
	}()
	fmt.Fprintf(s.std.Out, "boathouse %s, connected to %s. \\? shows help, \\q leaves.\n", app.Version(), s.conn.Conn().RemoteAddr())
	var split splitter
	for ctx.Err() == nil {
		s.editor.SetPrompt(s.prompt(&split))
		line, err := s.editor.ReadLine()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			split.reset()
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if s.take(ctx, &split, line) {
			return nil
		}
	}
	return nil
}

// take acts on a line and says whether the person wants to leave.
func (s *shell) take(ctx context.Context, split *splitter, line string) (leave bool) {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		split.add(line)
		return false
	case !split.open() && (trimmed == "exit" || trimmed == "quit"):
		return true
	case !split.open() && trimmed[0] == '\\', trimmed == `\q`, trimmed == `\r`, trimmed == `\?`:
		if trimmed == `\r` {
			split.reset()
		}
		s.remember(trimmed)
		return s.guard(ctx, func(ctx context.Context) error { return s.command(ctx, trimmed) })
	}
	for _, st := range split.add(line) {
		s.remember(st.text + ";")
		if s.guard(ctx, func(ctx context.Context) error { return s.execute(ctx, st) }) {
			return true
		}
	}
	return false
}

// guard runs f so that Ctrl-C cancels it, tells what went wrong, and mends a
// connection that broke.
func (s *shell) guard(ctx context.Context, f func(context.Context) error) (leave bool) {
	sub, stop := signal.NotifyContext(ctx, os.Interrupt)
	err := f(sub)
	stop()
	if errors.Is(err, errQuit) {
		return true
	}
	if err != nil {
		fmt.Fprintln(s.std.Err, err)
	}
	if s.conn.IsClosed() && ctx.Err() == nil {
		again, cancel := context.WithTimeout(ctx, connectTimeout)
		defer cancel()
		if err := s.connect(again); err != nil {
			fmt.Fprintln(s.std.Err, "the connection is lost:", err)
			return true
		}
		fmt.Fprintln(s.std.Err, "The connection was lost and has been made again.")
	}
	return false
}

func (s *shell) prompt(split *splitter) string {
	switch {
	case split.quote != 0:
		return s.database() + string(split.quote) + "> "
	case split.nested > 0:
		return s.database() + "*> "
	case split.open():
		return s.database() + "-> "
	}
	return s.database() + "=> "
}

// remember puts a statement into the history as one line. One with a line
// comment would change its meaning and goes in line by line.
func (s *shell) remember(text string) {
	lines := []string{strings.Join(strings.Fields(text), " ")}
	if strings.Contains(text, "--") || strings.ContainsAny(text, `'"$`) && strings.Contains(text, "\n") {
		lines = strings.Split(text, "\n")
	} else if strings.ContainsAny(text, `'"$`) {
		lines = []string{text}
	}
	for _, l := range lines {
		if err := s.editor.SaveToHistory(l); err != nil {
			return // typing goes on without a history
		}
	}
}
