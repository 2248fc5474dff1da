package doctor

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/boathouse-data/boathouse/internal/app"
)

// ports looks whether a server could listen.
func ports(_ context.Context, p *patient) (out []Finding) {
	if p.running {
		return nil // server looks at its doors
	}
	var free []string
	for _, d := range []struct{ name, addr string }{{"aws", p.cfg.AWS.Addr}, {"postgres", p.cfg.Postgres.Addr}, {"http", p.cfg.HTTP.Addr}} {
		ln, err := app.Listen(d.addr)
		if err != nil {
			out = append(out, fail(fmt.Sprintf("stop what uses it, or choose another with --%s-addr (:0 takes a free one)", d.name),
				"%s door: %v%s", d.name, err, holder(d.addr)))
			continue
		}
		free = append(free, ln.Addr().String())
		ln.Close()
	}
	if len(free) > 0 {
		out = append(out, ok("free: %s", strings.Join(free, ", ")))
	}
	return out
}

// holder names the process that listens on addr's port, where the kernel lets
// this user see it.
func holder(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return ""
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		b, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) > 9 && f[3] == "0A" && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", n)) {
				return owner(f[9])
			}
		}
	}
	return ""
}

// owner is the process that has a socket open.
func owner(inode string) string {
	fds, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err != nil || to != "socket:["+inode+"]" {
			continue
		}
		pid := strings.Split(fd, "/")[2]
		name, err := os.ReadFile("/proc/" + pid + "/comm")
		if err != nil {
			return " (process " + pid + ")"
		}
		return fmt.Sprintf(" (process %s, %s)", pid, strings.TrimSpace(string(name)))
	}
	return ""
}

// doorTimeout bounds the wait for one door's answer.
const doorTimeout = 5 * time.Second

// server knocks at each door of the running one.
func server(ctx context.Context, p *patient) (out []Finding) {
	if !p.running {
		return []Finding{ok("not running on this folder; start it with `boathouse up`")}
	}
	for _, d := range []struct {
		name, addr string
		knock      func(context.Context, *patient) error
	}{
		{"aws", p.server.AWSURL(), knockAWS},
		{"postgres", p.server.PostgresAddr, knockPostgres},
		{"http", p.server.HTTPURL(), knockHTTP},
	} {
		limited, cancel := context.WithTimeout(ctx, doorTimeout)
		start := time.Now()
		err := d.knock(limited, p)
		cancel()
		if err != nil {
			out = append(out, fail("read the server's log; stop and start it if it does not recover", "%s door at %s: %v", d.name, d.addr, err))
			continue
		}
		out = append(out, ok("%s door at %s answers in %s", d.name, d.addr, round(time.Since(start))))
	}
	return out
}

// knockAWS asks without a signature: a refusal is an answer.
func knockAWS(ctx context.Context, p *patient) error { return get(ctx, p, p.server.AWSURL()+"/", 499) }

func knockHTTP(ctx context.Context, p *patient) error {
	return get(ctx, p, p.server.HTTPURL()+"/healthz", 200)
}

// get wants an answer with a status of worst or better.
func get(ctx context.Context, p *patient, url string, worst int) error {
	client, err := p.server.Client()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode > worst {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}

func knockPostgres(ctx context.Context, p *patient) error {
	c, err := app.ReadCredentials(p.cfg.Data)
	if err != nil {
		return err
	}
	cfg, err := pgconn.ParseConfig(p.server.DSN(c))
	if err != nil {
		return err
	}
	conn, err := pgconn.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Exec(ctx, "SELECT 1").Close()
}
