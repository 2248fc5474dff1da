// Command settings writes docs/guide/configuration.md from the settings that
// the server has. Run it from the root of the repository.
package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/lib/conf"
)

const file = "docs/guide/configuration.md"

//go:embed head.md
var head string

func main() {
	if err := os.WriteFile(file, []byte(page()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "settings:", err)
		os.Exit(1)
	}
}

// page is the document.
func page() string {
	cfg := app.Default()
	cfg.Data = "~/.boathouse" // not the home of whoever runs this
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("| flag | environment | file | default | what it is |\n|---|---|---|---|---|\n")
	for _, s := range conf.Settings(&cfg) {
		def := s.String()
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | `%s` | %s | %s |\n", s.Flag(), s.Env(), strings.Join(s.Path, "."), def, strings.ReplaceAll(s.Help, "|", `\|`))
	}
	return b.String()
}
