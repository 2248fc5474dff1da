package identity

import (
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"slices"
	"strings"
	"sync"
	"time"
)

// The managed policies that come with the server, with the real ones'
// documents. What is not here is refused with NoPolicy rather than guessed.
//
//go:embed builtin/*.json
var builtinFiles embed.FS

type builtin struct {
	Policy
	document string
}

// builtins returns the server's own managed policies by ARN. The version
// numbers are those of the documents at the real service.
var builtins = sync.OnceValue(func() map[string]builtin {
	versions := map[string]int{"AdministratorAccess": 1, "AmazonS3FullAccess": 2, "AmazonS3ReadOnlyAccess": 3,
		"IAMFullAccess": 2, "IAMReadOnlyAccess": 4, "AmazonAthenaFullAccess": 15, "AWSGlueConsoleFullAccess": 15}
	at := time.Date(2015, 2, 6, 18, 40, 0, 0, time.UTC)
	out := map[string]builtin{}
	for name, version := range versions {
		document, err := builtinFiles.ReadFile("builtin/" + name + ".json")
		if err != nil {
			continue // a test compares the two lists
		}
		sum := sha256.Sum256([]byte(name))
		p := Policy{ARN: "arn:aws:iam::aws:policy/" + name, Name: name, Path: "/", Default: version, Created: at, Updated: at,
			ID: "ANPA" + base32.StdEncoding.EncodeToString(sum[:])[:17], Builtin: true}
		out[p.ARN] = builtin{p, string(document)}
	}
	return out
})

func builtinList() []Policy {
	var out []Policy
	for _, b := range builtins() {
		out = append(out, b.Policy)
	}
	sortPolicies(out)
	return out
}

func sortPolicies(all []Policy) {
	slices.SortFunc(all, func(a, b Policy) int { return strings.Compare(fold(a.Name), fold(b.Name)) })
}
