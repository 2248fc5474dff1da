package arch

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The map shows rooms that exist.
func TestMapIsTrue(t *testing.T) {
	b, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("`((?:cmd|internal|test|web|docs|tools|blueprints)/[^`*{ ]+)`").FindAllSubmatch(b, -1) {
		if _, err := os.Stat(filepath.Join("../..", string(m[1]))); err != nil {
			t.Errorf("ARCHITECTURE.md names %s, which is not there", m[1])
		}
	}
}

// Every package has a row of the map, its own or that of a folder above it.
func TestMapIsComplete(t *testing.T) {
	b, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for path := range list(t) {
		found := false
		for p := path; p != "." && !found; p = filepath.Dir(p) {
			found = bytes.Contains(b, []byte("`"+p+"`"))
		}
		if !found {
			t.Errorf("ARCHITECTURE.md has no row for %s", path)
		}
	}
}

// The links of the documents lead to files that are there.
func TestLinksLead(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#: ]+)(?:#[^)]*)?\)`)
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../docs/*/*.md", "../../blueprints/*/*.md"} {
		docs, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range docs {
			b, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range link.FindAllSubmatch(b, -1) {
				if _, err := os.Stat(filepath.Join(filepath.Dir(doc), string(m[1]))); err != nil {
					t.Errorf("%s links to %s, which is not there", doc, m[1])
				}
			}
		}
	}
}
