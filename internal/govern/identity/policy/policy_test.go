package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
)

const v = `"Version":"2012-10-17",`

func allow(action, resource string) string {
	return fmt.Sprintf(`{%s"Statement":{"Effect":"Allow","Action":%s,"Resource":%s}}`, v, action, resource)
}

func TestEvaluate(t *testing.T) {
	user := map[string][]string{"aws:username": {"ann"}, "aws:userid": {"AIDAANN"}}
	for _, tt := range []struct {
		name, document, action, resource string
		context                          map[string][]string
		want                             policy.Decision
	}{
		{"star", allow(`"*"`, `"*"`), "glue:GetTable", "arn:aws:glue:us-east-1:0:table/a/b", nil, policy.Allow},
		{"exact", allow(`"s3:GetObject"`, `"arn:aws:s3:::b/k"`), "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Allow},
		{"action in another case", allow(`"S3:getobject"`, `"arn:aws:s3:::b/k"`), "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Allow},
		{"resource in another case", allow(`"s3:GetObject"`, `"arn:aws:s3:::B/k"`), "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Neither},
		{"other action", allow(`"s3:GetObject"`, `"*"`), "s3:GetObjectAcl", "arn:aws:s3:::b/k", nil, policy.Neither},
		{"action prefix", allow(`"s3:Get*"`, `"*"`), "s3:GetObjectAcl", "arn:aws:s3:::b/k", nil, policy.Allow},
		{"action infix", allow(`"s3:*Object"`, `"*"`), "s3:PutObject", "arn:aws:s3:::b/k", nil, policy.Allow},
		{"action one character", allow(`"s3:?etObject"`, `"*"`), "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Allow},
		{"action one character too few", allow(`"s3:?GetObject"`, `"*"`), "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Neither},
		{"action list", allow(`["s3:A","s3:B"]`, `"*"`), "s3:B", "x", nil, policy.Allow},
		{"other service", allow(`"s3:*"`, `"*"`), "glue:GetTable", "x", nil, policy.Neither},
		{"bucket is not its keys", allow(`"s3:*"`, `"arn:aws:s3:::b"`), "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Neither},
		{"keys are not the bucket", allow(`"s3:*"`, `"arn:aws:s3:::b/*"`), "s3:ListBucket", "arn:aws:s3:::b", nil, policy.Neither},
		{"wildcard reaches over slashes", allow(`"s3:*"`, `"arn:aws:s3:::b/*.csv"`), "s3:GetObject", "arn:aws:s3:::b/x/y.csv", nil, policy.Allow},
		{"wildcard and colons of the last part", allow(`"s3:*"`, `"arn:aws:s3:::b/*"`), "s3:GetObject", "arn:aws:s3:::b/x:y", nil, policy.Allow},
		{"wildcard stays in its part", allow(`"iam:*"`, `"arn:aws:iam::*:role/x"`), "iam:GetRole", "arn:aws:iam::0:role/y:role/x", nil, policy.Neither},
		{"resource one character", allow(`"s3:*"`, `"arn:aws:s3:::b?"`), "s3:ListBucket", "arn:aws:s3:::bé", nil, policy.Allow},
		{"resource two characters", allow(`"s3:*"`, `"arn:aws:s3:::b??"`), "s3:ListBucket", "arn:aws:s3:::bé", nil, policy.Neither},
		{"no resource, star policy", allow(`"s3:ListAllMyBuckets"`, `"*"`), "s3:ListAllMyBuckets", "*", nil, policy.Allow},
		{"no resource, narrow policy", allow(`"s3:ListAllMyBuckets"`, `"arn:aws:s3:::b"`), "s3:ListAllMyBuckets", "*", nil, policy.Neither},
		{"not action", `{` + v + `"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`, "s3:GetObject", "x", nil, policy.Allow},
		{"not action, that one", `{` + v + `"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`, "iam:GetUser", "x", nil, policy.Neither},
		{"not resource", `{` + v + `"Statement":[{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b/*"},{"Effect":"Allow","Action":"*","Resource":"*"}]}`, "s3:GetObject", "arn:aws:s3:::b/k", nil, policy.Allow},
		{"not resource, another", `{` + v + `"Statement":[{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b/*"},{"Effect":"Allow","Action":"*","Resource":"*"}]}`, "s3:GetObject", "arn:aws:s3:::c/k", nil, policy.Deny},
		{"deny wins over a later allow", `{` + v + `"Statement":[{"Effect":"Deny","Action":"s3:Put*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}]}`, "s3:PutObject", "x", nil, policy.Deny},
		{"deny wins over an earlier allow", `{` + v + `"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}]}`, "s3:PutObject", "x", nil, policy.Deny},
		{"variable", allow(`"s3:*"`, `"arn:aws:s3:::b/home/${aws:username}/*"`), "s3:GetObject", "arn:aws:s3:::b/home/ann/x", user, policy.Allow},
		{"variable, another user", allow(`"s3:*"`, `"arn:aws:s3:::b/home/${aws:username}/*"`), "s3:GetObject", "arn:aws:s3:::b/home/bob/x", user, policy.Neither},
		{"variable in another case", allow(`"s3:*"`, `"arn:aws:s3:::b/${AWS:UserID}"`), "s3:GetObject", "arn:aws:s3:::b/AIDAANN", user, policy.Allow},
		{"variable is missing", allow(`"s3:*"`, `"arn:aws:s3:::b/${aws:nothing}*"`), "s3:GetObject", "arn:aws:s3:::b/", user, policy.Neither},
		{"variable with a default", allow(`"s3:*"`, `"arn:aws:s3:::b/${aws:nothing, 'all'}"`), "s3:GetObject", "arn:aws:s3:::b/all", user, policy.Allow},
		{"variable's value is no wildcard", allow(`"s3:*"`, `"arn:aws:s3:::${s3:prefix}"`), "s3:ListBucket", "arn:aws:s3:::secret", map[string][]string{"s3:prefix": {"*"}}, policy.Neither},
		{"variable's value stays in its part", allow(`"s3:*"`, `"arn:aws:${aws:x}:::b"`), "s3:ListBucket", "arn:aws:s3:::b", map[string][]string{"aws:x": {"s3:::b"}}, policy.Neither},
		{"hidden star", allow(`"s3:*"`, `"arn:aws:s3:::b/${*}"`), "s3:GetObject", "arn:aws:s3:::b/*", nil, policy.Allow},
		{"hidden star is no wildcard", allow(`"s3:*"`, `"arn:aws:s3:::b/${*}"`), "s3:GetObject", "arn:aws:s3:::b/x", nil, policy.Neither},
		{"old version has no variables", `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}}`, "s3:ListBucket", "arn:aws:s3:::ann", user, policy.Neither},
		{"many stars", allow(`"s3:*"`, `"arn:aws:s3:::`+strings.Repeat("a*", 50)+`b"`), "s3:ListBucket", "arn:aws:s3:::" + strings.Repeat("a", 2000), nil, policy.Neither},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := policy.Parse(tt.document, policy.Identity)
			if err != nil {
				t.Fatal(err)
			}
			q := policy.Request{Action: tt.action, Resource: tt.resource, Context: tt.context}
			if got := policy.Evaluate([]*policy.Document{d}, &q); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	context := map[string][]string{
		"s3:prefix": {"home/ann/x"}, "s3:max-keys": {"10"}, "aws:sourceip": {"10.1.2.3"}, "aws:username": {"ann"},
		"aws:currenttime": {"2026-11-23T12:00:00Z"}, "aws:epochtime": {"1795435200"}, "aws:securetransport": {"false"},
		"aws:principalarn": {"arn:aws:iam::000000000000:user/ann"}, "aws:tagkeys": {"a", "b"}, "x:bin": {"aGk="},
		"x:ip6": {"2001:db8::1"}, "x:name": {"Ann"}, "x:word": {"word"},
	}
	for condition, want := range map[string]bool{
		`"StringEquals":{"s3:prefix":"home/ann/x"}`:                              true,
		`"StringEquals":{"S3:Prefix":"home/ann/x"}`:                              true,
		`"StringEquals":{"s3:prefix":["a","home/ann/x"]}`:                        true,
		`"StringEquals":{"s3:prefix":"home/ann/*"}`:                              false,
		`"StringEquals":{"s3:prefix":"Home/ann/x"}`:                              false,
		`"StringEquals":{"s3:prefix":"home/${aws:username}/x"}`:                  true,
		`"StringEquals":{"s3:missing":"a"}`:                                      false,
		`"StringEqualsIfExists":{"s3:missing":"a"}`:                              true,
		`"StringEqualsIfExists":{"s3:prefix":"a"}`:                               false,
		`"StringNotEquals":{"s3:prefix":"a"}`:                                    true,
		`"StringNotEquals":{"s3:prefix":["a","home/ann/x"]}`:                     false,
		`"StringNotEquals":{"s3:missing":"a"}`:                                   true,
		`"StringEqualsIgnoreCase":{"s3:prefix":"HOME/Ann/X"}`:                    true,
		`"StringEqualsIgnoreCase":{"aws:username":"${x:name}"}`:                  true,
		`"StringNotEqualsIgnoreCase":{"s3:prefix":"HOME/Ann/X"}`:                 false,
		`"StringLike":{"s3:prefix":"home/*"}`:                                    true,
		`"StringLike":{"s3:prefix":"home/???/x"}`:                                true,
		`"StringLike":{"s3:prefix":"home/${aws:username}/*"}`:                    true,
		`"StringLike":{"s3:prefix":["","home/"]}`:                                false,
		`"StringNotLike":{"s3:prefix":"home/*"}`:                                 false,
		`"NumericEquals":{"s3:max-keys":10}`:                                     true,
		`"NumericEquals":{"s3:max-keys":"10.0"}`:                                 true,
		`"NumericNotEquals":{"s3:max-keys":"10"}`:                                false,
		`"NumericLessThan":{"s3:max-keys":"10"}`:                                 false,
		`"NumericLessThanEquals":{"s3:max-keys":"10"}`:                           true,
		`"NumericGreaterThan":{"s3:max-keys":"9"}`:                               true,
		`"NumericGreaterThanEquals":{"s3:max-keys":"11"}`:                        false,
		`"NumericLessThan":{"s3:prefix":"10"}`:                                   false,
		`"DateEquals":{"aws:CurrentTime":"2026-11-23T12:00:00Z"}`:                true,
		`"DateNotEquals":{"aws:CurrentTime":"2026-11-23T12:00:00Z"}`:             false,
		`"DateGreaterThan":{"aws:CurrentTime":"2026-11-23"}`:                     true,
		`"DateLessThan":{"aws:CurrentTime":"2026-11-23T11:00:00-02:00"}`:         true,
		`"DateLessThanEquals":{"aws:CurrentTime":"2026-11-23T12:00:00Z"}`:        true,
		`"DateGreaterThanEquals":{"aws:EpochTime":"1795435200"}`:                 true,
		`"DateLessThan":{"aws:EpochTime":"2020-01-01T00:00:00Z"}`:                false,
		`"Bool":{"aws:SecureTransport":"false"}`:                                 true,
		`"Bool":{"aws:SecureTransport":true}`:                                    false,
		`"Bool":{"aws:MultiFactorAuthPresent":"false"}`:                          false,
		`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`:                  true,
		`"BinaryEquals":{"x:bin":"aGk="}`:                                        true,
		`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`:                              true,
		`"IpAddress":{"aws:SourceIp":["192.168.0.0/16","10.1.2.3"]}`:             true,
		`"IpAddress":{"aws:SourceIp":"10.1.3.0/24"}`:                             false,
		`"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`:                           false,
		`"IpAddress":{"x:ip6":"2001:db8::/32"}`:                                  true,
		`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:user/ann"}`:             true,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::000000000000:user/*"}`:      true,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:*ann"}`:                          true,
		`"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::*:user/ann"}`:          false,
		`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/bob"}`:            true,
		`"Null":{"aws:TokenIssueTime":"true"}`:                                   true,
		`"Null":{"aws:username":"true"}`:                                         false,
		`"Null":{"aws:username":false}`:                                          true,
		`"ForAllValues:StringEquals":{"aws:TagKeys":["a","b","c"]}`:              true,
		`"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}`:                      false,
		`"ForAllValues:StringEquals":{"aws:missing":["a"]}`:                      true,
		`"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}`:                       true,
		`"ForAnyValue:StringEquals":{"aws:TagKeys":["c"]}`:                       false,
		`"ForAnyValue:StringEquals":{"aws:missing":["a"]}`:                       false,
		`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}`:                    true,
		`"ForAllValues:StringNotEquals":{"aws:TagKeys":["a"]}`:                   false,
		`"ForAnyValue:StringLikeIfExists":{"aws:missing":["a"]}`:                 true,
		`"StringEquals":{"s3:prefix":"home/ann/x","x:word":"word"}`:              true,
		`"StringEquals":{"s3:prefix":"home/ann/x","x:word":"other"}`:             false,
		`"StringEquals":{"x:word":"word"},"Bool":{"aws:SecureTransport":"true"}`: false,
	} {
		t.Run(condition, func(t *testing.T) {
			d, err := policy.Parse(`{`+v+`"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{`+condition+`}}]}`, policy.Identity)
			if err != nil {
				t.Fatal(err)
			}
			got := policy.Evaluate([]*policy.Document{d}, &policy.Request{Action: "a:b", Resource: "*", Context: context})
			if (got == policy.Allow) != want {
				t.Errorf("got %d, want %v", got, want)
			}
		})
	}
}

func TestTrust(t *testing.T) {
	caller := []string{"arn:aws:iam::000000000000:user/ann", "arn:aws:iam::000000000000:root"}
	for principal, want := range map[string]bool{
		`"Principal":"*"`:                                      true,
		`"Principal":{"AWS":"*"}`:                              true,
		`"Principal":{"AWS":"000000000000"}`:                   true,
		`"Principal":{"AWS":"arn:aws:iam::000000000000:root"}`: true,
		`"Principal":{"AWS":["arn:aws:iam::1:user/x","arn:aws:iam::000000000000:user/ann"]}`: true,
		`"Principal":{"AWS":"111111111111"}`:                                                 false,
		`"Principal":{"Service":"lambda.amazonaws.com"}`:                                     false,
		`"Principal":{"Service":"*"}`:                                                        false,
		`"Principal":{"Federated":"accounts.example.com"}`:                                   false,
		`"Principal":{"Service":"glue.amazonaws.com","AWS":"000000000000"}`:                  true,
		`"NotPrincipal":{"AWS":"000000000000"}`:                                              false,
		`"NotPrincipal":{"AWS":"111111111111"}`:                                              true,
	} {
		d, err := policy.Parse(`{`+v+`"Statement":[{"Effect":"Allow",`+principal+`,"Action":"sts:AssumeRole"}]}`, policy.Trust)
		if err != nil {
			t.Errorf("%s: %v", principal, err)
			continue
		}
		got := policy.Evaluate([]*policy.Document{d}, &policy.Request{Action: "sts:AssumeRole", Principals: caller})
		if (got == policy.Allow) != want {
			t.Errorf("%s: got %d, want %v", principal, got, want)
		}
	}
}

func TestMalformed(t *testing.T) {
	st := func(s string) string { return `{` + v + `"Statement":[{` + s + `}]}` }
	for _, tt := range []struct {
		name, document string
		use            policy.Use
		says           string
	}{
		{"empty", "", policy.Identity, "syntax errors"},
		{"no JSON", "{", policy.Identity, "syntax errors"},
		{"text after", allow(`"*"`, `"*"`) + "x", policy.Identity, "syntax errors"},
		{"a list", "[]", policy.Identity, "syntax errors"},
		{"no statement", `{` + v + `"Id":"x"}`, policy.Identity, "Statement"},
		{"empty statement", `{` + v + `"Statement":[]}`, policy.Identity, "Statement"},
		{"unknown version", `{"Version":"2013-01-01","Statement":[]}`, policy.Identity, "Version"},
		{"unknown element", `{` + v + `"Statment":[]}`, policy.Identity, `"Statment"`},
		{"element in another case", `{` + v + `"statement":[]}`, policy.Identity, `"statement"`},
		{"unknown in statement", st(`"Effect":"Allow","action":"*","Resource":"*"`), policy.Identity, `"action"`},
		{"twice", st(`"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"`), policy.Identity, "twice"},
		{"effect", st(`"Effect":"allow","Action":"*","Resource":"*"`), policy.Identity, "Effect"},
		{"effect is no string", st(`"Effect":1,"Action":"*","Resource":"*"`), policy.Identity, "Effect"},
		{"no action", st(`"Effect":"Allow","Resource":"*"`), policy.Identity, "field Action"},
		{"both actions", st(`"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"`), policy.Identity, "not both"},
		{"no actions", st(`"Effect":"Allow","Action":[],"Resource":"*"`), policy.Identity, "empty"},
		{"action is a number", st(`"Effect":"Allow","Action":1,"Resource":"*"`), policy.Identity, "Action must be"},
		{"action without a service", st(`"Effect":"Allow","Action":"GetObject","Resource":"*"`), policy.Identity, "prefaced"},
		{"no resource", st(`"Effect":"Allow","Action":"*"`), policy.Identity, "field Resource"},
		{"resource is no ARN", st(`"Effect":"Allow","Action":"*","Resource":"bucket/*"`), policy.Identity, "ARN format"},
		{"principal in an identity policy", st(`"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"`), policy.Identity, "principal"},
		{"operator", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringIs":{"a:b":"c"}}`), policy.Identity, "StringIs"},
		{"null if exists", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NullIfExists":{"a:b":"true"}}`), policy.Identity, "NullIfExists"},
		{"number", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"a:b":"c"}}`), policy.Identity, `"c"`},
		{"date", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateEquals":{"a:b":"soon"}}`), policy.Identity, `"soon"`},
		{"network", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"a:b":"10.0.0.0/99"}}`), policy.Identity, "10.0.0.0/99"},
		{"key without a service", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"b":"true"}}`), policy.Identity, `"b"`},
		{"value is an object", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a:b":{}}}`), policy.Identity, "values"},
		{"null value", st(`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a:b":null}}`), policy.Identity, "values"},
		{"sid", st(`"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"`), policy.Identity, "Sid"},
		{"sids", `{` + v + `"Statement":[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"*","Resource":"*"}]}`, policy.Identity, "unique"},
		{"trust with a resource", st(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), policy.Trust, "Resource"},
		{"trust without a principal", st(`"Effect":"Allow","Action":"sts:AssumeRole"`), policy.Trust, "field Principal"},
		{"principal type", st(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Aws":"*"}`), policy.Trust, `"Aws"`},
		{"principal", st(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"ann"}`), policy.Trust, `"ann"`},
		{"deep", strings.Repeat("[", 1000), policy.Identity, "deep"},
		{"long", strings.Repeat(" ", 30000), policy.Identity, "longer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := policy.Parse(tt.document, tt.use)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want something about %q", err, tt.says)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(allow(`"s3:*"`, `"arn:aws:s3:::${aws:username}/*"`), "arn:aws:s3:::ann/x")
	f.Add(`{`+v+`"Statement":[{"Effect":"Deny","NotAction":["a:b"],"NotResource":"*","Condition":{"ForAnyValue:StringLike":{"aws:x":["a*","?"]}}}]}`, "*")
	f.Fuzz(func(t *testing.T, document, resource string) {
		for _, use := range []policy.Use{policy.Identity, policy.Trust} {
			if d, err := policy.Parse(document, use); err == nil {
				policy.Evaluate([]*policy.Document{d}, &policy.Request{Action: "s3:GetObject", Resource: resource,
					Context: map[string][]string{"aws:x": {resource}}})
			}
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	d, err := policy.Parse(`{`+v+`"Statement":[
		{"Effect":"Allow","Action":["s3:Get*","s3:PutObject","s3:List*"],"Resource":["arn:aws:s3:::lake","arn:aws:s3:::lake/*"]},
		{"Effect":"Allow","Action":"glue:*","Resource":"*"},
		{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::lake/private/${aws:username}/*","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`, policy.Identity)
	if err != nil {
		b.Fatal(err)
	}
	q := policy.Request{Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/raw/2026/11/23/part-0001.parquet",
		Context: map[string][]string{"aws:username": {"ann"}, "aws:sourceip": {"10.1.2.3"}}}
	docs := []*policy.Document{d}
	b.ReportAllocs()
	for b.Loop() {
		if policy.Evaluate(docs, &q) != policy.Allow {
			b.Fatal("not allowed")
		}
	}
}
