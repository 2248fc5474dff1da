package gate

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// Config is what the gate works with.
type Config struct {
	Identity *identity.Service
	Log      *slog.Logger
	Registry prometheus.Registerer
	Region   string           // "us-east-1": what credential scopes must say
	Now      func() time.Time // nil for time.Now
	// BodyBytesMax bounds a request's body, as sent and after decompression;
	// 0 is 16 MiB. It does not hold for the S3 door, which streams.
	BodyBytesMax int64
}

// Gate takes requests through the shared steps. It keeps no state but its
// counters.
type Gate struct {
	cfg      Config
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// New makes a gate and registers its metrics.
func New(cfg Config) (*Gate, error) {
	if cfg.Identity == nil || cfg.Log == nil || cfg.Registry == nil || cfg.Region == "" {
		return nil, errors.New("gate: Identity, Log, Registry and Region must be set")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.BodyBytesMax == 0 {
		cfg.BodyBytesMax = 16 << 20
	}
	g := &Gate{cfg: cfg,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "boathouse_aws_requests_total",
			Help: "Requests to the AWS doors."}, []string{"service", "operation", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "boathouse_aws_request_seconds",
			Help:    "Time to answer requests to the AWS doors.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}},
			[]string{"service", "operation"}),
	}
	for _, c := range []prometheus.Collector{g.requests, g.seconds} {
		if err := cfg.Registry.Register(c); err != nil {
			return nil, fmt.Errorf("gate: %w", err)
		}
	}
	return g, nil
}

// Handle serves one door. It refuses a door whose tables contradict its types.
func (g *Gate) Handle(d Door) (http.Handler, error) {
	s, err := newServer(g, d)
	if err != nil {
		return nil, err
	}
	return g.Observe(d.Service, s.panicked, http.HandlerFunc(s.serve)), nil
}
