package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// clients are the SDK's clients by the page that must name all their operations.
func clients() map[string]reflect.Type {
	return map[string]reflect.Type{
		"athena": reflect.TypeFor[*athena.Client](),
		"glue":   reflect.TypeFor[*glue.Client](),
		"iam":    reflect.TypeFor[*iam.Client](),
		"s3":     reflect.TypeFor[*s3.Client](),
		"sts":    reflect.TypeFor[*sts.Client](),
	}
}

// Every operation that the SDK can call has a row, so that it is refused by
// its name when it is not served.
func TestPagesNameEveryOperation(t *testing.T) {
	for _, p := range pages() {
		client := clients()[p.file]
		if client == nil {
			continue
		}
		rows := map[string]bool{}
		for _, r := range p.rows {
			rows[r.name] = true
		}
		for i := range client.NumMethod() {
			m := client.Method(i)
			if m.Type.NumIn() < 3 || m.Type.In(1) != reflect.TypeFor[context.Context]() {
				continue
			}
			if !rows[m.Name] {
				t.Errorf("%s: no row for %s", p.file, m.Name)
			}
			delete(rows, m.Name)
		}
		delete(rows, "PostObject") // a form of browsers, which no SDK sends
		if len(rows) > 0 {
			t.Errorf("%s: the SDK does not have %v", p.file, slices.Sorted(maps.Keys(rows)))
		}
	}
}

// What is committed is what the tables say.
func TestFilesAreCurrent(t *testing.T) {
	for name, want := range files() {
		got, err := os.ReadFile(filepath.Join("../../docs/compat", name))
		if err != nil || string(got) != want {
			t.Errorf("docs/compat/%s is not current: run make gen (%v)", name, err)
		}
	}
}
