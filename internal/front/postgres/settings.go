package postgres

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// settings are a session's values.
type settings struct {
	list    []setting
	index   map[string]int // by name in lower case
	now     []string
	initial []string // what RESET goes back to
	before  []string // what ROLLBACK goes back to; nil outside a block
	after   []string // what COMMIT leaves where SET LOCAL was used; as before
}

func newSettings() *settings {
	s := &settings{list: known(), index: map[string]int{}}
	for i, e := range s.list {
		s.index[strings.ToLower(e.name)] = i
		s.now = append(s.now, e.initial)
	}
	s.initial = slices.Clone(s.now)
	return s
}

func (s *settings) at(name string) int {
	i, ok := s.index[strings.ToLower(name)]
	if !ok {
		return -1
	}
	return i
}

func (s *settings) get(name string) string { return s.now[s.at(name)] }

func (s *settings) boolean(name string) bool { return s.get(name) == "on" }

func (s *settings) integer(name string) int { n, _ := strconv.Atoi(s.get(name)); return n }

func (s *settings) duration(name string) time.Duration { d, _ := readDuration(s.get(name)); return d }

// idleLimit is how long the client may be silent; 0 for ever.
func (s *settings) idleLimit(status byte) time.Duration {
	if status == idle {
		return s.duration("idle_session_timeout")
	}
	return s.duration("idle_in_transaction_session_timeout")
}

// reported lists the settings that clients are told of.
func (s *settings) reported() (out [][2]string) {
	for i, e := range s.list {
		if e.report {
			out = append(out, [2]string{e.name, s.now[i]})
		}
	}
	return out
}

func unknownSetting(name string) *refusal {
	return refuse("42704", "unrecognized configuration parameter %q", name).with("SHOW ALL lists the settings that are known.")
}

// check returns the value to keep for a setting.
func (s *settings) check(name, value string) (int, string, *refusal) {
	i := s.at(name)
	if i < 0 {
		return 0, "", unknownSetting(name)
	}
	e := &s.list[i]
	if e.fixed {
		return 0, "", refuse("55P02", "parameter %q cannot be changed", e.name)
	}
	kept, ok := e.check(value)
	if !ok {
		return 0, "", refuse("22023", "invalid value for parameter %q: %q", e.name, value).with("Accepted here: " + e.only + ".")
	}
	return i, kept, nil
}

// startup applies the parameters of the StartupMessage, and those in its
// "options" (-c name=value). It returns warnings: a client that only names its
// own time zone, as some drivers always do, is told that it stays UTC.
func (s *settings) startup(params map[string]string) (warnings []string, err error) {
	given := map[string]string{}
	for name, value := range params {
		switch name {
		case "user", "database", "replication", "options":
			continue
		}
		if !strings.HasPrefix(name, "_pq_.") {
			given[name] = value
		}
	}
	if err := options(params["options"], given); err != nil {
		return nil, err
	}
	for name, value := range given {
		i, kept, refused := s.check(name, value)
		if refused != nil && strings.EqualFold(name, "TimeZone") {
			warnings = append(warnings, "time zone "+value+" is not supported: timestamps are shown in UTC")
			continue
		}
		if refused != nil {
			return nil, refused
		}
		s.now[i], s.initial[i] = kept, kept
	}
	return warnings, nil
}

// options reads "-c name=value --name=value"; a backslash keeps a blank.
func options(text string, into map[string]string) error {
	words := strings.Fields(strings.ReplaceAll(text, `\ `, "\x00"))
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "-c" && i+1 < len(words):
			i++
			w = words[i]
		case strings.HasPrefix(w, "-c"):
			w = w[2:]
		case strings.HasPrefix(w, "--"):
			w = w[2:]
		default:
			return refuse("22023", "option %q in the startup packet is not supported", w).with("Use -c name=value.")
		}
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return refuse("22023", "option %q in the startup packet has no value", w)
		}
		into[strings.ReplaceAll(name, "-", "_")] = strings.ReplaceAll(value, "\x00", " ")
	}
	return nil
}

// begin remembers the values at the start of a block.
func (s *settings) begin() { s.before, s.after = slices.Clone(s.now), slices.Clone(s.now) }

// end goes back to what holds after the block.
func (s *settings) end(commit bool) {
	if commit && s.after != nil {
		s.now = s.after
	} else if s.before != nil {
		s.now = s.before
	}
	s.before, s.after = nil, nil
	for _, name := range []string{"transaction_isolation", "transaction_read_only"} {
		i := s.at(name)
		s.now[i] = s.get("default_" + name)
	}
}

// set changes a value; local ones end with the block.
func (s *settings) set(i int, value string, local bool) {
	s.now[i] = value
	if s.after != nil && !local {
		s.after[i] = value
	}
}

// changed tells the client of reported settings that differ from old.
func (x *session) changed(old []string) {
	for i, e := range x.settings.list {
		if e.report && x.settings.now[i] != old[i] {
			x.out.send(&pgproto3.ParameterStatus{Name: e.name, Value: x.settings.now[i]})
		}
	}
}

// schemas is search_path as a list, without the user's own schema, which
// nobody has, and the catalog's, which is always searched.
func (s *settings) schemas() []string { return pathNames(s.get("search_path")) }

func pathNames(path string) []string {
	var out []string
	for _, name := range splitNames(path) {
		if name != "$user" && name != "pg_catalog" && name != "" {
			out = append(out, name)
		}
	}
	return out
}

// schema is where unqualified names are looked up.
func (s *settings) schema() string {
	if list := s.schemas(); len(list) > 0 {
		return list[0]
	}
	return ""
}

// splitNames reads a list of identifiers: words in lower case, or quoted.
func splitNames(text string) (out []string) {
	for len(text) > 0 {
		text = strings.TrimLeft(text, " \t\n,")
		if strings.HasPrefix(text, `"`) {
			name, rest, _ := strings.Cut(text[1:], `"`)
			out, text = append(out, name), rest
			continue
		}
		end := strings.IndexAny(text, ", \t\n")
		if end < 0 {
			end = len(text)
		}
		if end > 0 {
			out = append(out, strings.ToLower(text[:end]))
		}
		text = text[end:]
	}
	return out
}
