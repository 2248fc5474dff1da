// Command sizes prints the lines of every function of the tree, longest first.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"path/filepath"
	"sort"
	"strings"
)

type size struct {
	lines int
	where string
}

func main() {
	var all []size
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		sizes, err := functions(p)
		all = append(all, sizes...)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].lines > all[j].lines })
	for _, s := range all {
		fmt.Printf("%5d %s\n", s.lines, s.where)
	}
}

func functions(file string) (out []size, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, 0)
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1
			out = append(out, size{n, file + " " + fn.Name.Name})
		}
	}
	return out, nil
}
