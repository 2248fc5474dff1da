package iam_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate/gatetest"
	"github.com/boathouse-data/boathouse/internal/front/aws/iam"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
)

const (
	allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	trust    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`
)

type fixture struct {
	*awsiam.Client
	ids *identity.Service
	url string
}

func serve(t *testing.T) fixture {
	t.Helper()
	ids := identitytest.Open(t)
	url := gatetest.Serve(t, ids, iam.Door(ids))
	return fixture{awsiam.NewFromConfig(gatetest.Config(url, "", "", "")), ids, url}
}

// as is a client of a new user with an inline policy.
func (f fixture) as(t *testing.T, name, policy string) *awsiam.Client {
	t.Helper()
	ctx := t.Context()
	must(t)(f.CreateUser(ctx, &awsiam.CreateUserInput{UserName: &name}))
	k := must2(t)(f.CreateAccessKey(ctx, &awsiam.CreateAccessKeyInput{UserName: &name}))
	if policy != "" {
		must(t)(f.PutUserPolicy(ctx, &awsiam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"), PolicyDocument: &policy}))
	}
	return awsiam.NewFromConfig(gatetest.Config(f.url, *k.AccessKey.AccessKeyId, *k.AccessKey.SecretAccessKey, ""))
}

func must(t *testing.T) func(any, error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func must2(t *testing.T) func(*awsiam.CreateAccessKeyOutput, error) *awsiam.CreateAccessKeyOutput {
	return func(out *awsiam.CreateAccessKeyOutput, err error) *awsiam.CreateAccessKeyOutput {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// wants checks an error's code and part of its message.
func wants(t *testing.T, err error, code, says string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), says) {
		t.Errorf("got %v, want %s with %q", err, code, says)
	}
}

func TestUsers(t *testing.T) {
	f, ctx := serve(t), context.Background()
	u, err := f.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("Ann"), Path: aws.String("/dev/"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a b")}}})
	if err != nil {
		t.Fatal(err)
	}
	if *u.User.Arn != "arn:aws:iam::000000000000:user/dev/Ann" || !strings.HasPrefix(*u.User.UserId, "AIDA") || time.Since(*u.User.CreateDate) > time.Minute || *u.User.Tags[0].Value != "a b" {
		t.Errorf("created %+v", u.User)
	}
	_, err = f.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("ann")})
	wants(t, err, "EntityAlreadyExists", "User with name ann already exists.")
	_, err = f.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("a b")})
	wants(t, err, "ValidationError", "userName")
	_, err = f.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("x"), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
	wants(t, err, "ValidationError", "PermissionsBoundary")
	_, err = f.GetUser(ctx, &awsiam.GetUserInput{UserName: aws.String("bob")})
	wants(t, err, "NoSuchEntity", "The user with name bob cannot be found.")
	var gone *types.NoSuchEntityException
	if !errors.As(err, &gone) {
		t.Errorf("not the SDK's type: %T", err)
	}
	must(t)(f.UpdateUser(ctx, &awsiam.UpdateUserInput{UserName: aws.String("Ann"), NewUserName: aws.String("Anna"), NewPath: aws.String("/ops/")}))
	got, err := f.GetUser(ctx, &awsiam.GetUserInput{UserName: aws.String("anna")})
	if err != nil || *got.User.Arn != "arn:aws:iam::000000000000:user/ops/Anna" || *got.User.UserId != *u.User.UserId {
		t.Errorf("%+v, %v", got, err)
	}
	must(t)(f.DeleteUser(ctx, &awsiam.DeleteUserInput{UserName: aws.String("Anna")}))
	_, err = f.DeleteUser(ctx, &awsiam.DeleteUserInput{UserName: aws.String("Anna")})
	wants(t, err, "NoSuchEntity", "Anna")
}

func TestListUsersByPages(t *testing.T) {
	f, ctx := serve(t), context.Background()
	for _, n := range []string{"c", "A", "e", "b", "D"} {
		path := "/"
		if n == "e" {
			path = "/x/"
		}
		must(t)(f.CreateUser(ctx, &awsiam.CreateUserInput{UserName: &n, Path: &path}))
	}
	names := ""
	pages := awsiam.NewListUsersPaginator(f, &awsiam.ListUsersInput{MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range p.Users {
			names += *u.UserName
		}
		names += "."
	}
	if names != "Ab.cD.e." {
		t.Errorf("listed %s", names)
	}
	out, err := f.ListUsers(ctx, &awsiam.ListUsersInput{PathPrefix: aws.String("/x")})
	if err != nil || len(out.Users) != 1 {
		t.Errorf("%v, %v", out, err)
	}
	_, err = f.ListUsers(ctx, &awsiam.ListUsersInput{Marker: aws.String("nonsense")})
	wants(t, err, "ValidationError", "paging token")
	_, err = f.ListUsers(ctx, &awsiam.ListUsersInput{MaxItems: aws.Int32(5000)})
	wants(t, err, "ValidationError", "MaxItems")
}

func TestAccessKeys(t *testing.T) {
	f, ctx := serve(t), context.Background()
	ann := f.as(t, "ann", allowAll)
	out, err := ann.ListAccessKeys(ctx, &awsiam.ListAccessKeysInput{})
	if err != nil || len(out.AccessKeyMetadata) != 1 || *out.AccessKeyMetadata[0].UserName != "ann" {
		t.Fatalf("%+v, %v", out, err)
	}
	first := *out.AccessKeyMetadata[0].AccessKeyId
	second := must2(t)(ann.CreateAccessKey(ctx, &awsiam.CreateAccessKeyInput{}))
	_, err = ann.CreateAccessKey(ctx, &awsiam.CreateAccessKeyInput{})
	wants(t, err, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
	must(t)(f.UpdateAccessKey(ctx, &awsiam.UpdateAccessKeyInput{UserName: aws.String("ann"), AccessKeyId: &first, Status: types.StatusTypeInactive}))
	_, err = ann.GetUser(ctx, &awsiam.GetUserInput{})
	wants(t, err, "InvalidClientTokenId", "invalid")
	must(t)(f.UpdateAccessKey(ctx, &awsiam.UpdateAccessKeyInput{UserName: aws.String("ann"), AccessKeyId: &first, Status: types.StatusTypeActive}))
	must(t)(ann.GetUser(ctx, &awsiam.GetUserInput{}))
	_, err = f.DeleteUser(ctx, &awsiam.DeleteUserInput{UserName: aws.String("ann")})
	wants(t, err, "DeleteConflict", "must delete access keys first")
	if err := f.ids.Step(ctx); err != nil {
		t.Fatal(err)
	}
	used, err := f.GetAccessKeyLastUsed(ctx, &awsiam.GetAccessKeyLastUsedInput{AccessKeyId: &first})
	if err != nil || *used.AccessKeyLastUsed.ServiceName != "iam" || *used.UserName != "ann" || time.Since(*used.AccessKeyLastUsed.LastUsedDate) > time.Minute {
		t.Errorf("%+v, %v", used, err)
	}
	must(t)(f.DeleteAccessKey(ctx, &awsiam.DeleteAccessKeyInput{UserName: aws.String("ann"), AccessKeyId: second.AccessKey.AccessKeyId}))
	_, err = f.DeleteAccessKey(ctx, &awsiam.DeleteAccessKeyInput{UserName: aws.String("ann"), AccessKeyId: second.AccessKey.AccessKeyId})
	wants(t, err, "NoSuchEntity", "The Access Key with id")
	_, err = f.CreateAccessKey(ctx, &awsiam.CreateAccessKeyInput{})
	wants(t, err, "ValidationError", "userName")
}

func TestDenials(t *testing.T) {
	f, ctx := serve(t), context.Background()
	bob := f.as(t, "bob", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["iam:Get*","iam:ListUsers"],"Resource":"arn:aws:iam::000000000000:user/${aws:username}"},
		{"Effect":"Deny","Action":"iam:DeleteUser","Resource":"*"}]}`)
	must(t)(bob.GetUser(ctx, &awsiam.GetUserInput{UserName: aws.String("bob")}))
	_, err := bob.GetUser(ctx, &awsiam.GetUserInput{UserName: aws.String("ann")})
	wants(t, err, "AccessDenied", "User: arn:aws:iam::000000000000:user/bob is not authorized to perform: iam:GetUser on resource: arn:aws:iam::000000000000:user/ann because no identity-based policy allows the iam:GetUser action")
	_, err = bob.DeleteUser(ctx, &awsiam.DeleteUserInput{UserName: aws.String("bob")})
	wants(t, err, "AccessDenied", "User: arn:aws:iam::000000000000:user/bob is not authorized to perform: iam:DeleteUser on resource: arn:aws:iam::000000000000:user/bob with an explicit deny in an identity-based policy")
	wrong := awsiam.NewFromConfig(gatetest.Config(f.url, identitytest.AccessKey, "wrong", ""))
	_, err = wrong.ListUsers(ctx, &awsiam.ListUsersInput{})
	wants(t, err, "SignatureDoesNotMatch", "does not match")
	nobody := awsiam.NewFromConfig(gatetest.Config(f.url, "AKIANOBODYNOBODY", "x", ""))
	_, err = nobody.ListUsers(ctx, &awsiam.ListUsersInput{})
	wants(t, err, "InvalidClientTokenId", "invalid")
	_, err = f.CreateSAMLProvider(ctx, &awsiam.CreateSAMLProviderInput{Name: aws.String("x"), SAMLMetadataDocument: aws.String("y")})
	wants(t, err, "InvalidAction", "CreateSAMLProvider")
}

