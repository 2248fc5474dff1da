package apptest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// AWS is the SDK configuration that reaches the server as root.
func (s *Server) AWS() aws.Config {
	return aws.Config{
		Region:       s.Region,
		BaseEndpoint: aws.String(s.AWSURL()),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: s.AccessKey, SecretAccessKey: s.Secret}, nil
		}),
		RetryMaxAttempts: 1,
	}
}
