// Package identitytest opens the real identity service for tests.
package identitytest

import (
	"testing"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/store/meta/metatest"
)

// The root credentials of the service that Open returns.
const (
	Account   = "000000000000"
	AccessKey = "AKIAROOTROOTROOTROOT"
	Secret    = "rootsecretrootsecretrootsecretrootsecret"
)

// Config is a valid configuration.
func Config() identity.Config {
	return identity.Config{Account: Account, RootAccessKey: AccessKey, RootSecret: Secret,
		SealKey: []byte("0123456789abcdef0123456789abcdef")}
}

// Open returns a service over a fresh metadata store.
func Open(t testing.TB) *identity.Service {
	t.Helper()
	s, err := identity.Open(t.Context(), Config(), metatest.Open(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
