package shell

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// statement is one SQL statement without its semicolon.
type statement struct {
	text string
	line int // line of its first word, from 1
}

// splitter cuts text that comes line by line into statements at semicolons
// that stand outside of quotes and comments. It looks at every byte once.
type splitter struct {
	buf     strings.Builder
	started bool   // a word has been seen since the last semicolon
	line    int    // lines taken until now
	first   int    // line of the statement's first word
	quote   byte   // ' " or 0
	escapes bool   // inside E'...': a backslash takes the next character along
	dollar  string // "$tag$" while inside such a string
	nested  int    // depth of block comments
}

// open says whether a statement, a quote or a comment has been begun.
func (s *splitter) open() bool { return s.started || s.nested > 0 }

// reset forgets what has been begun.
func (s *splitter) reset() { *s = splitter{line: s.line} }

// rest ends the text: what stands after the last semicolon.
func (s *splitter) rest() (statement, bool) {
	st := statement{strings.TrimSpace(s.buf.String()), s.first}
	ok := s.started
	s.reset()
	return st, ok
}

// add takes a line without its line end and returns the statements it ends.
func (s *splitter) add(line string) (done []statement) {
	s.line++
	for i := 0; i < len(line); {
		n := s.step(line, i)
		if n == 0 { // a semicolon
			if s.started {
				done = append(done, statement{strings.TrimSpace(s.buf.String()), s.first})
			}
			s.buf.Reset()
			s.started = false
			i++
			continue
		}
		s.buf.WriteString(line[i : i+n])
		i += n
	}
	s.buf.WriteByte('\n')
	return done
}

// step returns how many bytes at i belong together, 0 for a semicolon that
// ends the statement.
func (s *splitter) step(line string, i int) int {
	at := line[i:]
	switch {
	case s.quote != 0:
		return s.inQuote(at)
	case s.dollar != "":
		if strings.HasPrefix(at, s.dollar) {
			n := len(s.dollar)
			s.dollar = ""
			return n
		}
		return 1
	case strings.HasPrefix(at, "/*"):
		s.nested++
		return 2
	case s.nested > 0:
		if strings.HasPrefix(at, "*/") {
			s.nested--
			return 2
		}
		return 1
	case strings.HasPrefix(at, "--"):
		return len(at)
	case at[0] == ';':
		return 0
	case at[0] == ' ' || at[0] == '\t' || at[0] == '\r':
		return 1
	}
	if !s.started {
		s.started, s.first = true, s.line
	}
	switch {
	case at[0] == '\'' || at[0] == '"':
		s.quote = at[0]
		s.escapes = at[0] == '\'' && i > 0 && (line[i-1] == 'e' || line[i-1] == 'E') && (i == 1 || !wordAt(line[:i-1]))
	case at[0] == '$' && !wordAt(line[:i]):
		if tag := dollarTag(at); tag != "" {
			s.dollar = tag
			return len(tag)
		}
	}
	return 1
}

func (s *splitter) inQuote(at string) int {
	switch {
	case s.escapes && at[0] == '\\' && len(at) > 1:
		return 2
	case at[0] == s.quote:
		s.quote = 0 // a doubled quote opens the string again at the next step
	}
	return 1
}

// wordAt says whether text ends in a character of a name.
func wordAt(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}

// dollarTag returns the "$tag$" that text begins with, or "".
func dollarTag(text string) string {
	end := strings.IndexByte(text[1:], '$')
	if end < 0 {
		return ""
	}
	for i, r := range text[1 : 1+end] {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return ""
		}
	}
	return text[:end+2]
}
