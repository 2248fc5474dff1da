// Command compat writes docs/compat: for each door, which operations of the
// real service it serves, from the same tables that the server runs on. Run it
// with `make gen`; CI fails when what it writes is not what is committed.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	dir := flag.String("dir", "docs/compat", "folder to write to")
	flag.Parse()
	log.SetFlags(0)
	if err := write(*dir); err != nil {
		log.Fatal(err)
	}
}

// write writes a file for each page and an index of them.
func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range files() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files is all that is written, by name.
func files() map[string]string {
	all := pages()
	out := map[string]string{"README.md": index(all)}
	for _, p := range all {
		out[p.file+".md"] = p.markdown()
	}
	return out
}

const written = "<!-- Written by tools/compat (make gen) from the tables that the server runs on. Do not edit. -->\n\n"

func index(all []page) string {
	var b strings.Builder
	b.WriteString(written + "# What is served\n\nOne page per door. What is not served, and every field that is not honoured, is refused by its name: nothing is accepted and ignored.\n\n| Door | Yes | Partly | No |\n|---|---:|---:|---:|\n")
	for _, p := range all {
		yes, partly, no := p.count()
		fmt.Fprintf(&b, "| [%s](%s.md) | %d | %d | %d |\n", p.title, p.file, yes, partly, no)
	}
	b.WriteString("\nThe [PostgreSQL door](postgres.md) has no table of operations to count: its page is written by hand and held by the door's tests.\n")
	return b.String()
}

// page is what one door serves.
type page struct {
	file, title string
	about       string // a paragraph under the title
	noun        string // what the rows are: "operation"
	rows        []row
}

// row is one operation of the real service.
type row struct {
	name   string
	served bool
	limit  string // what is missing, empty for nothing
}

func (p page) count() (yes, partly, no int) {
	for _, r := range p.rows {
		switch {
		case !r.served:
			no++
		case r.limit != "":
			partly++
		default:
			yes++
		}
	}
	return yes, partly, no
}

func (p page) markdown() string {
	var b strings.Builder
	yes, partly, no := p.count()
	fmt.Fprintf(&b, "%s# %s\n\n%s\n\nOf %d %ss: %d yes, %d partly, %d no.\n\n", written, p.title, p.about, len(p.rows), p.noun, yes, partly, no)
	fmt.Fprintf(&b, "| %s | Served | Limit |\n|---|---|---|\n", strings.ToUpper(p.noun[:1])+p.noun[1:])
	rows := slices.SortedFunc(slices.Values(p.rows), func(x, y row) int { return strings.Compare(x.name, y.name) })
	var missing []string
	for _, r := range rows {
		switch {
		case !r.served:
			missing = append(missing, r.name)
		case r.limit != "":
			fmt.Fprintf(&b, "| %s | partly | %s |\n", r.name, strings.ReplaceAll(r.limit, "|", `\|`))
		default:
			fmt.Fprintf(&b, "| %s | yes | |\n", r.name)
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(&b, "\n## Refused by name\n\n%s.\n", strings.Join(missing, ", "))
	}
	return b.String()
}
