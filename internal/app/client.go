package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
)

// What our own commands need to reach a running server, beside Env.

// DSN is a connection string for the PostgreSQL door. With TLS it trusts the
// server's own certificate and no other.
func (r Runtime) DSN(c Credentials) string {
	words := map[string]string{"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
	var dsn []string
	add := func(word, value string) {
		dsn = append(dsn, word+"='"+strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value)+"'")
	}
	for _, kv := range r.Env(c) {
		if word, ok := words[kv[0]]; ok {
			add(word, kv[1])
		}
	}
	if r.TLS {
		add("sslmode", "verify-ca")
		add("sslrootcert", r.CertFile)
	} else {
		add("sslmode", "disable")
	}
	return strings.Join(dsn, " ")
}

// Client is an HTTP client for the server's doors. With TLS it trusts the
// server's own certificate beside those that the machine trusts.
func (r Runtime) Client() (*http.Client, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil // the server is this machine's
	if r.TLS {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		pem, err := os.ReadFile(r.CertFile)
		if err != nil {
			return nil, err
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", r.CertFile)
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: t}, nil
}

// Listen opens an address as a door would.
func Listen(addr string) (net.Listener, error) { return listen(addr) }

// CheckFormat says whether a server of this version could open a folder, and
// changes nothing.
func CheckFormat(dir string) error {
	f := &folder{dir: dir}
	if _, err := os.Stat(f.path("format")); !errors.Is(err, fs.ErrNotExist) {
		return f.checkFormat()
	}
	return f.checkEmpty()
}
