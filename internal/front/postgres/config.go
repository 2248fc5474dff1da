package postgres

import (
	"fmt"
	"time"
)

// Config bounds what clients may take.
type Config struct {
	Database     string        // the one database name that clients connect to
	RequireTLS   bool          // refuse sessions without encryption
	Connections  int           // sessions at a time
	MessageBytes int           // of one message: a statement with its parameters
	Login        time.Duration // from connect to the end of the login
	Drain        time.Duration // how long a stop waits for statements, and again for their answers
}

// Default allows 200 sessions and statements of 16 MiB.
func Default() Config {
	return Config{
		Database: "boathouse", Connections: 200, MessageBytes: 16 << 20,
		Login: 30 * time.Second, Drain: 4 * time.Second,
	}
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	switch {
	case c.Database == "":
		return fmt.Errorf("postgres database: give it a name")
	case c.Connections < 1:
		return fmt.Errorf("postgres connections %d: allow at least 1", c.Connections)
	case c.MessageBytes < 64<<10 || c.MessageBytes > 1<<30:
		return fmt.Errorf("postgres message bytes %d: use 65536 to 1073741824", c.MessageBytes)
	case c.Login <= 0 || c.Drain < 0:
		return fmt.Errorf("postgres login and drain times must not be negative")
	}
	return nil
}

// A session's own bounds.
const (
	statementsMax = 2000     // prepared, by name
	portalsMax    = 200      // open
	flushBytes    = 64 << 10 // of rows gathered before they are sent
	rowBytesMax   = 1<<30 - 1
)
