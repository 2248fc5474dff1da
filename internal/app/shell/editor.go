package shell

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/ergochat/readline"
)

// historyMax bounds the statements that are kept.
const historyMax = 2000

// editor is where a person's lines come from.
type editor interface {
	SetPrompt(string)
	ReadLine() (string, error)
	SaveToHistory(string) error
	Close() error
}

// openEditor gives the person line editing, where the terminal can.
func (s *shell) openEditor() error {
	if term := os.Getenv("TERM"); term == "" || term == "dumb" {
		// Editing asks the terminal where the cursor is, and these do not answer.
		s.editor = &plain{in: bufio.NewReader(s.std.In), out: s.std.Out, closed: make(chan struct{})}
		return nil
	}
	if s.cfg.History != "" {
		// Made here so that only its owner can read it.
		f, err := os.OpenFile(s.cfg.History, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			fmt.Fprintln(s.std.Err, "no history:", err)
			s.cfg.History = ""
		} else {
			f.Close()
		}
	}
	rl, err := readline.NewFromConfig(&readline.Config{
		HistoryFile: s.cfg.History, HistoryLimit: historyMax, DisableAutoSaveHistory: true, HistorySearchFold: true,
		AutoComplete: completer{s}, InterruptPrompt: "^C", EOFPrompt: `\q`,
		Stdin: s.std.In, Stdout: s.std.Out, Stderr: s.std.Err,
	})
	s.editor = rl
	return err
}

// plain reads lines as they come, from a terminal that cannot move its cursor.
type plain struct {
	in     *bufio.Reader
	out    io.Writer
	prompt string
	once   sync.Once
	closed chan struct{}
}

func (p *plain) SetPrompt(prompt string)    { p.prompt = prompt }
func (p *plain) SaveToHistory(string) error { return nil }

// Close ends a ReadLine that waits.
func (p *plain) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *plain) ReadLine() (string, error) {
	fmt.Fprint(p.out, p.prompt)
	type read struct {
		line string
		err  error
	}
	got := make(chan read, 1)
	go func() {
		line, err := p.in.ReadString('\n')
		got <- read{line, err}
	}()
	select {
	case r := <-got:
		if r.line == "" {
			return "", r.err
		}
		return strings.TrimSuffix(r.line, "\n"), nil
	case <-p.closed:
		return "", io.EOF
	}
}
