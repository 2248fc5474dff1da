package dialect

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

var rewrite = flag.Bool("rewrite", false, "write what the code answers into testdata instead of comparing")

// runText runs the cases of the files testdata/pattern. A case is a line
// "command argument", the input, a line "----", the expected output, and a
// blank line.
func runText(t *testing.T, pattern string, run func(command, input string) string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("testdata", pattern))
	if len(files) == 0 {
		t.Fatalf("no testdata/%s", pattern)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, block := range strings.Split(strings.TrimSpace(string(raw)), "\n\n") {
				head, want, _ := strings.Cut(block, "\n----")
				if strings.HasPrefix(block, "#") {
					out = append(out, block)
					continue
				}
				command, input, _ := strings.Cut(head, "\n")
				got := run(command, input)
				out = append(out, head+"\n----\n"+got)
				if want = strings.TrimPrefix(want, "\n"); got != want && !*rewrite {
					t.Errorf("%s\ngot:\n%s\nwant:\n%s", head, got, want)
				}
			}
			if *rewrite {
				if err := os.WriteFile(f, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// refusal writes an error as a test shows it.
func refusal(err error) string {
	return fmt.Sprintf("%s: %s", fault.ReasonOf(err).Name, fault.Message(err))
}

// dump writes a value with its fields that are not zero.
func dump(v reflect.Value) string {
	if v.IsValid() && v.CanInterface() {
		switch x := v.Interface().(type) {
		case Name:
			return fmt.Sprintf("%s@%d", x, x.Offset)
		case Type:
			return x.Trino()
		case Query:
			return fmt.Sprintf("%q@%d", x.Text, x.Offset)
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return dump(v.Elem())
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				parts = append(parts, v.Type().Field(i).Name+": "+dump(v.Field(i)))
			}
		}
		return v.Type().Name() + "{" + strings.Join(parts, ", ") + "}"
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, dump(v.Index(i)))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.String:
		return fmt.Sprintf("%q", v.String())
	}
	return fmt.Sprint(v.Interface())
}

func TestParse(t *testing.T) {
	runText(t, "parse_*.txt", func(command, input string) string {
		d := Lake
		if command == "warehouse" {
			d = Warehouse
		}
		st, err := Parse(input, d)
		if err != nil {
			return refusal(err)
		}
		return st.Tag() + "\n" + dump(reflect.ValueOf(st))
	})
}

func TestTypes(t *testing.T) {
	runText(t, "type*.txt", func(_, input string) string {
		typ, err := ParseType(input)
		if err != nil {
			return refusal(err)
		}
		return fmt.Sprintf("trino %s\nhive %s\nengine %s\npostgres %s\narrow %s\nback %s", typ.Trino(), typ.Hive(),
			typ.Engine(), typ.Postgres(), typ.Arrow(), FromArrow(typ.Arrow()).Trino())
	})
}

func TestTranslate(t *testing.T) {
	runText(t, "translate_*.txt", func(command, input string) string {
		d := Lake
		if command == "warehouse" {
			d = Warehouse
		}
		text, edits, err := Translate(input, d)
		if err != nil {
			return refusal(err)
		}
		for i := range len(text) + 2 {
			if at := edits.Back(i); at < 0 || at > len(input) {
				t.Errorf("%s: Back(%d) = %d", input, i, at)
			}
		}
		return text
	})
}

// A form that writes an argument twice must not let a short query grow huge.
func TestTranslateIsBounded(t *testing.T) {
	deep := "SELECT " + strings.Repeat("avg(", 60) + "x" + strings.Repeat(")", 60)
	_, _, err := Translate(deep, Lake)
	if fault.ReasonOf(err) != TooDeep {
		t.Error(err)
	}
	if out, _, err := Translate("SELECT x"+strings.Repeat(" / 2", 300), Lake); err != nil || len(out) > 100_000 {
		t.Error(len(out), err)
	}
}
