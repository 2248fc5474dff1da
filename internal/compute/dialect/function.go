package dialect

import (
	_ "embed"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Status says how much of a function is served.
type Status string

// How much is served.
const (
	Yes    Status = "yes"
	Partly Status = "partly" // Note says what is not, or what differs
	No     Status = "no"     // refused by name; Note says what to use
)

// Function is a function of the lake dialect and how it is said to the engine.
type Function struct {
	Name      string // in lower case
	Group     string // "date and time"
	Status    Status
	Note      string
	Aggregate bool
	forms     []form
}

// form is how a call with some numbers of arguments is written; see
// translator.fill.
type form struct {
	min, max int
	text     string
}

// anyNumber of arguments.
const anyNumber = 1 << 20

func (f Function) form(args int) (string, bool) {
	for _, e := range f.forms {
		if args >= e.min && args <= e.max {
			return e.text, true
		}
	}
	return "", false
}

// Arity says how many arguments the function takes: "1", "2 or 3", "1 or more".
func (f Function) Arity() string {
	var parts []string
	for _, e := range f.forms {
		switch {
		case e.max == anyNumber:
			parts = append(parts, fmt.Sprintf("%d or more", e.min))
		case e.min == e.max:
			parts = append(parts, strconv.Itoa(e.min))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", e.min, e.max))
		}
	}
	return strings.Join(parts, " or ")
}

//go:embed function_lake.txt
var functionText string

//go:embed function_warehouse.txt
var warehouseText string

// functions and warehouseFunctions are the tables in the text files, read once.
// The first is all that the lake has; the second holds only what is written
// otherwise or refused.
var (
	functions          = sync.OnceValue(func() map[string]Function { return mustRead(functionText) })
	warehouseFunctions = sync.OnceValue(func() map[string]Function { return mustRead(warehouseText) })
)

func mustRead(text string) map[string]Function {
	m, err := readFunctions(text)
	if err != nil {
		panic("dialect: table of functions: " + err.Error())
	}
	return m
}

// readFunctions reads lines "name | arguments | form | status | note"; further
// lines of the same name add forms. "# group" begins a group, "+" before a name
// marks an aggregate; a line of several names refuses them all.
func readFunctions(text string) (map[string]Function, error) {
	m := map[string]Function{}
	group := ""
	for n, line := range strings.Split(text, "\n") {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			group = title
			continue
		}
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := cells(line)
		if len(cells) < 4 {
			return nil, fmt.Errorf("line %d has %d cells", n+1, len(cells))
		}
		if names := strings.Split(cells[0], ", "); len(names) > 1 {
			for _, name := range names {
				m[name] = Function{Name: name, Group: group, Status: Status(cells[3]), Note: cells[4]}
			}
			continue
		}
		name, aggregate := strings.CutPrefix(cells[0], "+")
		f, known := m[name]
		if !known {
			f = Function{Name: name, Group: group, Status: Status(cells[3]), Aggregate: aggregate}
		}
		if len(cells) > 4 {
			f.Note = cells[4]
		}
		if Status(cells[3]) == Partly {
			f.Status = Partly
		}
		if Status(cells[3]) != No {
			e, err := readForm(name, cells[1], cells[2])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			f.forms = append(f.forms, e)
		}
		m[name] = f
	}
	return m, nil
}

// cells cuts a line of the table. A form may have the operator | in it, in
// brackets.
func cells(line string) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(line) {
		switch line[i] {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, strings.TrimSpace(line[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(line[from:]))
}

// readForm reads "1", "2-3" or "1+" and a form: "=" is the engine's function of
// the same name, "= other" that of another name, "@" a macro of the same name.
func readForm(name, arguments, text string) (form, error) {
	e := form{text: text}
	low, high, _ := strings.Cut(strings.TrimSuffix(arguments, "+"), "-")
	var err error
	if e.min, err = strconv.Atoi(low); err != nil {
		return e, err
	}
	e.max = e.min
	if strings.HasSuffix(arguments, "+") {
		e.max = anyNumber
	} else if high != "" {
		if e.max, err = strconv.Atoi(high); err != nil {
			return e, err
		}
	}
	if other, ok := strings.CutPrefix(text, "="); ok {
		if other = strings.TrimSpace(other); other == "" {
			other = name
		}
		e.text = other + "($A)$S"
	}
	if text == "@" {
		e.text = "lake." + name + "($*)$S"
	}
	return e, nil
}

// LookUp finds a function of the lake dialect by its name in lower case.
func LookUp(name string) (Function, bool) {
	f, ok := functions()[name]
	return f, ok
}

// Functions lists the functions of the lake dialect by group and name.
func Functions() []Function {
	var out []Function
	for _, f := range functions() {
		out = append(out, f)
	}
	sort.Slice(out, func(i, k int) bool {
		if out[i].Group != out[k].Group {
			return out[i].Group < out[k].Group
		}
		return out[i].Name < out[k].Name
	})
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
