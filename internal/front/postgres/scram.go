package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
)

// The SASL mechanisms of RFC 7677 and RFC 5802.
const (
	mechanismPlain = "SCRAM-SHA-256"
	mechanismPlus  = "SCRAM-SHA-256-PLUS" // bound to the TLS channel
	iterations     = 4096
)

// scram is the server's side of one exchange.
type scram struct {
	secret    string // what the client must know
	salt      []byte
	nonce     string // the server's part
	binding   []byte // tls-server-end-point data (RFC 5929); nil without TLS
	plus      bool   // the client chose the mechanism with channel binding
	gs2, bare string // of the client's first message
	first     string // the server's first message
}

var errScram = errors.New("malformed SCRAM message")

// challenge reads the client's first message and returns the server's.
func (c *scram) challenge(message string) (string, error) {
	// gs2-header is flag "," [authzid] ",": "n,,", "y,,", "p=tls-server-end-point,,"
	flag, rest, ok := strings.Cut(message, ",")
	authz, bare, ok2 := strings.Cut(rest, ",")
	if !ok || !ok2 || authz != "" {
		return "", errScram
	}
	switch {
	case flag == "n" && !c.plus, flag == "p=tls-server-end-point" && c.plus:
	case flag == "y" && !c.plus && c.binding == nil: // it could, and believes that we cannot
	default:
		return "", errScram
	}
	var client string
	for _, field := range strings.Split(bare, ",") {
		switch {
		case strings.HasPrefix(field, "m="): // an extension that must be understood
			return "", errScram
		case strings.HasPrefix(field, "r="):
			client = field[2:]
		}
	}
	if client == "" {
		return "", errScram
	}
	c.gs2, c.bare = flag+",,", bare
	c.nonce = client + c.nonce
	c.first = fmt.Sprintf("r=%s,s=%s,i=%d", c.nonce, base64.StdEncoding.EncodeToString(c.salt), iterations)
	return c.first, nil
}

// verify reads the client's final message and returns the server's; proved
// says whether the client knows the secret.
func (c *scram) verify(message string) (final string, proved bool, err error) {
	at := strings.LastIndex(message, ",p=")
	if at < 0 {
		return "", false, errScram
	}
	proof, err := base64.StdEncoding.DecodeString(message[at+3:])
	if err != nil || len(proof) != sha256.Size {
		return "", false, errScram
	}
	binding := []byte(c.gs2)
	if c.plus {
		binding = append(binding, c.binding...)
	}
	if message[:at] != "c="+base64.StdEncoding.EncodeToString(binding)+",r="+c.nonce {
		return "", false, errScram
	}
	salted, err := pbkdf2.Key(sha256.New, c.secret, c.salt, iterations, sha256.Size)
	if err != nil {
		return "", false, err
	}
	auth := c.bare + "," + c.first + "," + message[:at]
	stored := sha256.Sum256(mac(salted, "Client Key"))
	clientKey := mac(stored[:], auth)
	for i := range clientKey {
		clientKey[i] ^= proof[i]
	}
	got := sha256.Sum256(clientKey)
	server := mac(mac(salted, "Server Key"), auth)
	return "v=" + base64.StdEncoding.EncodeToString(server), hmac.Equal(got[:], stored[:]), nil
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// authenticate runs the exchange. A user that does not exist goes through all
// of it, against a secret that nobody knows, and fails as a wrong password does.
func (x *session) authenticate(ctx context.Context) error {
	principal, secret, err := x.server.Logins.DatabaseLogin(ctx, x.user)
	known := err == nil && principal != nil && secret != ""
	if !known {
		secret = rand.Text()
	}
	c := &scram{secret: secret, salt: make([]byte, 16), nonce: rand.Text(), binding: x.endPoint()}
	rand.Read(c.salt)
	proved, err := x.exchange(c)
	switch {
	case errors.Is(err, errScram):
		return fatal("08P01", "malformed SCRAM message")
	case err != nil:
		return err
	case !proved || !known:
		return fatal("28P01", "password authentication failed for user %q", x.user)
	}
	x.principal = principal
	return nil
}

func (x *session) exchange(c *scram) (bool, error) {
	mechanisms := []string{mechanismPlain}
	if c.binding != nil {
		mechanisms = []string{mechanismPlus, mechanismPlain}
	}
	x.out.send(&pgproto3.AuthenticationSASL{AuthMechanisms: mechanisms})
	m, err := x.ask(pgproto3.AuthTypeSASL)
	if err != nil {
		return false, err
	}
	initial, ok := m.(*pgproto3.SASLInitialResponse)
	if !ok || initial.AuthMechanism != mechanismPlain && (c.binding == nil || initial.AuthMechanism != mechanismPlus) {
		return false, errScram
	}
	c.plus = initial.AuthMechanism == mechanismPlus
	first, err := c.challenge(string(initial.Data))
	if err != nil {
		return false, err
	}
	x.out.send(&pgproto3.AuthenticationSASLContinue{Data: []byte(first)})
	if m, err = x.ask(pgproto3.AuthTypeSASLContinue); err != nil {
		return false, err
	}
	response, ok := m.(*pgproto3.SASLResponse)
	if !ok {
		return false, errScram
	}
	final, proved, err := c.verify(string(response.Data))
	if proved {
		x.out.send(&pgproto3.AuthenticationSASLFinal{Data: []byte(final)})
	}
	return proved, err
}

// ask sends what is gathered and waits for the client's answer to it.
func (x *session) ask(auth uint32) (pgproto3.FrontendMessage, error) {
	if err := x.out.flush(); err != nil {
		return nil, err
	}
	if err := x.in.SetAuthType(auth); err != nil {
		return nil, err
	}
	return x.in.Receive()
}

// endPoint is the hash of the certificate that the client saw, by the hash of
// its signature but never weaker than SHA-256 (RFC 5929, section 4.1).
func (x *session) endPoint() []byte {
	if x.tls == nil {
		return nil
	}
	cert := certificate(x.server.TLS)
	if cert == nil {
		return nil
	}
	var h hash.Hash
	switch cert.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		h = sha512.New384()
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		h = sha512.New()
	case x509.PureEd25519:
		return nil // the RFC names no hash for it
	default:
		h = sha256.New()
	}
	h.Write(cert.Raw)
	return h.Sum(nil)
}

// certificate returns the one certificate that the server can have shown.
func certificate(cfg *tls.Config) *x509.Certificate {
	if len(cfg.Certificates) != 1 || cfg.GetCertificate != nil || cfg.GetConfigForClient != nil {
		return nil
	}
	c := cfg.Certificates[0]
	if c.Leaf != nil {
		return c.Leaf
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		return nil
	}
	return leaf
}
