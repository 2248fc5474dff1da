package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/boathouse-data/boathouse/"

// floors, top down: a package imports its own floor only where domains allows
// it, and any floor further down. identity and lib are open to all.
var floors = []string{"insight", "govern", "compute", "ingest", "lake", "store"}

// domains says which domain may call which on its own floor. What is not
// listed calls nobody there; a call the other way is an interface that the
// caller declares and app joins, or an event.
var domains = map[string][]string{
	"compute/dialect":   {},
	"compute/query":     {"compute/dialect"},
	"compute/syscat":    {"compute/query", "compute/dialect"},
	"compute/workgroup": {"compute/query", "compute/dialect"},
	"govern/identity":   {},
	"lake/catalog":      {},
	"lake/object":       {},
	"store/blob":        {},
	"store/duck":        {},
	"store/meta":        {},
}

const identity = "internal/govern/identity"

// keepers names the rooms that may import an outside library or what is below it.
var keepers = map[string][]string{
	"github.com/duckdb/duckdb-go-bindings": {"internal/store/duck"},
	"modernc.org/sqlite":                   {"internal/store/meta"},
	"github.com/aws/aws-sdk-go-v2":         {"internal/front", "internal/wire", "internal/app/demo", "internal/app/apptest", "tools"},
	"github.com/aws/smithy-go":             {"internal/front", "internal/wire", "tools"},
	"github.com/jackc/pgx/v5/pgproto3":     {"internal/front/postgres"},
	"github.com/prometheus/client_golang":  {"internal/lib/obs", "internal/front/aws/gate", "internal/app"},
}

type pkg struct {
	doc     bool
	imports map[string]bool
}

// list reads the tree itself rather than asking go list: files that a test
// opens are part of its cache key, files that a child process opens are not.
func list(t *testing.T) map[string]*pkg {
	t.Helper()
	pkgs := map[string]*pkg{}
	err := filepath.WalkDir("../..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		path := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(p), "../../"))
		if pkgs[path] == nil {
			pkgs[path] = &pkg{imports: map[string]bool{}}
		}
		pkgs[path].doc = pkgs[path].doc || f.Doc != nil
		for _, i := range f.Imports {
			pkgs[path].imports[strings.Trim(i.Path.Value, `"`)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}

func TestRooms(t *testing.T) {
	for path, p := range list(t) {
		if !p.doc {
			t.Errorf("%s has no package comment", path)
		}
		for imp := range p.imports {
			if in, ours := strings.CutPrefix(imp, module); ours {
				if !may(path, in) {
					t.Errorf("%s may not import %s", path, in)
				}
				continue
			}
			if why := outside(path, imp); why != "" {
				t.Errorf("%s imports %s: %s", path, imp, why)
			}
		}
	}
}

// below says whether path is root or inside it.
func below(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// floor is the first element below internal: "compute".
func floor(path string) string {
	return strings.SplitN(strings.TrimPrefix(path, "internal/"), "/", 2)[0]
}

// domain cuts a path to floor and noun: "compute/query".
func domain(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "internal/"), "/")
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// may says whether a package of this module may import another.
func may(path, imp string) bool {
	switch {
	case below(imp, "internal/lib"):
		return true
	case below(path, "internal/lib"), path == "internal/arch":
		return false
	case below(path, "internal/app"):
		return true
	case below(path, "cmd"):
		return below(imp, "internal/app")
	case below(path, "tools"), below(path, "blueprints"), below(path, "test"):
		return true
	case below(path, "internal/wire"):
		return below(imp, "internal/wire")
	case below(path, "internal/front"):
		return imp == identity || below(imp, "internal/front/aws/gate") && below(path, "internal/front/aws") ||
			slices.Contains([]string{"wire", "insight", "govern", "compute", "ingest", "lake"}, floor(imp)) ||
			below(imp, path)
	}
	from, to := slices.Index(floors, floor(path)), slices.Index(floors, floor(imp))
	switch {
	case from < 0 || to < 0:
		return false
	case imp == identity, domain(path) == domain(imp):
		return true
	case domain(path) == "govern/identity":
		return floor(imp) == "store"
	}
	return to > from || slices.Contains(domains[domain(path)], domain(imp))
}

// outside says why a package may not import a library, or "". The most
// specific rule decides.
func outside(path, imp string) string {
	rule := ""
	for lib := range keepers {
		if below(imp, lib) && len(lib) > len(rule) {
			rule = lib
		}
	}
	if rule != "" && !slices.ContainsFunc(keepers[rule], func(r string) bool { return below(path, r) }) {
		return "only " + strings.Join(keepers[rule], ", ") + " may"
	}
	if imp == "net/http" && slices.Contains(floors, floor(path)) {
		return "HTTP lives in wire and front"
	}
	return ""
}

func TestEveryDomainHasARoom(t *testing.T) {
	for path := range list(t) {
		if !strings.HasPrefix(path, "internal/") || !slices.Contains(floors, floor(path)) {
			continue
		}
		if _, ok := domains[domain(path)]; !ok {
			t.Errorf("%s has no room: add it to domains", path)
		}
	}
}

// The table itself has no loops.
func TestDomainsHaveAnOrder(t *testing.T) {
	state := map[string]int{}
	var visit func(string, []string)
	visit = func(d string, trail []string) {
		if state[d] == 2 {
			return
		}
		if state[d] == 1 {
			t.Fatalf("loop: %s", strings.Join(append(trail, d), " -> "))
		}
		state[d] = 1
		for _, c := range domains[d] {
			if _, ok := domains[c]; !ok {
				t.Errorf("%s may call %s, which is no domain", d, c)
			}
			visit(c, append(trail, d))
		}
		state[d] = 2
	}
	for d := range domains {
		visit(d, nil)
	}
}

// Domains speak the field's words: another maker's product names belong to front.
func TestDomainsSpeakOurWords(t *testing.T) {
	brands := regexp.MustCompile(`(?i)kinesis|firehose|athena|\bglue|glue\b|redshift|quicksight|lakeformation|dynamodb|cloudwatch`)
	for d := range domains {
		files, err := filepath.Glob(filepath.Join("../..", "internal", d, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				speaksOurWords(t, file, brands)
			}
		}
	}
}

func speaksOurWords(t *testing.T, file string, brands *regexp.Regexp) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && brands.MatchString(id.Name) {
			t.Errorf("%s: %s", fset.Position(id.Pos()), id.Name)
		}
		return true
	})
}
