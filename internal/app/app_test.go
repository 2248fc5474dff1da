package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/app/apptest"
)

func open(t *testing.T, data string) error {
	t.Helper()
	cfg := app.Default()
	cfg.Data, cfg.AWS.Addr, cfg.Postgres.Addr, cfg.HTTP.Addr = data, ":0", ":0", ":0"
	a, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err == nil {
		err = a.Close()
	}
	return err
}

func TestServerLives(t *testing.T) {
	s := apptest.Start(t)
	res, err := http.Get(s.HTTPURL() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != "ok\n" {
		t.Errorf("healthz says %q", b)
	}
	if err := open(t, s.Data); err == nil || !strings.Contains(err.Error(), "in use by another server (process ") {
		t.Errorf("a second server on the folder: %v", err)
	}
	if r, err := app.ReadRuntime(s.Data); err != nil || r.AWSAddr != s.AWSAddr {
		t.Errorf("runtime: %+v, %v", r, err)
	}
	s.Stop()
	if _, err := app.ReadRuntime(s.Data); !errors.Is(err, app.NotRunning) {
		t.Errorf("runtime after the stop: %v", err)
	}
	info, err := os.Stat(filepath.Join(s.Data, "credentials"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("credentials: %v, %v", info.Mode(), err)
	}
	before := s.Credentials
	s = apptest.StartOn(t, s.Data)
	if s.Credentials != before {
		t.Error("the credentials changed over a restart")
	}
}

func TestFoldersRefused(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"newer format", "format", "2\n", "use the version that wrote it"},
		{"broken format", "format", "x\n", "does not hold a format number"},
		{"somebody else's", "thesis.txt", "", "not a data folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := open(t, dir); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestConfigRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*app.Config)
		want   string
	}{
		{"account", func(c *app.Config) { c.Account = "1" }, "12 digits"},
		{"region", func(c *app.Config) { c.Region = "x" }, "us-east-1"},
		{"address", func(c *app.Config) { c.AWS.Addr = "4566" }, "host:port"},
		{"half tls", func(c *app.Config) { c.TLS.Cert = "x" }, "both cert and key"},
		{"drain", func(c *app.Config) { c.Drain = 1e11 }, "10 s at most"},
		{"log", func(c *app.Config) { c.Log.Level = "loud" }, "use debug"},
	} {
		c := app.Default()
		tt.change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := app.Default().Validate(); err != nil {
		t.Error(err)
	}
}
