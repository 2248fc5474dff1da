package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/front/postgres"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/obs"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Config is every setting of a server, one struct per part.
type Config struct {
	Data      string           `conf:"data" help:"data folder"`
	Region    string           `conf:"region" help:"region that the AWS doors speak for"`
	Account   string           `conf:"account" help:"account number, 12 digits"`
	Drain     time.Duration    `conf:"drain" help:"how long a stop waits for running requests"`
	AWS       Door             `conf:"aws"`
	Postgres  Warehouse        `conf:"postgres"`
	HTTP      Door             `conf:"http"`
	TLS       TLS              `conf:"tls"`
	Log       obs.Config       `conf:"log"`
	Meta      meta.Config      `conf:"meta"`
	Objects   object.Config    `conf:"objects"`
	Catalog   catalog.Config   `conf:"catalog"`
	SQL       query.Config     `conf:"sql"`
	Workgroup workgroup.Config `conf:"workgroup"`
}

// Door is where one protocol listens.
type Door struct {
	Addr string `conf:"addr" help:"address to listen on; without a host it is 127.0.0.1, port 0 picks a free one"`
}

// Warehouse is the PostgreSQL door: where it listens and its bounds.
type Warehouse struct {
	Door            `conf:"-"`
	postgres.Config `conf:"-"`
}

// TLS is the certificate that all doors show; without one they speak plain text.
type TLS struct {
	Cert string `conf:"cert" help:"file with the certificate chain (PEM); turns TLS on"`
	Key  string `conf:"key" help:"file with the private key (PEM)"`
}

// Default is a server on loopback with its data in the user's home.
func Default() Config {
	data := "boathouse-data"
	if home, err := os.UserHomeDir(); err == nil {
		data = filepath.Join(home, ".boathouse")
	}
	return Config{
		Data: data, Region: "us-east-1", Account: "000000000000", Drain: 8 * time.Second,
		AWS: Door{":4566"}, Postgres: Warehouse{Door{":5439"}, postgres.Default()}, HTTP: Door{":8080"},
		Log: obs.Default(), Meta: meta.Default(), Objects: object.Default(), Catalog: catalog.Default(), SQL: query.Default(), Workgroup: workgroup.Default(),
	}
}

var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
)

// Validate says what is wrong with c.
func (c Config) Validate() error {
	var errs []error
	if c.Data == "" {
		errs = append(errs, errors.New("data: name a folder"))
	}
	if !accountForm.MatchString(c.Account) {
		errs = append(errs, fmt.Errorf("account %q: use 12 digits", c.Account))
	}
	if !regionForm.MatchString(c.Region) {
		errs = append(errs, fmt.Errorf("region %q: use a name such as us-east-1", c.Region))
	}
	if c.Drain < 0 || c.Drain > 9*time.Second {
		errs = append(errs, fmt.Errorf("drain %s: use 0s to 9s, since a stop takes 10 s at most", c.Drain))
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		errs = append(errs, errors.New("tls: give both cert and key"))
	}
	for _, d := range []struct{ name, addr string }{{"aws", c.AWS.Addr}, {"postgres", c.Postgres.Addr}, {"http", c.HTTP.Addr}} {
		if _, _, err := net.SplitHostPort(d.addr); err != nil {
			errs = append(errs, fmt.Errorf("%s address %q: use host:port or :port", d.name, d.addr))
		}
	}
	return errors.Join(append(errs, c.Log.Validate(), c.Meta.Validate(), c.Objects.Validate(), c.Catalog.Validate(), c.SQL.Validate(), c.Workgroup.Validate(), c.Postgres.Validate())...)
}

// listen opens a door's address: loopback when no host is named.
func listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.Listen("tcp", net.JoinHostPort(host, port))
}
