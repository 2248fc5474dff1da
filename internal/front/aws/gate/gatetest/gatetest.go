// Package gatetest serves doors for tests, as the server does: signatures,
// policies, HTTP/1.1 and HTTP/2 without TLS.
package gatetest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
)

// Region is what the server that Serve makes expects.
const Region = "us-east-1"

// Serve serves doors until the test ends and returns the server's URL.
func Serve(t testing.TB, ids *identity.Service, doors ...gate.Door) string {
	t.Helper()
	g, err := gate.New(gate.Config{Identity: ids, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(), Region: Region})
	if err != nil {
		t.Fatal(err)
	}
	h, err := g.Router(http.NotFoundHandler(), doors...)
	if err != nil {
		t.Fatal(err)
	}
	return Listen(t, h)
}

// Listen serves a handler over HTTP/1.1 and unencrypted HTTP/2.
func Listen(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// HTTP2 returns a client that speaks unencrypted HTTP/2 from the first byte.
func HTTP2() *http.Client {
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: p}}
}

// Config returns an SDK configuration for a server; an empty key is root's.
func Config(url, key, secret, token string) aws.Config {
	if key == "" {
		key, secret = identitytest.AccessKey, identitytest.Secret
	}
	return aws.Config{Region: Region, BaseEndpoint: &url, RetryMaxAttempts: 3, // a dropped connection is not what the tests are about
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret, SessionToken: token}, nil
		})}
}
