package apptest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/app"
)

// serveVar makes a test binary run a server instead of its tests.
const serveVar = "BOATHOUSE_TEST_SERVE"

// Main is for TestMain of packages that use StartProcess: in a child process it
// serves the data folder it was given and never returns.
func Main(m *testing.M) {
	dir := os.Getenv(serveVar)
	if dir == "" {
		os.Exit(m.Run())
	}
	cfg := app.Default()
	cfg.Data = dir
	cfg.AWS.Addr, cfg.Postgres.Addr, cfg.HTTP.Addr = ":0", ":0", ":0"
	a, err := app.Open(context.Background(), cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err == nil {
		err = a.Run(context.Background(), func(app.Runtime) {})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Process is a server in a process of its own, which a test may kill.
type Process struct {
	Server
	cmd *exec.Cmd
}

// StartProcess runs a server on the data folder in a child process until the
// test ends or kills it. The package's TestMain must call Main.
func StartProcess(t testing.TB, data string) *Process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), serveVar+"="+data)
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &Process{Server: Server{Data: data}, cmd: cmd}
	p.stop = func() { p.Kill() }
	t.Cleanup(p.Kill)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		r, err := app.ReadRuntime(data)
		if err == nil && r.PID == cmd.Process.Pid {
			p.Runtime = r
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server process did not come up: %v", err)
		}
	}
	if p.Credentials, err = app.ReadCredentials(data); err != nil {
		t.Fatal(err)
	}
	return p
}

// Kill ends the process as kill -9 does and waits until it is gone.
func (p *Process) Kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait() // its error is that it was killed
	}
}
