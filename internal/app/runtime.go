package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Runtime is what a running server says of itself in its data folder.
type Runtime struct {
	PID          int
	Version      string
	Region       string
	Account      string
	TLS          bool
	CertFile     string // the certificate chain, when TLS is on
	AWSAddr      string // host:port
	PostgresAddr string
	HTTPAddr     string
}

// NotRunning says that no server holds a data folder.
var NotRunning = errors.New("no server runs on this data folder: start one with `boathouse up`")

// ReadRuntime returns the running server of a data folder, or NotRunning.
func ReadRuntime(dir string) (Runtime, error) {
	var r Runtime
	lock, err := os.Open(filepath.Join(dir, "lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("%s: %w", dir, NotRunning)
	}
	if err != nil {
		return r, err
	}
	defer lock.Close()
	if unix.Flock(int(lock.Fd()), unix.LOCK_SH|unix.LOCK_NB) == nil {
		return r, fmt.Errorf("%s: %w", dir, NotRunning) // nobody holds it
	}
	b, err := os.ReadFile(filepath.Join(dir, "server.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("%s: the server is starting: try again in a moment", dir)
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s: %w", filepath.Join(dir, "server.json"), err)
	}
	return r, nil
}

// AWSURL is the endpoint of the AWS doors.
func (r Runtime) AWSURL() string { return r.scheme() + r.AWSAddr }

// HTTPURL is the address of the pages for people and monitors.
func (r Runtime) HTTPURL() string { return r.scheme() + r.HTTPAddr }

func (r Runtime) scheme() string {
	if r.TLS {
		return "https://"
	}
	return "http://"
}

// Env returns the variables that point AWS tools, PostgreSQL clients and our
// own commands at the running server, in a fixed order.
func (r Runtime) Env(c Credentials) [][2]string {
	host, port, _ := strings.Cut(r.PostgresAddr, ":")
	if i := strings.LastIndex(r.PostgresAddr, ":"); i >= 0 {
		host, port = strings.Trim(r.PostgresAddr[:i], "[]"), r.PostgresAddr[i+1:]
	}
	env := [][2]string{
		{"AWS_ENDPOINT_URL", r.AWSURL()},
		{"AWS_ACCESS_KEY_ID", c.AccessKey},
		{"AWS_SECRET_ACCESS_KEY", c.Secret},
		{"AWS_REGION", r.Region},
		{"AWS_DEFAULT_REGION", r.Region}, // what boto3 and version 1 of the AWS CLI read
		{"PGHOST", host},
		{"PGPORT", port},
		{"PGUSER", "root"},
		{"PGPASSWORD", c.Secret},
		{"PGDATABASE", Database},
		{"BOATHOUSE_HTTP_URL", r.HTTPURL()},
	}
	if r.TLS {
		env = append(env, [2]string{"AWS_CA_BUNDLE", r.CertFile}, [2]string{"PGSSLMODE", "require"})
	}
	return env
}

// Database is the one database name that PostgreSQL clients connect to.
const Database = "boathouse"

// Lines names each open door and where it is, as `boathouse up` prints them.
func (r Runtime) Lines() [][2]string {
	return [][2]string{{"aws", r.AWSURL()}, {"postgres", r.PostgresAddr}, {"http", r.HTTPURL()}}
}
