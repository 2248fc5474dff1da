package workgroup

import (
	"errors"
	"time"
)

// Config bounds the executions.
type Config struct {
	// Workers is how many queries run at once.
	Workers int `conf:"workers" help:"how many queries of work groups run at once"`
	// QueueMax is how many may wait; more are refused.
	QueueMax int `conf:"queue-max" help:"how many queries of work groups may wait"`
	// Retention is how long an execution stays in the history.
	Retention time.Duration `conf:"retention" help:"how long finished queries stay in the history"`
}

// Default runs two queries at once, lets a thousand wait, and keeps history
// for the 45 days of the real service.
func Default() Config {
	return Config{Workers: 2, QueueMax: 1000, Retention: 45 * 24 * time.Hour}
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	if c.Workers < 1 || c.QueueMax < 1 {
		return errors.New("workgroup: workers and queue-max are at least 1")
	}
	if c.Retention < time.Minute {
		return errors.New("workgroup: retention is at least 1m")
	}
	return nil
}
