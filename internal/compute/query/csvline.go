package query

import (
	"encoding/json"
	"strings"

	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// csvFunction is the engine's name of the function that takes a line of quoted
// CSV apart. The engine's own reader lets a quoted field run on over lines,
// where the class that these tables name reads line by line: a quote that is
// never closed must not swallow the rows after it.
const csvFunction = "boathouse_csv_row"

// csvSpec says which characters mean something in a line.
type csvSpec struct {
	Separator string `json:"separator"`
	Quote     string `json:"quote"`
	Escape    string `json:"escape"`
}

func csvLines() duck.TextFunction {
	return duck.TextFunction{Name: csvFunction, Make: func(spec string) func(dst, in []byte) ([]byte, error) {
		var s csvSpec
		if err := json.Unmarshal([]byte(spec), &s); err != nil {
			return func(_, _ []byte) ([]byte, error) { return nil, err }
		}
		return func(dst, in []byte) ([]byte, error) {
			b, err := json.Marshal(s.fields(string(in)))
			return append(dst, b...), err
		}
	}}
}

// fields takes a line apart: a quote doubled or escaped inside of quotes is
// one quote, a quote in the middle of a bare field is kept, and a field whose
// quote is not closed is missing, with all that would follow.
func (s csvSpec) fields(line string) []string {
	line = strings.TrimSuffix(line, "\r")
	out := []string{}
	var field strings.Builder
	quoted, begun := false, false
	at := func(i int, what string) bool { return what != "" && strings.HasPrefix(line[min(i, len(line)):], what) }
	for i := 0; i < len(line); i++ {
		switch {
		case s.Escape != s.Quote && at(i, s.Escape) && (quoted || begun) && (at(i+1, s.Quote) || at(i+1, s.Escape)),
			at(i, s.Quote) && (quoted || begun) && at(i+1, s.Quote):
			i++
			field.WriteByte(line[i])
		case at(i, s.Quote):
			inside := i > 2 && !strings.HasSuffix(line[:i], s.Separator) && i+1 < len(line) && !at(i+1, s.Separator)
			if inside {
				field.WriteString(s.Quote)
			}
			quoted, begun = !quoted, !begun
		case at(i, s.Separator) && !quoted:
			out = append(out, field.String())
			field.Reset()
			begun = false
			i += len(s.Separator) - 1
		default:
			field.WriteByte(line[i])
			begun = true
		}
	}
	if quoted {
		return out
	}
	return append(out, field.String())
}
