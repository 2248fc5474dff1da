package identity_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

const (
	allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	trustAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}`
)

func openAt(t testing.TB, file string, cfg identity.Config) (*identity.Service, func()) {
	t.Helper()
	db, err := meta.Open(t.Context(), meta.Default(), file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := identity.Open(t.Context(), cfg, db)
	if err != nil {
		t.Fatal(err)
	}
	return s, func() { db.Close() }
}

// user makes a user with one key and returns the key.
func user(t testing.TB, s *identity.Service, name, policy string) *identity.Key {
	t.Helper()
	if _, err := s.Create(t.Context(), identity.Entity{Kind: identity.User, Name: name}); err != nil {
		t.Fatal(err)
	}
	if policy != "" {
		if err := s.PutInline(t.Context(), identity.User, name, "p", policy); err != nil {
			t.Fatal(err)
		}
	}
	k, err := s.CreateKey(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestRoot(t *testing.T) {
	s := identitytest.Open(t)
	c, err := s.Credential(t.Context(), identitytest.AccessKey, "")
	if err != nil || c.Secret != identitytest.Secret || c.Principal.ARN() != "arn:aws:iam::000000000000:root" {
		t.Errorf("%+v, %v", c, err)
	}
	if err := s.Authorize(t.Context(), c.Principal, identity.Request{Action: "a:b", Resource: "*"}); err != nil {
		t.Error(err)
	}
	if _, err := s.Credential(t.Context(), identitytest.AccessKey, "token"); !errors.Is(err, identity.BadToken) {
		t.Errorf("with a token: %v", err)
	}
	if err := s.Authorize(t.Context(), nil, identity.Request{Action: "a:b", Resource: "*"}); !errors.Is(err, identity.Anonymous) {
		t.Errorf("nobody: %v", err)
	}
}

func TestConfig(t *testing.T) {
	for name, change := range map[string]func(*identity.Config){
		"account":  func(c *identity.Config) { c.Account = "12" },
		"key":      func(c *identity.Config) { c.RootAccessKey = "short" },
		"secret":   func(c *identity.Config) { c.RootSecret = "" },
		"seal key": func(c *identity.Config) { c.SealKey = c.SealKey[:31] },
	} {
		c := identitytest.Config()
		change(&c)
		if c.Validate() == nil {
			t.Errorf("a wrong %s is valid", name)
		}
	}
}

// Secrets are not readable in the files, survive a restart, and need the key.
func TestSecretsAtRest(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "m.db")
	s, stop := openAt(t, file, identitytest.Config())
	k := user(t, s, "ann", "")
	stop()
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if b, err := os.ReadFile(filepath.Join(dir, e.Name())); err != nil || bytes.Contains(b, []byte(k.Secret)) {
			t.Errorf("%s holds the secret (%v)", e.Name(), err)
		}
	}
	s, stop = openAt(t, file, identitytest.Config())
	c, err := s.Credential(t.Context(), k.ID, "")
	if err != nil || c.Secret != k.Secret || c.Principal.Name != "ann" {
		t.Errorf("after a restart %+v, %v", c, err)
	}
	stop()
	other := identitytest.Config()
	other.SealKey = bytes.Repeat([]byte{1}, 32)
	s, stop = openAt(t, file, other)
	defer stop()
	if _, err := s.Credential(t.Context(), k.ID, ""); err == nil || !strings.Contains(err.Error(), "seal key") {
		t.Errorf("with another seal key: %v", err)
	}
}

// A change counts from the next question on, although answers are cached.
func TestChangesCountAtOnce(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	k := user(t, s, "ann", allowAll)
	c, err := s.Credential(ctx, k.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	may := func() error {
		return s.Authorize(ctx, c.Principal, identity.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"})
	}
	steps := []struct {
		name   string
		change func() error
		want   error
	}{
		{"allowed", func() error { return nil }, nil},
		{"policy gone", func() error { return s.DeleteInline(ctx, identity.User, "ann", "p") }, identity.Implicit},
		{"attached", func() error {
			return s.Attach(ctx, identity.User, "ann", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
		}, nil},
		{"denied inline", func() error {
			return s.PutInline(ctx, identity.User, "ann", "p", strings.Replace(allowAll, "Allow", "Deny", 1))
		}, identity.Explicit},
		{"deny gone", func() error { return s.DeleteInline(ctx, identity.User, "ann", "p") }, nil},
		{"detached", func() error {
			return s.Detach(ctx, identity.User, "ann", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
		}, identity.Implicit},
	}
	for _, step := range steps {
		if err := step.change(); err != nil {
			t.Fatal(step.name, err)
		}
		if err := may(); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.name, err, step.want)
		}
	}
	if err := s.UpdateKey(ctx, "ann", k.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Credential(ctx, k.ID, ""); !errors.Is(err, identity.UnknownKey) {
		t.Errorf("inactive: %v", err)
	}
	if err := s.DeleteKey(ctx, "ann", k.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(ctx, identity.User, "ann"); err != nil {
		t.Fatal(err)
	}
	if err := may(); !errors.Is(err, identity.Implicit) {
		t.Errorf("deleted user: %v", err)
	}
}

func TestTemporaryCredentialsExpire(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	now := time.Now()
	s.SetNow(func() time.Time { return now })
	if _, err := s.Create(ctx, identity.Entity{Kind: identity.Role, Name: "r", Trust: trustAll}); err != nil {
		t.Fatal(err)
	}
	root, _ := s.Credential(ctx, identitytest.AccessKey, "")
	c, err := s.AssumeRole(ctx, root.Principal, identity.AssumeInput{RoleARN: "arn:aws:iam::000000000000:role/r", Session: "one", Duration: 15 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after time.Duration
		want  error
	}{{0, nil}, {15*time.Minute - 2*time.Second, nil}, {15 * time.Minute, identity.ExpiredToken}, {24 * time.Hour, identity.ExpiredToken}, {25 * time.Hour, identity.UnknownKey}} {
		at := now.Add(tt.after)
		s.SetNow(func() time.Time { return at })
		if err := s.Step(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Credential(ctx, c.AccessKey, c.Token); !errors.Is(err, tt.want) {
			t.Errorf("after %s: %v, want %v", tt.after, err, tt.want)
		}
	}
}

// Role chaining is bounded to an hour whatever the role allows.
func TestRoleChaining(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	for _, n := range []string{"one", "two"} {
		if _, err := s.Create(ctx, identity.Entity{Kind: identity.Role, Name: n, Trust: trustAll, SessionMax: 12 * time.Hour}); err != nil {
			t.Fatal(err)
		}
		if err := s.PutInline(ctx, identity.Role, n, "p", allowAll); err != nil {
			t.Fatal(err)
		}
	}
	root, _ := s.Credential(ctx, identitytest.AccessKey, "")
	one, err := s.AssumeRole(ctx, root.Principal, identity.AssumeInput{RoleARN: "arn:aws:iam::000000000000:role/one", Session: "s1", Duration: 12 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = s.AssumeRole(ctx, one.Principal, identity.AssumeInput{RoleARN: "arn:aws:iam::000000000000:role/two", Session: "s2", Duration: 2 * time.Hour}); !errors.Is(err, identity.BadInput) {
		t.Errorf("two hours: %v", err)
	}
	if _, err = s.AssumeRole(ctx, one.Principal, identity.AssumeInput{RoleARN: "arn:aws:iam::000000000000:role/two", Session: "s2"}); err != nil {
		t.Error(err)
	}
}

func TestDatabaseLogin(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	old := user(t, s, "Ann", "")
	now := time.Now().Add(time.Hour)
	s.SetNow(func() time.Time { return now })
	newer, err := s.CreateKey(ctx, "ann")
	if err != nil {
		t.Fatal(err)
	}
	for login, want := range map[string]struct{ name, secret string }{
		"root": {"", identitytest.Secret}, identitytest.AccessKey: {"", identitytest.Secret},
		"ann": {"Ann", newer.Secret}, "Ann": {"Ann", newer.Secret}, old.ID: {"Ann", old.Secret}, newer.ID: {"Ann", newer.Secret},
	} {
		p, secret, err := s.DatabaseLogin(ctx, login)
		if err != nil || p.Name != want.name || secret != want.secret {
			t.Errorf("%s: %+v, %v", login, p, err)
		}
	}
	if err := s.UpdateKey(ctx, "ann", newer.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, secret, err := s.DatabaseLogin(ctx, "ann"); err != nil || secret != old.Secret {
		t.Errorf("after the newer is inactive: %v", err)
	}
	token, err := s.SessionToken(ctx, &identity.Principal{Account: identitytest.Account, Kind: identity.Root, ID: identitytest.Account}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"bob", "", newer.ID, token.AccessKey} {
		if _, _, err := s.DatabaseLogin(ctx, login); !errors.Is(err, identity.NoLogin) {
			t.Errorf("%q: %v", login, err)
		}
	}
}

func TestRenameCarriesAll(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	k := user(t, s, "ann", allowAll)
	if _, err := s.Create(ctx, identity.Entity{Kind: identity.Group, Name: "g"}); err != nil {
		t.Fatal(err)
	}
	if err := s.AddMember(ctx, "g", "ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(ctx, identity.User, "ann", func(e *identity.Entity) error { e.Name = "eve"; return nil }); err != nil {
		t.Fatal(err)
	}
	c, err := s.Credential(ctx, k.ID, "")
	if err != nil || c.Principal.Name != "eve" {
		t.Fatalf("%+v, %v", c, err)
	}
	if err := s.Authorize(ctx, c.Principal, identity.Request{Action: "a:b", Resource: "*"}); err != nil {
		t.Error(err)
	}
	if groups, err := s.ListGroupsOf(ctx, "eve"); err != nil || len(groups) != 1 {
		t.Errorf("%v, %v", groups, err)
	}
}

func TestPrincipalKeys(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	if _, err := s.Create(ctx, identity.Entity{Kind: identity.User, Name: "ann", Tags: map[string]string{"Team": "lake"}}); err != nil {
		t.Fatal(err)
	}
	e, _ := s.Get(ctx, identity.User, "ann")
	p := &identity.Principal{Account: identitytest.Account, Kind: identity.User, Name: "ann", ID: e.ID}
	for condition, want := range map[string]bool{
		`{"StringEquals":{"aws:username":"ann"}}`:                                 true,
		`{"StringEquals":{"aws:userid":"` + e.ID + `"}}`:                          true,
		`{"StringEquals":{"aws:PrincipalTag/team":"lake"}}`:                       true,
		`{"StringEquals":{"aws:PrincipalTag/team":"sea"}}`:                        false,
		`{"StringEquals":{"aws:PrincipalType":"User"}}`:                           true,
		`{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:user/ann"}}`: true,
		`{"Null":{"aws:TokenIssueTime":"true"}}`:                                  true,
		`{"StringEquals":{"aws:PrincipalAccount":"000000000000"}}`:                true,
		`{"StringEquals":{"s3:prefix":"${aws:PrincipalTag/Team}/"}}`:              true,
	} {
		doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + condition + `}]}`
		if err := s.PutInline(ctx, identity.User, "ann", "p", doc); err != nil {
			t.Fatal(err)
		}
		err := s.Authorize(ctx, p, identity.Request{Action: "a:b", Resource: "*", Context: map[string][]string{"s3:prefix": {"lake/"}}})
		if (err == nil) != want {
			t.Errorf("%s: %v", condition, err)
		}
	}
}

// Askers and changers at once; run with -race.
func TestConcurrent(t *testing.T) {
	s, ctx := identitytest.Open(t), context.Background()
	k := user(t, s, "ann", allowAll)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 50 {
				c, err := s.Credential(ctx, k.ID, "")
				if err == nil {
					err = s.Authorize(ctx, c.Principal, identity.Request{Action: "a:b", Resource: "*"})
				}
				if err != nil {
					t.Error(err)
				}
				s.Used(k.ID, "s3", "us-east-1")
			}
		})
		wg.Go(func() {
			for j := range 10 {
				if _, err := s.Create(ctx, identity.Entity{Kind: identity.User, Name: fmt.Sprintf("u%d-%d", i, j)}); err != nil {
					t.Error(err)
				}
				if err := s.Step(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkAuthorize(b *testing.B) {
	s := identitytest.Open(b)
	k := user(b, s, "ann", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:PutObject","s3:List*"],"Resource":["arn:aws:s3:::lake","arn:aws:s3:::lake/*"]}]}`)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		c, err := s.Credential(ctx, k.ID, "")
		if err == nil {
			err = s.Authorize(ctx, c.Principal, identity.Request{Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/raw/x", Context: map[string][]string{"aws:sourceip": {"127.0.0.1"}}})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
