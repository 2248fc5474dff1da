package postgres

import (
	"os"
	"testing"
	"time"
)

func TestHand(t *testing.T) {
	if os.Getenv("HAND") == "" {
		t.Skip()
	}
	s := startStack(t)
	os.WriteFile("/tmp/h7_addr", []byte(s.addr), 0o644)
	for range 3600 {
		if _, err := os.Stat("/tmp/h7_stop"); err == nil {
			os.Remove("/tmp/h7_stop")
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
}
