package page_test

import (
	"errors"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/page"
)

func TestTokens(t *testing.T) {
	tok := page.Token("tables", "a\x00b")
	if got, err := page.After("tables", tok); err != nil || got != "a\x00b" {
		t.Errorf("After: %q, %v", got, err)
	}
	for _, bad := range []string{"%%", "YQ", page.Token("databases", "a")} {
		if _, err := page.After("tables", bad); !errors.Is(err, page.BadToken) {
			t.Errorf("After(%q): %v, want BadToken", bad, err)
		}
	}
	if got, err := page.After("tables", ""); got != "" || err != nil {
		t.Errorf("empty token: %q, %v", got, err)
	}
}

func TestCut(t *testing.T) {
	key := func(s string) string { return s }
	got, tok := page.Cut("l", []string{"a", "b", "c"}, 2, key)
	if len(got) != 2 || tok != page.Token("l", "b") {
		t.Errorf("%v %q", got, tok)
	}
	if _, tok := page.Cut("l", []string{"a", "b"}, 2, key); tok != "" {
		t.Errorf("a full last page has token %q", tok)
	}
}
