// Package obs is how the product is observed: structured logs and metrics.
//
// A log line says what happened to whom with key-value pairs; secrets and the
// bodies of requests are never logged. Metrics live in one registry, made by
// app and handed down; the page /metrics of the HTTP address shows them in the
// Prometheus text format.
package obs

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Config says how much is logged and in which form.
type Config struct {
	Level  string `conf:"level" help:"least level that is logged: debug, info, warn or error"`
	Format string `conf:"format" help:"form of log lines: text or json"`
}

// Default logs warnings and errors as text.
func Default() Config { return Config{Level: "warn", Format: "text"} }

// Validate says what is wrong with c.
func (c Config) Validate() error {
	var l slog.Level
	if err := l.UnmarshalText([]byte(c.Level)); err != nil {
		return fmt.Errorf("log level %q: use debug, info, warn or error", c.Level)
	}
	if c.Format != "text" && c.Format != "json" {
		return fmt.Errorf("log format %q: use text or json", c.Format)
	}
	return nil
}

// Logger writes to w as c says; c must be valid.
func Logger(c Config, w io.Writer) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(c.Level)) // checked by Validate
	opts := &slog.HandlerOptions{Level: l}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// Registry returns a metrics registry that already counts the process itself.
func Registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// Page serves the registry in the Prometheus text format.
func Page(r *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}
