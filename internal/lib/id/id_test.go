package id_test

import (
	"regexp"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/id"
)

func TestShapes(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"uuid", id.UUID(), `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`},
		{"hex", id.Hex(16), `^[0-9a-f]{32}$`},
		{"upper", id.Upper(16), `^[A-Z2-7]{16}$`},
		{"secret", id.Secret(40), `^[A-Za-z0-9]{40}$`},
	} {
		if !regexp.MustCompile(tt.want).MatchString(tt.got) {
			t.Errorf("%s: %q does not match %s", tt.name, tt.got, tt.want)
		}
	}
	if id.Secret(40) == id.Secret(40) {
		t.Error("two secrets are the same")
	}
}
