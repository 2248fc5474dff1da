package postgres

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestScramVector is the example of RFC 7677, section 3.
func TestScramVector(t *testing.T) {
	salt, _ := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	c := &scram{secret: "pencil", salt: salt, nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"}
	first, err := c.challenge("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
	if want := "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"; err != nil || first != want {
		t.Fatalf("first message %q, %v", first, err)
	}
	final, proved, err := c.verify("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
	if want := "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="; err != nil || !proved || final != want {
		t.Errorf("final message %q, proved %v, %v", final, proved, err)
	}
	c.secret = "pencils"
	if _, proved, err := c.verify("c=biws,r=" + c.nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="); err != nil || proved {
		t.Errorf("a wrong secret: proved %v, %v", proved, err)
	}
}

func TestScramMalformed(t *testing.T) {
	for _, m := range []string{"", "n", "n,", "n,,", "n,,n=,r=", "n,a=x,n=,r=abc", "p=tls-unique,,n=,r=abc", "p=tls-server-end-point,,n=,r=abc", "x,,n=,r=abc", "n,,m=ext,n=,r=abc"} {
		if _, err := (&scram{salt: []byte("salt")}).challenge(m); err == nil {
			t.Errorf("%q is accepted", m)
		}
	}
	if _, err := (&scram{salt: []byte("salt"), binding: []byte("x")}).challenge("y,,n=,r=abc"); err == nil {
		t.Error("a downgrade is accepted")
	}
	c := &scram{secret: "x", salt: []byte("salt"), nonce: "s"}
	if _, err := c.challenge("n,,n=,r=c"); err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{"", "c=biws,r=cs", "c=biws,r=other,p=AAAA", "c=xxxx,r=cs,p=AAAA", "c=biws,r=cs,p=!!"} {
		if _, proved, err := c.verify(m); err == nil || proved {
			t.Errorf("%q is accepted", m)
		}
	}
}

func code(t *testing.T, err error) string {
	t.Helper()
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}

func TestLogin(t *testing.T) {
	d := startDoor(t, openBare(t))
	open := func(url string) error {
		c, err := pgx.Connect(context.Background(), url)
		if err == nil {
			c.Close(context.Background())
		}
		return err
	}
	base := "@" + d.addr + "/boathouse?sslmode="
	for url, want := range map[string]string{
		"postgres://anna:the%20secret" + base + "disable":                          "",
		"postgres://anna:the%20secret" + base + "prefer":                           "",
		"postgres://anna:wrong" + base + "disable":                                 "28P01",
		"postgres://nobody:the%20secret" + base + "disable":                        "28P01",
		"postgres://anna:the%20secret@" + d.addr + "/other?sslmode=disable":        "3D000",
		"postgres://anna:the%20secret@" + d.addr + "/anna?sslmode=disable":         "",
		"postgres://anna:the%20secret" + base + "disable&client_encoding=LATIN1":   "22023",
		"postgres://anna:the%20secret" + base + "disable&work_mem=1":               "42704",
		"postgres://anna:the%20secret" + base + "disable&timezone=Europe/Berlin":   "",
		"postgres://anna:the%20secret" + base + "disable&replication=database":     "0A000",
		"postgres://anna:the%20secret" + base + "disable&statement_timeout=5s":     "",
		"postgres://anna:the%20secret" + base + "disable&options=-c%20jit%3Doff":   "",
		"postgres://anna:the%20secret" + base + "disable&options=-c%20bogus%3Doff": "42704",
	} {
		if got := code(t, open(url)); got != want {
			t.Errorf("%s: code %q, want %q", url, got, want)
		}
	}
	d = startDoor(t, openBare(t), func(c *Config, _ *Parts) { c.Connections = 2 })
	d.connect(t)
	d.connect(t)
	if got := code(t, open(d.url(""))); got != "53300" {
		t.Errorf("the third session: %q", got)
	}
}

// certificate for localhost, signed by itself.
func selfSigned(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func TestEncryption(t *testing.T) {
	d := startDoor(t, openBare(t), func(c *Config, p *Parts) { c.RequireTLS, p.TLS = true, selfSigned(t) })
	if _, err := pgx.Connect(context.Background(), d.url("")); code(t, err) != "28000" {
		t.Errorf("without encryption: %v", err)
	}
	c, err := pgx.Connect(context.Background(), strings.Replace(d.url(""), "disable", "require", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if err := c.Ping(context.Background()); err != nil {
		t.Error(err)
	}
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed: channel binding is not tried")
	}
	out, err := exec.Command(psql, "-XAt", strings.Replace(d.url("&channel_binding=require"), "disable", "require", 1), "-c", "select 'bound'").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "bound" {
		t.Errorf("channel binding: %s, %v", out, err)
	}
}
