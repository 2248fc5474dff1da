package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// find returns the findings of one check.
func find(t *testing.T, cfg Config, check string) (out []Finding) {
	t.Helper()
	p := &patient{cfg: cfg}
	for _, c := range checks {
		if c.name == check {
			return c.look(context.Background(), p)
		}
	}
	t.Fatalf("there is no check %s", check)
	return nil
}

func config(dir string) Config {
	cfg := Default()
	cfg.Data, cfg.AWS.Addr, cfg.Postgres.Addr, cfg.HTTP.Addr = dir, ":0", ":0", ":0"
	return cfg
}

func TestFindings(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	write := func(name, text string, mode os.FileMode) func(*testing.T, *Config) {
		return func(t *testing.T, cfg *Config) {
			name := filepath.Join(cfg.Data, name)
			if err := os.WriteFile(name, []byte(text), mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	keys := "aws_access_key_id = A\naws_secret_access_key = B\n"
	for _, tt := range []struct {
		name, check string
		prepare     func(*testing.T, *Config)
		level       Level
		text        string
	}{
		{"empty folder", "folder", nil, OK, "no server runs"},
		{"no folder", "folder", func(_ *testing.T, c *Config) { c.Data += "/a/b" }, OK, "the first start makes it"},
		{"a file", "folder", func(t *testing.T, c *Config) { write("x", "", 0o600)(t, c); c.Data += "/x" }, Fail, "is a file"},
		{"newer format", "folder", write("format", "99\n", 0o600), Fail, "use the version that wrote it"},
		{"somebody else's", "folder", write("thesis.txt", "", 0o600), Fail, "not a data folder"},
		{"open folder", "folder", func(t *testing.T, c *Config) {
			if err := os.Chmod(c.Data, 0o755); err != nil {
				t.Fatal(err)
			}
		}, Warn, "mode 0755"},
		{"no secrets yet", "secrets", nil, OK, "the first start makes them"},
		{"secrets", "secrets", write("credentials", keys, 0o600), OK, "mode 0600"},
		{"open secrets", "secrets", write("credentials", keys, 0o644), Fail, "mode 0644"},
		{"broken secrets", "secrets", write("credentials", "?", 0o600), Fail, "does not hold a key pair"},
		{"taken port", "ports", func(_ *testing.T, c *Config) { c.AWS.Addr = taken.Addr().String() }, Fail, "in use (process"},
		{"free ports", "ports", nil, OK, "free: 127.0.0.1:"},
		{"bad settings", "settings", func(_ *testing.T, c *Config) { c.Account = "1" }, Fail, "12 digits"},
		{"clock", "clock", nil, OK, "T"},
		{"fsync leaves nothing behind", "fsync", nil, OK, "median"},
		{"server", "server", nil, OK, "not running"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config(t.TempDir())
			if err := os.Chmod(cfg.Data, 0o700); err != nil {
				t.Fatal(err)
			}
			if tt.prepare != nil {
				tt.prepare(t, &cfg)
			}
			f := find(t, cfg, tt.check)[0]
			if tt.check == "fsync" && f.Level == Warn {
				t.Skip("this disk is not an ordinary one: " + f.Text)
			}
			if f.Level != tt.level || !strings.Contains(f.Text, tt.text) {
				t.Errorf("got %s %q, want %s %q", f.Level, f.Text, tt.level, tt.text)
			}
			if (f.Do == "") != (f.Level == OK) {
				t.Errorf("%s, to do: %q", f.Level, f.Do)
			}
			if left, _ := filepath.Glob(filepath.Join(cfg.Data, ".doctor*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestReport(t *testing.T) {
	cfg := config(t.TempDir())
	cfg.JSON = true
	cfg.Region = "nowhere"
	var out bytes.Buffer
	err := Run(context.Background(), cfg, &out)
	if !errors.Is(err, Sick) || !strings.Contains(err.Error(), "settings") {
		t.Errorf("got %v", err)
	}
	var all []Finding
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) < len(checks)-1 {
		t.Errorf("%d findings, %v", len(all), err)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{300 << 20: "300 MiB", 3 << 29: "1.5 GiB", 75 << 30: "75 GiB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s, want %s", n, got, want)
		}
	}
}
