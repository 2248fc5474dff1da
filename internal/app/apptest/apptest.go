// Package apptest runs whole servers for tests and says what a test needs from
// the machine.
package apptest

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/app"
)

// Server is a server running in the test's process.
type Server struct {
	app.Runtime
	app.Credentials
	Data string // its data folder
	stop func()
}

// Start runs a server on a fresh data folder and free ports until the test
// ends. change may adjust its settings.
func Start(t testing.TB, change ...func(*app.Config)) *Server {
	t.Helper()
	return StartOn(t, t.TempDir(), change...)
}

// StartOn is Start on a data folder that the test keeps.
func StartOn(t testing.TB, data string, change ...func(*app.Config)) *Server {
	t.Helper()
	cfg := app.Default()
	cfg.Data = data
	cfg.AWS.Addr, cfg.Postgres.Addr, cfg.HTTP.Addr = ":0", ":0", ":0"
	for _, c := range change {
		c(&cfg)
	}
	a, err := app.Open(context.Background(), cfg, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan app.Runtime, 1), make(chan error, 1)
	go func() { ended <- a.Run(ctx, func(r app.Runtime) { ready <- r }) }()
	s := &Server{Data: data}
	select {
	case s.Runtime = <-ready:
	case err := <-ended:
		t.Fatalf("the server did not start: %v", err)
	}
	if s.Credentials, err = app.ReadCredentials(data); err != nil {
		t.Fatal(err)
	}
	stopped := false
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server ended with: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the server did not stop")
		}
		if err := a.Close(); err != nil {
			t.Errorf("closing the server: %v", err)
		}
	}
	t.Cleanup(s.stop)
	return s
}

// Stop stops the server before the test ends.
func (s *Server) Stop() { s.stop() }

// Environ is the test's environment with the server's variables.
func (s *Server) Environ() []string {
	env := os.Environ()
	for _, kv := range s.Runtime.Env(s.Credentials) {
		env = append(env, kv[0]+"="+kv[1])
	}
	return append(env, "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=")
}

// Need skips the test when a program is not installed, and says which. Where
// BOATHOUSE_TEST_ALL is set, as in CI, a missing program fails the test.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing(t, "needs the program "+p)
		}
	}
}

// NeedPython is Need for modules of python3.
func NeedPython(t testing.TB, modules ...string) {
	t.Helper()
	Need(t, "python3")
	if out, err := exec.Command("python3", "-c", "import "+strings.Join(modules, ", ")).CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		missing(t, "needs the python3 modules "+strings.Join(modules, ", ")+": "+lines[len(lines)-1])
	}
}

func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("BOATHOUSE_TEST_ALL") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