func TestPolicies(t *testing.T) {
	f, ctx := serve(t), context.Background()
	p, err := f.CreatePolicy(ctx, &awsiam.CreatePolicyInput{PolicyName: aws.String("Read"), PolicyDocument: aws.String(strings.Replace(allowAll, `"*"`, `"iam:Get*"`, 1)), Description: aws.String("d")})
	if err != nil {
		t.Fatal(err)
	}
	arn := p.Policy.Arn
	if *arn != "arn:aws:iam::000000000000:policy/Read" {
		t.Errorf("arn %s", *arn)
	}
	_, err = f.CreatePolicy(ctx, &awsiam.CreatePolicyInput{PolicyName: aws.String("read"), PolicyDocument: aws.String(allowAll)})
	wants(t, err, "EntityAlreadyExists", "read already exists")
	_, err = f.CreatePolicy(ctx, &awsiam.CreatePolicyInput{PolicyName: aws.String("bad"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}`)})
	wants(t, err, "MalformedPolicyDocument", "missing required field Action")
	ann := f.as(t, "ann", "")
	_, err = ann.GetUser(ctx, &awsiam.GetUserInput{})
	wants(t, err, "AccessDenied", "iam:GetUser")
	must(t)(f.AttachUserPolicy(ctx, &awsiam.AttachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: arn}))
	must(t)(ann.GetUser(ctx, &awsiam.GetUserInput{}))
	got, err := f.GetPolicy(ctx, &awsiam.GetPolicyInput{PolicyArn: arn})
	if err != nil || *got.Policy.AttachmentCount != 1 || *got.Policy.DefaultVersionId != "v1" || *got.Policy.Description != "d" {
		t.Errorf("%+v, %v", got, err)
	}
	v, err := f.CreatePolicyVersion(ctx, &awsiam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: aws.String(allowAll), SetAsDefault: true})
	if err != nil || *v.PolicyVersion.VersionId != "v2" || !v.PolicyVersion.IsDefaultVersion {
		t.Errorf("%+v, %v", v, err)
	}
	must(t)(ann.ListUsers(ctx, &awsiam.ListUsersInput{}))
	must(t)(f.SetDefaultPolicyVersion(ctx, &awsiam.SetDefaultPolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")}))
	_, err = ann.ListUsers(ctx, &awsiam.ListUsersInput{})
	wants(t, err, "AccessDenied", "iam:ListUsers")
	_, err = f.SetDefaultPolicyVersion(ctx, &awsiam.SetDefaultPolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v9")})
	wants(t, err, "NoSuchEntity", "v9")
	doc, err := f.GetPolicyVersion(ctx, &awsiam.GetPolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v2")})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := url.PathUnescape(*doc.PolicyVersion.Document); text != allowAll {
		t.Errorf("document %s", *doc.PolicyVersion.Document)
	}
	_, err = f.DeletePolicyVersion(ctx, &awsiam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")})
	wants(t, err, "DeleteConflict", "default version")
	_, err = f.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: arn})
	wants(t, err, "DeleteConflict", "detach")
	who, err := f.ListEntitiesForPolicy(ctx, &awsiam.ListEntitiesForPolicyInput{PolicyArn: arn})
	if err != nil || len(who.PolicyUsers) != 1 || *who.PolicyUsers[0].UserName != "ann" {
		t.Errorf("%+v, %v", who, err)
	}
	must(t)(f.DetachUserPolicy(ctx, &awsiam.DetachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: arn}))
	_, err = f.DetachUserPolicy(ctx, &awsiam.DetachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: arn})
	wants(t, err, "NoSuchEntity", "not attached")
	_, err = f.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: arn})
	wants(t, err, "DeleteConflict", "versions")
	must(t)(f.DeletePolicyVersion(ctx, &awsiam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v2")}))
	must(t)(f.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: arn}))
	_, err = f.GetPolicy(ctx, &awsiam.GetPolicyInput{PolicyArn: arn})
	wants(t, err, "NoSuchEntity", "Read")
}

func TestManagedByServer(t *testing.T) {
	f, ctx := serve(t), context.Background()
	admin := aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
	ann := f.as(t, "ann", "")
	must(t)(f.AttachUserPolicy(ctx, &awsiam.AttachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: admin}))
	must(t)(ann.ListRoles(ctx, &awsiam.ListRolesInput{}))
	_, err := f.AttachUserPolicy(ctx, &awsiam.AttachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: aws.String("arn:aws:iam::aws:policy/Nothing")})
	wants(t, err, "NoSuchEntity", "Nothing")
	_, err = f.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: admin})
	wants(t, err, "AccessDenied", "cannot be changed")
	all, err := f.ListPolicies(ctx, &awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws})
	if err != nil || len(all.Policies) != 7 || *all.Policies[0].Arn != *admin {
		t.Errorf("%+v, %v", all, err)
	}
	for _, p := range all.Policies {
		must(t)(f.GetPolicyVersion(ctx, &awsiam.GetPolicyVersionInput{PolicyArn: p.Arn, VersionId: p.DefaultVersionId}))
	}
	list, err := f.ListAttachedUserPolicies(ctx, &awsiam.ListAttachedUserPoliciesInput{UserName: aws.String("ann")})
	if err != nil || len(list.AttachedPolicies) != 1 || *list.AttachedPolicies[0].PolicyName != "AdministratorAccess" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestGroups(t *testing.T) {
	f, ctx := serve(t), context.Background()
	ann, g := f.as(t, "ann", ""), aws.String("Ops")
	must(t)(f.CreateGroup(ctx, &awsiam.CreateGroupInput{GroupName: g}))
	must(t)(f.PutGroupPolicy(ctx, &awsiam.PutGroupPolicyInput{GroupName: g, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowAll)}))
	must(t)(f.AddUserToGroup(ctx, &awsiam.AddUserToGroupInput{GroupName: g, UserName: aws.String("ann")}))
	must(t)(ann.ListGroups(ctx, &awsiam.ListGroupsInput{}))
	must(t)(f.UpdateGroup(ctx, &awsiam.UpdateGroupInput{GroupName: g, NewGroupName: aws.String("Operators")}))
	out, err := ann.ListGroupsForUser(ctx, &awsiam.ListGroupsForUserInput{UserName: aws.String("ann")})
	if err != nil || len(out.Groups) != 1 || *out.Groups[0].GroupName != "Operators" {
		t.Errorf("%+v, %v", out, err)
	}
	members, err := f.GetGroup(ctx, &awsiam.GetGroupInput{GroupName: aws.String("Operators")})
	if err != nil || len(members.Users) != 1 {
		t.Errorf("%+v, %v", members, err)
	}
	_, err = f.DeleteGroup(ctx, &awsiam.DeleteGroupInput{GroupName: aws.String("Operators")})
	wants(t, err, "DeleteConflict", "")
	must(t)(f.RemoveUserFromGroup(ctx, &awsiam.RemoveUserFromGroupInput{GroupName: aws.String("Operators"), UserName: aws.String("ann")}))
	_, err = ann.ListGroups(ctx, &awsiam.ListGroupsInput{})
	wants(t, err, "AccessDenied", "iam:ListGroups")
	must(t)(f.DeleteGroupPolicy(ctx, &awsiam.DeleteGroupPolicyInput{GroupName: aws.String("Operators"), PolicyName: aws.String("p")}))
	must(t)(f.DeleteGroup(ctx, &awsiam.DeleteGroupInput{GroupName: aws.String("Operators")}))
}

func TestRoles(t *testing.T) {
	f, ctx := serve(t), context.Background()
	_, err := f.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(allowAll)})
	wants(t, err, "MalformedPolicyDocument", "prohibited field Resource")
	r, err := f.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trust), MaxSessionDuration: aws.Int32(7200), Description: aws.String("x")})
	if err != nil || *r.Role.Arn != "arn:aws:iam::000000000000:role/r" || *r.Role.MaxSessionDuration != 7200 {
		t.Fatalf("%+v, %v", r, err)
	}
	if text, _ := url.PathUnescape(*r.Role.AssumeRolePolicyDocument); text != trust {
		t.Errorf("trust %s", text)
	}
	_, err = f.UpdateRole(ctx, &awsiam.UpdateRoleInput{RoleName: aws.String("r"), MaxSessionDuration: aws.Int32(60)})
	wants(t, err, "ValidationError", "MaxSessionDuration")
	must(t)(f.UpdateAssumeRolePolicy(ctx, &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String("r"), PolicyDocument: aws.String(strings.Replace(trust, "000000000000", "111111111111", 1))}))
	must(t)(f.TagRole(ctx, &awsiam.TagRoleInput{RoleName: aws.String("r"), Tags: []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}, {Key: aws.String("a"), Value: aws.String("1")}}}))
	must(t)(f.UntagRole(ctx, &awsiam.UntagRoleInput{RoleName: aws.String("r"), TagKeys: []string{"a"}}))
	tags, err := f.ListRoleTags(ctx, &awsiam.ListRoleTagsInput{RoleName: aws.String("r")})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" {
		t.Errorf("%+v, %v", tags, err)
	}
	must(t)(f.PutRolePolicy(ctx, &awsiam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: aws.String(allowAll)}))
	names, err := f.ListRolePolicies(ctx, &awsiam.ListRolePoliciesInput{RoleName: aws.String("r")})
	if err != nil || len(names.PolicyNames) != 1 {
		t.Errorf("%+v, %v", names, err)
	}
	got, err := f.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p")})
	if err != nil || *got.RoleName != "r" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = f.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("q")})
	wants(t, err, "NoSuchEntity", "The role policy with name q cannot be found.")
	_, err = f.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: aws.String("r")})
	wants(t, err, "DeleteConflict", "must delete policies first")
	must(t)(f.DeleteRolePolicy(ctx, &awsiam.DeleteRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p")}))
	must(t)(f.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: aws.String("r")}))
}

func TestSimulate(t *testing.T) {
	f, ctx := serve(t), context.Background()
	f.as(t, "ann", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::${aws:username}/*"},{"Effect":"Deny","Action":"s3:PutObject","Resource":"*"}]}`)
	out, err := f.SimulatePrincipalPolicy(ctx, &awsiam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String("arn:aws:iam::000000000000:user/ann"),
		ActionNames: []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket"}, ResourceArns: []string{"arn:aws:s3:::ann/x"}})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range out.EvaluationResults {
		got += string(r.EvalDecision) + " "
	}
	if got != "allowed explicitDeny implicitDeny " {
		t.Errorf("got %s", got)
	}
}

func TestOverHTTP2(t *testing.T) {
	f := serve(t)
	cfg := gatetest.Config(f.url, "", "", "")
	cfg.HTTPClient = gatetest.HTTP2()
	c := awsiam.NewFromConfig(cfg)
	must(t)(c.CreateUser(context.Background(), &awsiam.CreateUserInput{UserName: aws.String("ann")}))
	out, err := c.GetUser(context.Background(), &awsiam.GetUserInput{})
	if err != nil || *out.User.Arn != "arn:aws:iam::000000000000:root" {
		t.Errorf("%+v, %v", out, err)
	}
}

// No refusal of identities is left to a guess.
func TestEveryReasonHasACode(t *testing.T) {
	all := gate.Codes(iam.Door(identitytest.Open(t)))
	for _, r := range append(identity.Reasons, gate.Reasons...) {
		if all[r].Name == "" {
			t.Errorf("%s has no code", r.Name)
		}
	}
}
