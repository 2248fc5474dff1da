package doctor

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clock looks at the year, at a clock that jumps, and at the file system's
// time. Signatures are good for 15 minutes around the server's clock.
func clock(_ context.Context, p *patient) []Finding {
	const do = "set the clock, for example by NTP: signed requests are refused when it is off by more than 15 minutes"
	now := time.Now()
	if y := now.Year(); y < 2025 || y > 2100 {
		return []Finding{fail(do, "the clock says %s", now.UTC().Format(time.RFC3339))}
	}
	wall := now.Round(0) // without the monotonic reading
	time.Sleep(20 * time.Millisecond)
	later := time.Now()
	if jump := later.Round(0).Sub(wall) - later.Sub(now); jump.Abs() > 100*time.Millisecond {
		return []Finding{warn("let NTP slew the clock rather than step it", "the clock jumped by %s while I looked", round(jump))}
	}
	skew, err := fileSkew(nearest(p.cfg.Data))
	if err != nil {
		return nil // fsync has said it
	}
	if skew.Abs() > skewWarn {
		return []Finding{warn("set the clock of this machine and of its file server", "the disk's time differs by %s", round(skew))}
	}
	return []Finding{ok("%s", now.UTC().Format(time.RFC3339))}
}

// fileSkew is how far the time of a new file is from this machine's.
func fileSkew(dir string) (time.Duration, error) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	now := time.Now()
	if _, err := f.WriteString("tick"); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.ModTime().Sub(now), nil
}

// memory looks at what is left, for the machine and for its container.
func memory(context.Context, *patient) []Finding {
	free, found := available()
	if !found {
		return nil // not a Linux machine
	}
	if free < memoryWarn {
		return []Finding{warn("close something, or give the container more", "%s to use", size(free))}
	}
	return []Finding{ok("%s to use", size(free))}
}

func available() (free int64, found bool) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for in := bufio.NewScanner(bytes.NewReader(b)); in.Scan(); {
		if f := strings.Fields(in.Text()); len(f) > 1 && f[0] == "MemAvailable:" {
			kib, err := strconv.ParseInt(f[1], 10, 64)
			free, found = kib<<10, err == nil
		}
	}
	limit, err1 := number("/sys/fs/cgroup/memory.max")
	used, err2 := number("/sys/fs/cgroup/memory.current")
	if err1 == nil && err2 == nil && limit-used < free {
		free = limit - used
	}
	return free, found
}

// number reads a file that holds one; "max", for no limit, is an error.
func number(name string) (int64, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
}

// limits looks at how many files a process may hold open. The Go runtime
// raises the soft limit to the hard one, so the hard one counts.
func limits(context.Context, *patient) []Finding {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return nil
	}
	if l.Max < filesWarn {
		return []Finding{warn("raise it: ulimit -Hn 65536, or LimitNOFILE= of the service", "%d open files at most", l.Max)}
	}
	return []Finding{ok("%d open files at most", l.Max)}
}

// programs looks for what Boathouse does not need and you may like.
func programs(ctx context.Context, _ *patient) (out []Finding) {
	for _, p := range []struct {
		name, arg, why string
	}{
		{"aws", "--version", "the AWS CLI, to use the AWS doors from the command line"},
		{"psql", "--version", "a PostgreSQL client; `boathouse sql` is built in"},
		{"python3", "--version", "for boto3, awswrangler and the blueprints' scripts"},
		{"node", "--version", "for JavaScript clients"},
	} {
		path, err := exec.LookPath(p.name)
		if err != nil {
			out = append(out, ok("%s is not installed (optional: %s)", p.name, p.why))
			continue
		}
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		b, err := exec.CommandContext(limited, path, p.arg).CombinedOutput()
		cancel()
		if err != nil {
			out = append(out, warn("repair or remove it", "%s does not run: %v", path, err))
			continue
		}
		line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
		out = append(out, ok("%s", describe(p.name, line)))
	}
	return out
}

func describe(name, version string) string {
	if strings.HasPrefix(strings.ToLower(version), name) {
		return version
	}
	return fmt.Sprintf("%s %s", name, version)
}
