package policy

import (
	"strings"
	"unicode/utf8"
)

// A pattern is text with * (any run of characters), ? (one character) and, in
// policies of version 2012-10-17, variables such as ${aws:username}. It is kept
// as parts, so that what a variable brings in is never read as a wildcard.
type pattern []part

type part struct {
	kind  partKind
	text  string // literal text, or a variable's key in lower case
	other string // a variable's default
	has   bool   // whether it has one
}

type partKind uint8

const (
	literal partKind = iota
	star
	one
	variable
)

// compile reads a pattern. Without wild, * and ? are themselves.
func compile(s string, wild, variables bool) pattern {
	var p pattern
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			p = append(p, part{kind: literal, text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case wild && c == '*':
			flush()
			if len(p) == 0 || p[len(p)-1].kind != star {
				p = append(p, part{kind: star})
			}
		case wild && c == '?':
			flush()
			p = append(p, part{kind: one})
		case variables && strings.HasPrefix(s[i:], "${") && strings.IndexByte(s[i:], '}') > 0:
			end := i + strings.IndexByte(s[i:], '}')
			v := readVariable(s[i+2 : end])
			if v.kind == literal {
				text.WriteString(v.text)
			} else {
				flush()
				p = append(p, v)
			}
			i = end
		default:
			text.WriteByte(c)
		}
	}
	flush()
	return p
}

// readVariable reads the inside of ${...}: a key, a key with a default in
// quotes, or one of the characters that need hiding: *, ? and $.
func readVariable(s string) part {
	if s == "*" || s == "?" || s == "$" {
		return part{kind: literal, text: s}
	}
	key, rest, has := strings.Cut(s, ",")
	p := part{kind: variable, text: strings.ToLower(strings.TrimSpace(key))}
	if has {
		p.has, p.other = true, strings.Trim(strings.TrimSpace(rest), "'")
	}
	return p
}

// fill puts the context's values in place of variables. ok is false when one
// has no single value and no default: the pattern then matches nothing.
func (p pattern) fill(context map[string][]string) (filled pattern, ok bool) {
	for i, v := range p {
		if v.kind != variable {
			continue
		}
		if filled == nil {
			filled = append(pattern{}, p...)
		}
		text := v.other
		if values := context[v.text]; len(values) == 1 {
			text = values[0]
		} else if !v.has {
			return nil, false
		}
		filled[i] = part{kind: literal, text: text}
	}
	if filled == nil {
		return p, true
	}
	return filled, true
}

// match compares all of s. It goes back only to the last star, which is enough,
// so its time is bounded by the product of the lengths.
func (p pattern) match(s string) bool {
	i, at := 0, 0            // where we are in p and in s
	lastStar, taken := -1, 0 // the last star, and to where in s it has taken
	for i < len(p) || at < len(s) {
		if i < len(p) {
			switch v := p[i]; v.kind {
			case star:
				lastStar, taken = i, at
				i++
				continue
			case one:
				if at < len(s) {
					at += runeLen(s[at:])
					i++
					continue
				}
			default:
				if strings.HasPrefix(s[at:], v.text) {
					at += len(v.text)
					i++
					continue
				}
			}
		}
		if lastStar < 0 || taken >= len(s) {
			return false
		}
		taken += runeLen(s[taken:]) // the star takes one character more
		i, at = lastStar+1, taken
	}
	return true
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// lower is p for comparing with text in lower case.
func (p pattern) lower() pattern {
	out := make(pattern, len(p))
	for i, v := range p {
		v.text = strings.ToLower(v.text)
		out[i] = v
	}
	return out
}

// action is a pattern of a service's operations: "s3:Get*", or "*".
type action struct{ name pattern }

func (a *action) match(s string) bool { return a.name.match(strings.ToLower(s)) }

// arn is a pattern of resources. The six parts of an ARN are compared one by
// one, so that a wildcard or a variable does not reach over a colon into the
// next part; the last part may hold colons itself.
type arn struct {
	parts []pattern // six, or one for "*" and what is no ARN
}

func compileARN(s string, variables bool) arn {
	var a arn
	for _, part := range splitARN(s) {
		a.parts = append(a.parts, compile(part, true, variables))
	}
	return a
}

func splitARN(s string) []string {
	if parts := strings.SplitN(s, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		return parts
	}
	return []string{s}
}

func (a *arn) match(s string, context map[string][]string) bool {
	if len(a.parts) == 1 {
		p, ok := a.parts[0].fill(context)
		return ok && p.match(s)
	}
	rest := s
	for i, p := range a.parts {
		head := rest
		if i < len(a.parts)-1 {
			var found bool
			if head, rest, found = strings.Cut(rest, ":"); !found {
				return false
			}
		}
		p, ok := p.fill(context)
		if !ok || !p.match(head) {
			return false
		}
	}
	return true
}
