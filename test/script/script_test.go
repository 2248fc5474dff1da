package script_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// root is the repository's.
const root = "../.."

// bin is the folder of the binary that the scripts run.
var bin string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "boathouse-script-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-o", dir+"/", "./cmd/boathouse")
	build.Dir = root
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "go build:", err)
		return 1
	}
	bin = dir
	return m.Run()
}

// The scripts are what the documents say, as a user types it, against the
// built binary. In them
//
//	serve DATA [FLAG...]  starts `boathouse up` on free ports and waits for ready
//	use DATA              takes over what `boathouse env` prints
//	halt DATA             stops that server with SIGTERM and waits for its end
//	paste FILE HEADING    runs the sh blocks below a heading of a document,
//	                      those of other terminals (` up`) left out
//	[have:PROGRAM]        is true where a program is installed
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:       ".",
		Setup:     setup,
		Condition: have,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve": serve, "use": use, "halt": halt, "paste": paste,
		},
		RequireUniqueNames: true,
	})
}

func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, name := range []string{"PYENV_ROOT", "VIRTUAL_ENV", "LANG"} { // what finds python programs
		if v, ok := os.LookupEnv(name); ok {
			env.Setenv(name, v)
		}
	}
	env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	env.Setenv("AWS_PAGER", "")
	env.Values["servers"] = map[string]*server{}
	return nil
}

// have is true for an installed program. Where BOATHOUSE_TEST_ALL is set, as
// in CI, a missing one is a failure.
func have(cond string) (bool, error) {
	program, ok := strings.CutPrefix(cond, "have:")
	if !ok {
		return false, fmt.Errorf("there is no condition %q", cond)
	}
	_, err := exec.LookPath(program)
	if err != nil && os.Getenv("BOATHOUSE_TEST_ALL") != "" {
		return false, fmt.Errorf("BOATHOUSE_TEST_ALL is set and %s is not installed", program)
	}
	return err == nil, nil
}

type server struct {
	cmd    *exec.Cmd
	ended  chan error
	output strings.Builder
}

func servers(ts *testscript.TestScript) map[string]*server {
	return ts.Value("servers").(map[string]*server)
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve DATA [FLAG...]")
	}
	s := &server{ended: make(chan error, 1)}
	s.cmd = exec.Command(filepath.Join(bin, "boathouse"), append([]string{"up", "--data", args[0],
		"--aws-addr", ":0", "--postgres-addr", ":0", "--http-addr", ":0"}, args[1:]...)...)
	s.cmd.Dir = ts.MkAbs(".")
	s.cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"))
	s.cmd.Stderr = ts.Stderr()
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ready := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "ready" {
				close(ready)
			}
		}
		s.ended <- s.cmd.Wait()
	}()
	select {
	case <-ready:
	case err := <-s.ended:
		ts.Fatalf("the server ended before it was ready: %v", err)
	case <-time.After(30 * time.Second):
		s.cmd.Process.Kill()
		ts.Fatalf("the server was not ready within 30 s")
	}
	servers(ts)[args[0]] = s
	ts.Defer(func() { ts.Check(stop(ts, args[0])) })
}

func halt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: halt DATA")
	}
	ts.Check(stop(ts, args[0]))
}

// stop ends a server, once; the contract is 10 s.
func stop(ts *testscript.TestScript, data string) error {
	s := servers(ts)[data]
	if s == nil {
		return nil
	}
	delete(servers(ts), data)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return errors.Join(err, <-s.ended)
	}
	select {
	case err := <-s.ended:
		return err
	case <-time.After(10 * time.Second):
		s.cmd.Process.Kill()
		return errors.New("the server did not stop within 10 s of SIGTERM")
	}
}

// use evaluates what env prints in a shell, as the user does, and keeps the
// variables for the commands that follow.
func use(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: use DATA")
	}
	cmd := exec.Command("sh", "-c", `eval "$("$0" env --data "$1")" && env -0`, filepath.Join(bin, "boathouse"), args[0])
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + ts.Getenv("HOME")}
	cmd.Stderr = ts.Stderr()
	out, err := cmd.Output()
	ts.Check(err)
	for kv := range strings.SplitSeq(string(out), "\x00") {
		k, v, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(k, "AWS_") || strings.HasPrefix(k, "PG") || strings.HasPrefix(k, "BOATHOUSE_") {
			ts.Setenv(k, v)
		}
	}
}

// paste runs what a document shows, as if it were typed: the sh blocks under a
// heading, in order, in one shell that stops at the first failure.
func paste(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: paste FILE HEADING")
	}
	text, err := os.ReadFile(filepath.Join(root, args[0]))
	ts.Check(err)
	lines := blocks(string(text), args[1])
	if lines == "" {
		ts.Fatalf("%s has no sh block under %q", args[0], args[1])
	}
	ts.Check(ts.Exec("sh", "-e", "-c", strings.ReplaceAll(lines, "bin/boathouse", "boathouse")))
}

// blocks are the lines of the sh blocks between a heading and the next. A block
// that starts a server belongs to another terminal.
func blocks(doc, heading string) string {
	var all, block strings.Builder
	under, inside := false, false
	for line := range strings.Lines(doc) {
		switch {
		case !inside && strings.HasPrefix(line, "#"):
			under = strings.TrimSpace(strings.TrimLeft(line, "#")) == heading
		case !inside && strings.HasPrefix(line, "```"):
			inside = true
			if block.Reset(); !strings.HasPrefix(line, "```sh") {
				block.WriteString(" up") // not for a shell: left out like a server
			}
		case inside && strings.HasPrefix(line, "```"):
			inside = false
			if under && !strings.Contains(block.String(), " up") {
				all.WriteString(block.String())
			}
		case inside:
			block.WriteString(line)
		}
	}
	return all.String()
}
