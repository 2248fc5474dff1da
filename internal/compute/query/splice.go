package query

import (
	"sort"
	"strings"
)

// splices is a text with parts of it replaced.
type splices struct {
	base  string
	parts []splice
	lead  int // bytes that stand before the text where offsets are counted
}

// splice replaces base[at:end].
type splice struct {
	at, end int
	text    string
}

func (s *splices) replace(at, end int, text string) {
	s.parts = append(s.parts, splice{at, end, text})
}

// String is the text with all replacements.
func (s *splices) String() string {
	sort.SliceStable(s.parts, func(i, j int) bool { return s.parts[i].at < s.parts[j].at })
	var b strings.Builder
	last := 0
	for _, p := range s.parts {
		b.WriteString(s.base[last:p.at])
		b.WriteString(p.text)
		last = p.end
	}
	b.WriteString(s.base[last:])
	return b.String()
}

// back leads from an offset in String to one in base; a place in a replacement
// is where the replacement stands.
func (s *splices) back(offset int) int {
	offset = max(0, offset-s.lead)
	shift := 0 // how much longer the text is than base so far
	for _, p := range s.parts {
		at := p.at + shift
		if offset < at {
			break
		}
		if offset < at+len(p.text) {
			return p.at
		}
		shift += len(p.text) - (p.end - p.at)
	}
	return offset - shift
}

// nameEnd finds the end of a dotted name of n parts that starts at an offset of
// the engine's text; ok is false when there is none.
func nameEnd(text string, at, n int) (end int, ok bool) {
	for i := range n {
		if i > 0 {
			at = skipSpace(text, at)
			if at >= len(text) || text[at] != '.' {
				return 0, false
			}
			at = skipSpace(text, at+1)
		}
		if at = wordEnd(text, at); at < 0 {
			return 0, false
		}
	}
	return at, true
}

// wordEnd is the end of the identifier, quoted identifier or string at an
// offset (a table may be named by a string); -1 when there is none.
func wordEnd(text string, at int) int {
	if at < 0 || at >= len(text) {
		return -1
	}
	if q := text[at]; q == '"' || q == '\'' {
		for i := at + 1; i < len(text); i++ {
			if text[i] != q {
				continue
			}
			if i+1 < len(text) && text[i+1] == q {
				i++
				continue
			}
			return i + 1
		}
		return -1
	}
	end := at
	for end < len(text) && isWord(text[end]) {
		end++
	}
	if end == at {
		return -1
	}
	return end
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// skipSpace passes white space and comments.
func skipSpace(text string, at int) int {
	for at < len(text) {
		switch {
		case strings.IndexByte(" \t\r\n\f\v", text[at]) >= 0:
			at++
		case strings.HasPrefix(text[at:], "--"):
			n := strings.IndexByte(text[at:], '\n')
			if n < 0 {
				return len(text)
			}
			at += n + 1
		case strings.HasPrefix(text[at:], "/*"):
			n := strings.Index(text[at:], "*/")
			if n < 0 {
				return len(text)
			}
			at += n + 2
		default:
			return at
		}
	}
	return at
}

// unquote is the name that a word of the text stands for.
func unquote(word string) string {
	if len(word) >= 2 && (word[0] == '"' || word[0] == '\'') {
		q := word[:1]
		return strings.ReplaceAll(word[1:len(word)-1], q+q, q)
	}
	return word
}
