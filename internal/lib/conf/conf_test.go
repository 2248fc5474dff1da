package conf_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/conf"
)

type door struct {
	Addr string `conf:"addr"`
	TLS  bool   `conf:"tls"`
}

type config struct {
	Data string        `conf:"data"`
	Wait time.Duration `conf:"wait"`
	Max  int           `conf:"max"`
	AWS  door          `conf:"aws"`
}

func load(t *testing.T, file string, env map[string]string, args ...string) (config, []string, error) {
	t.Helper()
	c := config{Data: "default", Max: 1, AWS: door{Addr: ":1"}}
	if file != "" {
		name := filepath.Join(t.TempDir(), "c.toml")
		if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--config", name}, args...)
	}
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	rest, err := conf.Load(&c, fs, args, func(k string) (string, bool) { v, ok := env[k]; return v, ok })
	return c, rest, err
}

func TestPrecedence(t *testing.T) {
	env := map[string]string{"BOATHOUSE_AWS_ADDR": ":3", "BOATHOUSE_MAX": "3"}
	c, rest, err := load(t, "data = 'file'\nmax = 2\nwait = '5m'\n[aws]\naddr = ':2'\n", env, "--aws-addr", ":4", "--aws-tls", "rest")
	want := config{Data: "file", Wait: 5 * time.Minute, Max: 3, AWS: door{":4", true}}
	if err != nil || c != want || len(rest) != 1 {
		t.Errorf("%+v %v %v, want %+v", c, rest, err, want)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		env        map[string]string
		args       []string
		want       string
	}{
		{"unknown in file", "datum = 'x'", nil, nil, "no setting datum"},
		{"bad number in file", "max = 'x'", nil, nil, "max: \"x\" is not a whole number"},
		{"bad toml", "= =", nil, nil, "c.toml"},
		{"bad environment", "", map[string]string{"BOATHOUSE_WAIT": "5"}, nil, "BOATHOUSE_WAIT"},
		{"unknown flag", "", nil, []string{"--nope"}, "nope"},
		{"bad flag", "", nil, []string{"--max", "many"}, "--max"},
		{"missing file", "", nil, []string{"--config", "/nonexistent/x"}, "is not there"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := load(t, tt.file, tt.env, tt.args...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
