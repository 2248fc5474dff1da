package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mainVar makes the test binary behave as the command itself.
const mainVar = "BOATHOUSE_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(mainVar) != "" {
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// boathouse runs the command line in a process of its own.
func boathouse(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), mainVar+"=1")
	cmd.Stderr = t.Output()
	return cmd
}

// start runs `up` and returns when it prints ready, with the time that took.
func start(t testing.TB, data string) (*exec.Cmd, time.Duration) {
	t.Helper()
	cmd := boathouse(t, "up", "--data", data, "--aws-addr", ":0", "--postgres-addr", ":0", "--http-addr", ":0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "ready" {
			return cmd, time.Since(began)
		}
	}
	t.Fatalf("up ended without ready: %v", cmd.Wait())
	return nil, 0
}

func TestUpStopsOnSIGTERM(t *testing.T) {
	data := t.TempDir()
	cmd, _ := start(t, data)
	out, err := boathouse(t, "env", "--data", data).Output()
	if err != nil || !strings.Contains(string(out), "export AWS_ENDPOINT_URL='http://127.0.0.1:") {
		t.Errorf("env: %s, %v", out, err)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("up ended with %v after SIGTERM", err)
	}
	if err := boathouse(t, "env", "--data", data).Run(); err == nil {
		t.Error("env succeeds although no server runs")
	}
}

func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 0, "Usage: boathouse COMMAND"},
		{[]string{"up", "--help"}, 0, "-aws-addr"},
		{[]string{"version"}, 0, "boathouse 0."},
		{[]string{"nope"}, 2, `no command "nope"`},
		{[]string{"up", "--nope"}, 1, "flag provided but not defined: -nope"},
		{[]string{"up", "now"}, 1, `unexpected "now"`},
		{[]string{"up", "--account", "1"}, 1, "12 digits"},
	} {
		var out strings.Builder
		if code := Main(tt.args, &out, &out); code != tt.code || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%v: code %d, want %d; printed %q, want %q", tt.args, code, tt.code, out.String(), tt.want)
		}
	}
}

// BenchmarkUp measures an empty folder's start, from exec to the line ready,
// and the resident memory of the server one second later.
func BenchmarkUp(b *testing.B) {
	var ready time.Duration
	var rss float64
	for b.Loop() {
		cmd, took := start(b, b.TempDir())
		ready += took
		time.Sleep(time.Second)
		rss += residentMB(b, cmd.Process.Pid)
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(ready.Milliseconds())/float64(b.N), "ms/ready")
	b.ReportMetric(rss/float64(b.N), "MB/idle")
}

func residentMB(t testing.TB, pid int) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmRSS:" {
			kb, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			return kb / 1024
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
