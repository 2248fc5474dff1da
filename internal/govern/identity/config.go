package identity

import (
	"errors"
	"fmt"
)

// Config is what the server's start knows of identities. The root account is
// not in the metadata: whoever holds its secret from the data folder is root.
type Config struct {
	Account       string // 12 digits
	RootAccessKey string // 16 to 128 letters and digits
	RootSecret    string
	// SealKey, 32 bytes, encrypts the secrets of access keys at rest. Requests
	// are verified with the secret itself, so it must be recoverable.
	SealKey []byte
}

// Validate says what is wrong with c.
func (c Config) Validate() error {
	if len(c.Account) != 12 || !digits(c.Account) {
		return fmt.Errorf("identity: account %q: use 12 digits", c.Account)
	}
	if len(c.RootAccessKey) < 16 || len(c.RootAccessKey) > 128 || c.RootSecret == "" {
		return errors.New("identity: the root access key needs 16 to 128 characters, and a secret")
	}
	if len(c.SealKey) != 32 {
		return errors.New("identity: the seal key needs 32 bytes")
	}
	return nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
