package dialect

import (
	"regexp"
	"strings"
	"testing"
)

// A macro with one form per type must be known to guard.go, or take care of
// arguments without a type itself.
func TestTypedMacrosAreGuarded(t *testing.T) {
	own := set("sum", "avg")
	head := regexp.MustCompile(`(?s)MACRO lake\.(\w+?)(?:_of)?\s*(\(.*)$`)
	form := regexp.MustCompile(`\((?:\w+, )*\w+ [A-Z]+[^()]*(?:\([^()]*\)[^()]*)*\) AS `)
	for _, sql := range Macros(Lake) {
		m := head.FindStringSubmatch(sql)
		if m == nil || !form.MatchString(m[2]) {
			continue
		}
		_, guarded := typed[m[1]]
		_, itself := own[m[1]]
		if !guarded && !itself {
			t.Errorf("lake.%s has forms by type and is not in the set typed", m[1])
		}
	}
	for name := range typed {
		if !strings.Contains(strings.Join(Macros(Lake), "\n"), "MACRO lake."+name) {
			t.Errorf("there is no macro lake.%s", name)
		}
	}
}

func TestEngineMessage(t *testing.T) {
	msg, ok := EngineMessage("Conversion Error: Could not convert string '!! Division by zero !!' to INT32")
	if !ok || msg != "Division by zero" {
		t.Error(msg, ok)
	}
	if _, ok := EngineMessage("Binder Error: x"); ok {
		t.Error("a message of the engine's own")
	}
}
