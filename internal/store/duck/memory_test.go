package duck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// Values of expressions are not in the engine's account: without a bound of its
// own this takes tens of gigabytes.
func TestProcessMax(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is a bound on Linux only")
	}
	cfg := Default()
	cfg.MemoryMaxBytes, cfg.ProcessMaxBytes = 512<<20, 1<<30
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	c, err := e.Acquire(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	for _, sql := range []string{
		"SELECT len(list_transform(range(400000), lambda x: range(1000 + x % 2)))",
		"SELECT sum(len(range(1000000 + r))) FROM range(10000) t(r)",
		"SELECT len(string_split(repeat('a,' || r::VARCHAR, 100000000), ',')) FROM range(3) t(r)",
		"SELECT length(replace(repeat('a', 100000000), 'a', repeat('b', 1000 + r::INT))) FROM range(2) t(r)",
		"SELECT length(regexp_replace(repeat('a', 10000000), 'a', repeat('b', 10000 + r::INT), 'g')) FROM range(2) t(r)",
		"SELECT map(range(50000000 + r), range(50000000 + r)) FROM range(2) t(r)",
		"SELECT max(length(repeat(repeat('x', 1000000), 1000 + r::INT))) FROM range(100) t(r)",
	} {
		var engine *Error
		if err := c.Exec(context.Background(), sql); !errors.As(err, &engine) || engine.Class != OutOfMemory {
			t.Errorf("%s: %v", sql, err)
		}
		if err := c.Exec(context.Background(), "SELECT sum(r) FROM (SELECT r FROM range(1000000) t(r) ORDER BY hash(r))"); err != nil {
			t.Errorf("after it: %v", err)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		kB := 0
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kB); err == nil && kB > 3<<19 {
			t.Error("the process had ", strings.TrimSpace(line))
		}
	}
}
