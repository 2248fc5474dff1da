package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// newSeal makes the cipher that protects secrets at rest: AES-256-GCM with a
// key derived from the data folder's, so that the same bytes can protect other
// things under other labels.
func newSeal(key []byte) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, key, nil, "boathouse identity secrets", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal encrypts a secret and binds it to its access key.
func (s *Service) seal(accessKey, secret string) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce) // never fails: crypto/rand aborts the process instead
	return s.aead.Seal(nonce, nonce, []byte(secret), []byte(accessKey))
}

func (s *Service) unseal(accessKey string, sealed []byte) (string, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return "", errors.New("sealed secret is too short")
	}
	b, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(accessKey))
	if err != nil {
		return "", errors.New("a secret cannot be unsealed: the seal key is not the one it was made with")
	}
	return string(b), nil
}
