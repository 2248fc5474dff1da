package sts_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate/gatetest"
	"github.com/boathouse-data/boathouse/internal/front/aws/iam"
	"github.com/boathouse-data/boathouse/internal/front/aws/sts"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
)

func wants(t *testing.T, err error, code, says string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), says) {
		t.Errorf("got %v, want %s with %q", err, code, says)
	}
}

func serve(t *testing.T) (*identity.Service, string) {
	t.Helper()
	ids := identitytest.Open(t)
	return ids, gatetest.Serve(t, ids, sts.Door(ids), iam.Door(ids))
}

// user makes a user with an access key and an inline policy.
func user(t *testing.T, ids *identity.Service, name, policy string) (key, secret string) {
	t.Helper()
	ctx := t.Context()
	if _, err := ids.Create(ctx, identity.Entity{Kind: identity.User, Name: name}); err != nil {
		t.Fatal(err)
	}
	if policy != "" {
		if err := ids.PutInline(ctx, identity.User, name, "p", policy); err != nil {
			t.Fatal(err)
		}
	}
	k, err := ids.CreateKey(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	return k.ID, k.Secret
}

func role(t *testing.T, ids *identity.Service, trust, policy string) {
	t.Helper()
	if _, err := ids.Create(t.Context(), identity.Entity{Kind: identity.Role, Name: "loader", Path: "/etl/", SessionMax: 2 * time.Hour,
		Trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",` + trust + `}]}`}); err != nil {
		t.Fatal(err)
	}
	if err := ids.PutInline(t.Context(), identity.Role, "loader", "p", policy); err != nil {
		t.Fatal(err)
	}
}

const (
	allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	denyAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`
	arn      = "arn:aws:iam::000000000000:role/etl/loader"
)

func TestCallerIdentity(t *testing.T) {
	ids, url := serve(t)
	ctx := context.Background()
	out, err := awssts.NewFromConfig(gatetest.Config(url, "", "", "")).GetCallerIdentity(ctx, nil)
	if err != nil || *out.Arn != "arn:aws:iam::000000000000:root" || *out.Account != "000000000000" || *out.UserId != "000000000000" {
		t.Errorf("%+v, %v", out, err)
	}
	key, secret := user(t, ids, "ann", denyAll) // needs no permission
	out, err = awssts.NewFromConfig(gatetest.Config(url, key, secret, "")).GetCallerIdentity(ctx, nil)
	if err != nil || *out.Arn != "arn:aws:iam::000000000000:user/ann" || !strings.HasPrefix(*out.UserId, "AIDA") {
		t.Errorf("%+v, %v", out, err)
	}
}

// A presigned GetCallerIdentity is how other systems check who somebody is.
func TestPresignedCallerIdentity(t *testing.T) {
	_, url := serve(t)
	r, err := awssts.NewPresignClient(awssts.NewFromConfig(gatetest.Config(url, "", "", ""))).PresignGetCallerIdentity(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		url    string
		status int
		says   string
	}{
		{r.URL, 200, "arn:aws:iam::000000000000:root"},
		{strings.Replace(r.URL, "X-Amz-Signature=", "X-Amz-Signature=0", 1)[:len(r.URL)], 403, "SignatureDoesNotMatch"},
		{url + "/?Action=GetCallerIdentity&Version=2011-06-15", 403, "MissingAuthenticationToken"},
	} {
		resp, err := http.Get(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tt.status || !strings.Contains(string(b), tt.says) {
			t.Errorf("%d %s, want %d %s", resp.StatusCode, b, tt.status, tt.says)
		}
	}
}

func TestAssumeRole(t *testing.T) {
	listUsers := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}]}`
	for _, tt := range []struct {
		name, trust, policy string // of the role, of the user
		in                  awssts.AssumeRoleInput
		code, says          string // "" when it must work
	}{
		{name: "account trusted and user allowed", trust: `"Principal":{"AWS":"000000000000"}`, policy: allowAll},
		{name: "account trusted and user not allowed", trust: `"Principal":{"AWS":"000000000000"}`, code: "AccessDenied", says: "sts:AssumeRole on resource: " + arn},
		{name: "user trusted by name", trust: `"Principal":{"AWS":"arn:aws:iam::000000000000:user/ann"}`},
		{name: "user trusted by name but denied", trust: `"Principal":{"AWS":"arn:aws:iam::000000000000:user/ann"}`, policy: denyAll, code: "AccessDenied", says: "explicit deny"},
		{name: "another user trusted", trust: `"Principal":{"AWS":"arn:aws:iam::000000000000:user/bob"}`, policy: allowAll, code: "AccessDenied", says: "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sts:AssumeRole on resource: " + arn},
		{name: "a service trusted", trust: `"Principal":{"Service":"glue.amazonaws.com"}`, policy: allowAll, code: "AccessDenied"},
		{name: "external id", trust: `"Principal":{"AWS":"*"},"Condition":{"StringEquals":{"sts:ExternalId":"42"}}`, policy: allowAll, in: awssts.AssumeRoleInput{ExternalId: aws.String("42")}},
		{name: "external id missing", trust: `"Principal":{"AWS":"*"},"Condition":{"StringEquals":{"sts:ExternalId":"42"}}`, policy: allowAll, code: "AccessDenied"},
		{name: "source address", trust: `"Principal":{"AWS":"*"},"Condition":{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}`, policy: allowAll},
		{name: "no such role", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::000000000000:role/nobody")}, code: "AccessDenied"},
		{name: "no ARN", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{RoleArn: aws.String("loader/loader/loader/loader")}, code: "ValidationError"},
		{name: "longest", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{DurationSeconds: aws.Int32(7200)}},
		{name: "too long", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{DurationSeconds: aws.Int32(7201)}, code: "ValidationError", says: "DurationSeconds"},
		{name: "too short", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{DurationSeconds: aws.Int32(899)}, code: "ValidationError", says: "DurationSeconds"},
		{name: "bad session policy", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{Policy: aws.String("{}")}, code: "MalformedPolicyDocument"},
		{name: "session tags", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}, code: "ValidationError", says: "Tags"},
		{name: "MFA", trust: `"Principal":{"AWS":"*"}`, policy: allowAll, in: awssts.AssumeRoleInput{SerialNumber: aws.String("arn:aws:iam::000000000000:mfa/x"), TokenCode: aws.String("123456")}, code: "ValidationError", says: "SerialNumber"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ids, url := serve(t)
			ctx := context.Background()
			key, secret := user(t, ids, "ann", tt.policy)
			role(t, ids, tt.trust, listUsers)
			if tt.in.RoleArn == nil {
				tt.in.RoleArn = aws.String(arn)
			}
			tt.in.RoleSessionName = aws.String("night")
			out, err := awssts.NewFromConfig(gatetest.Config(url, key, secret, "")).AssumeRole(ctx, &tt.in)
			if tt.code != "" {
				wants(t, err, tt.code, tt.says)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			c := out.Credentials
			if *out.AssumedRoleUser.Arn != "arn:aws:sts::000000000000:assumed-role/loader/night" || !strings.HasPrefix(*c.AccessKeyId, "ASIA") {
				t.Errorf("%+v", out)
			}
			as := awsiam.NewFromConfig(gatetest.Config(url, *c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken))
			if _, err := as.ListUsers(ctx, nil); err != nil {
				t.Error(err)
			}
			_, err = as.ListRoles(ctx, nil)
			wants(t, err, "AccessDenied", "User: arn:aws:sts::000000000000:assumed-role/loader/night is not authorized to perform: iam:ListRoles")
			_, err = awsiam.NewFromConfig(gatetest.Config(url, *c.AccessKeyId, *c.SecretAccessKey, "")).ListUsers(ctx, nil)
			wants(t, err, "InvalidClientTokenId", "")
			_, err = awsiam.NewFromConfig(gatetest.Config(url, *c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken+"x")).ListUsers(ctx, nil)
			wants(t, err, "InvalidClientTokenId", "")
		})
	}
}

func TestSessionPolicyLimits(t *testing.T) {
	ids, url := serve(t)
	ctx := context.Background()
	role(t, ids, `"Principal":{"AWS":"*"}`, allowAll)
	root := awssts.NewFromConfig(gatetest.Config(url, "", "", ""))
	out, err := root.AssumeRole(ctx, &awssts.AssumeRoleInput{RoleArn: aws.String(arn), RoleSessionName: aws.String("s1"),
		Policy:     aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}]}`),
		PolicyArns: []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")}}})
	if err != nil {
		t.Fatal(err)
	}
	as := awsiam.NewFromConfig(gatetest.Config(url, *out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken))
	if _, err := as.ListUsers(ctx, nil); err != nil {
		t.Error(err)
	}
	_, err = as.ListRoles(ctx, nil)
	wants(t, err, "AccessDenied", "because no session policy allows the iam:ListRoles action")
	// A deleted role takes its sessions along.
	if err := ids.DeleteInline(ctx, identity.Role, "loader", "p"); err != nil {
		t.Fatal(err)
	}
	if err := ids.Delete(ctx, identity.Role, "loader"); err != nil {
		t.Fatal(err)
	}
	_, err = as.ListUsers(ctx, nil)
	wants(t, err, "InvalidClientTokenId", "")
}

func TestSessionToken(t *testing.T) {
	ids, url := serve(t)
	ctx := context.Background()
	key, secret := user(t, ids, "ann", allowAll)
	out, err := awssts.NewFromConfig(gatetest.Config(url, key, secret, "")).GetSessionToken(ctx, &awssts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})
	if err != nil {
		t.Fatal(err)
	}
	c := out.Credentials
	if d := time.Until(*c.Expiration); d > 15*time.Minute || d < 14*time.Minute {
		t.Errorf("expires in %s", d)
	}
	as := gatetest.Config(url, *c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
	who, err := awssts.NewFromConfig(as).GetCallerIdentity(ctx, nil)
	if err != nil || *who.Arn != "arn:aws:iam::000000000000:user/ann" {
		t.Errorf("%+v, %v", who, err)
	}
	_, err = awsiam.NewFromConfig(as).ListUsers(ctx, nil)
	wants(t, err, "AccessDenied", "iam:ListUsers")
	_, err = awssts.NewFromConfig(as).GetSessionToken(ctx, nil)
	wants(t, err, "AccessDenied", "sts:GetSessionToken")
}

func TestKeyInfoAndUnserved(t *testing.T) {
	_, url := serve(t)
	c := awssts.NewFromConfig(gatetest.Config(url, "", "", ""))
	out, err := c.GetAccessKeyInfo(context.Background(), &awssts.GetAccessKeyInfoInput{AccessKeyId: aws.String(identitytest.AccessKey)})
	if err != nil || *out.Account != "000000000000" {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = c.GetAccessKeyInfo(context.Background(), &awssts.GetAccessKeyInfoInput{AccessKeyId: aws.String("AKIASOMEBODYELSE")})
	wants(t, err, "ValidationError", "not one of this server")
	_, err = c.DecodeAuthorizationMessage(context.Background(), &awssts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String("x")})
	wants(t, err, "InvalidAction", "DecodeAuthorizationMessage")
}

// What no client library sends: other clocks, regions, services and bodies.
func TestBadSignatures(t *testing.T) {
	_, url := serve(t)
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	for _, tt := range []struct {
		name, region, service string
		at                    time.Time
		send                  string
		status                int
		says                  string
	}{
		{"right", "us-east-1", "sts", time.Now(), body, 200, "GetCallerIdentityResult"},
		{"another body", "us-east-1", "sts", time.Now(), body + "&x=1", 403, "SignatureDoesNotMatch"},
		{"late", "us-east-1", "sts", time.Now().Add(-16 * time.Minute), body, 403, "Signature expired"},
		{"early", "us-east-1", "sts", time.Now().Add(16 * time.Minute), body, 403, "Signature not yet current"},
		{"region", "eu-west-1", "sts", time.Now(), body, 403, "valid region"},
		{"no such service", "us-east-1", "sqs", time.Now(), body, 400, "InvalidAction"},
		{"version", "us-east-1", "iam", time.Now(), body, 400, "InvalidAction"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := http.NewRequest("POST", url+"/", strings.NewReader(tt.send))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			sum := "ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843" // of body
			if err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: identitytest.AccessKey, SecretAccessKey: identitytest.Secret},
				r, sum, tt.service, tt.region, tt.at, func(o *v4.SignerOptions) {}); err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			b, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != tt.status || !strings.Contains(string(b), tt.says) || resp.Header.Get("x-amzn-RequestId") == "" {
				t.Errorf("%d %s, want %d %s", resp.StatusCode, b, tt.status, tt.says)
			}
		})
	}
}

// No refusal of identities is left to a guess.
func TestEveryReasonHasACode(t *testing.T) {
	all := gate.Codes(sts.Door(identitytest.Open(t)))
	for _, r := range append(identity.Reasons, gate.Reasons...) {
		if all[r].Name == "" {
			t.Errorf("%s has no code", r.Name)
		}
	}
}
