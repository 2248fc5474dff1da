package syscat

import (
	"context"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Refusals of this package.
var (
	NoRelation = fault.Define("syscat.no_relation", fault.NotFound, "relation %q does not exist")
	NoType     = fault.Define("syscat.no_type", fault.Invalid, "type %q does not exist")
	NoSchema   = fault.Define("syscat.no_schema", fault.NotFound, "schema %q does not exist")
	NoSetting  = fault.Define("syscat.no_setting", fault.Invalid, "unrecognized configuration parameter %q")
	NotServed  = fault.Define("syscat.not_served", fault.Unsupported, "%s is not supported")
	TooDeep    = fault.Define("syscat.too_deep", fault.Limit, "the statement nests brackets or catalog functions too deep: split it")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{NoRelation, NoType, NoSchema, NoSetting, NotServed, TooDeep}

// Edit replaces the bytes from Start to End of a text.
type Edit struct {
	Start, End int
	Text       string
}

// Expand writes out what a statement of the warehouse dialect asks of the
// catalog or the session: functions such as format_type and current_schema
// become sub-queries of this package's relations or literals, casts to regclass
// and its like become numbers or names, and "pg_catalog." before functions,
// types, operators and collations goes. Columns of a SELECT that have no name get
// the one that the warehouse gives them. declared returns the type that the
// client gave a parameter, or "". The edits are in order and do not overlap.
func (s *Service) Expand(ctx context.Context, text string, tokens []dialect.Token, declared func(dialect.Token) string) ([]Edit, error) {
	e := &expander{ctx: ctx, service: s, text: text, toks: tokens, declared: declared, session: FromContext(ctx), functions: functions(), casting: -1}
	e.match()
	e.title()
	var edits []Edit
	if e.err != nil {
		return nil, e.err
	}
	for i := 0; i < len(tokens); {
		out, next := e.rule(i)
		if e.err != nil {
			return nil, e.err
		}
		if next > i {
			edits = append(edits, Edit{tokens[i].Start, tokens[next-1].End, out + e.titles[next-1]})
			i = next
			continue
		}
		if t := e.titles[i]; t != "" {
			edits = append(edits, Edit{tokens[i].End, tokens[i].End, t})
		}
		i++
	}
	return edits, nil
}

type expander struct {
	ctx       context.Context
	service   *Service
	session   *Session
	text      string
	toks      []dialect.Token
	closing   []int // the index of the bracket that closes the one at i, or -1
	declared  func(dialect.Token) string
	functions map[string]function
	titles    map[int]string // what is written after a token: the name of a column
	casting   int            // the token whose cast is being expanded, or -1
	depth     int
	steps     int
	err       error
}

// step counts the work of looking ahead and says whether there may be more.
func (e *expander) step() bool {
	if e.steps++; e.steps > stepsMax && e.err == nil {
		e.err = TooDeep.New()
	}
	return e.err == nil
}

// Bounds of an expansion: of its recursion, of the text that one function may
// become, and of the tokens looked at, some of them more than once.
const (
	depthMax = 300
	textMax  = 1 << 20
	stepsMax = 10_000_000
)

// match finds the pairs of brackets.
func (e *expander) match() {
	e.closing = make([]int, len(e.toks))
	var open []int
	for i, t := range e.toks {
		e.closing[i] = -1
		switch {
		case t.Is("("):
			open = append(open, i)
		case t.Is(")") && len(open) > 0:
			e.closing[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
}

func (e *expander) at(i int) dialect.Token {
	if i < 0 || i >= len(e.toks) {
		return dialect.Token{}
	}
	return e.toks[i]
}

func (e *expander) isWord(i int, word string) bool {
	t := e.at(i)
	return t.Kind == dialect.Word && t.Value == word || t.Kind == dialect.Quoted && t.Value == strings.ToLower(word)
}

// span writes the tokens from i to j with everything expanded.
func (e *expander) span(i, j int) string {
	if e.depth++; e.depth > depthMax && e.err == nil {
		e.err = TooDeep.New()
	}
	defer func() { e.depth-- }()
	var b strings.Builder
	last := -1
	for i < j && e.err == nil {
		if last >= 0 {
			b.WriteString(e.text[last:e.toks[i].Start])
		}
		out, next := e.rule(i)
		if next > i {
			b.WriteString(out)
			i = next
		} else {
			b.WriteString(e.toks[i].Text)
			i++
		}
		if i < j { // after the last one it is the caller's to write
			b.WriteString(e.titles[i-1])
		}
		last = e.toks[i-1].End
	}
	return b.String()
}

// rule returns what replaces the tokens from i on and the token after them; i
// itself when nothing is replaced.
func (e *expander) rule(i int) (string, int) {
	t := e.toks[i]
	switch t.Kind {
	case dialect.Parameter:
		if kind := e.declared(t); kind != "" && !e.at(i+1).Is("::") {
			return "(" + t.Text + "::" + kind + ")", i + 1
		}
		return e.cast(i, i+1)
	case dialect.String:
		return e.literalCast(i)
	case dialect.Word, dialect.Quoted:
		if e.at(i - 1).Is(".") {
			return "", i
		}
		return e.word(i)
	}
	if t.Is("(") && e.closing[i] > 0 {
		return e.cast(i, e.closing[i]+1)
	}
	return "", i
}

// word expands what begins with a word.
func (e *expander) word(i int) (string, int) {
	switch {
	case e.isWord(i, "OPERATOR") && e.at(i+1).Is("(") && e.isWord(i+2, "PG_CATALOG") && e.at(i+3).Is(".") && e.closing[i+1] == i+5:
		return e.toks[i+4].Text, i + 6
	case e.isWord(i, "COLLATE"):
		return e.collate(i)
	case e.isWord(i, "CAST") && e.at(i+1).Is("("):
		if out, next := e.castFunction(i); next > i {
			return out, next
		}
	}
	if e.isWord(i, "PG_CATALOG") && e.at(i+1).Is(".") {
		return e.qualified(i)
	}
	if e.isWord(i, "INFORMATION_SCHEMA") && e.isWord(i+2, "_PG_EXPANDARRAY") {
		return e.call(i, i+2)
	}
	if e.toks[i].Kind == dialect.Word && !e.at(i+1).Is("(") {
		if out, ok := e.value(i); ok {
			return out, i + 1
		}
	}
	if out, next := e.call(i, i); next > i {
		return out, next
	}
	if out, next := e.rowAlias(i, i); next > i {
		return out, next
	}
	return e.cast(i, e.operand(i))
}

// rowAlias names the column of a function in FROM as its alias, which is what
// the warehouse does: generate_series(1, 3) s becomes generate_series(1, 3) s(s).
// The function's name is at name; i is where its schema may stand.
func (e *expander) rowAlias(i, name int) (string, int) {
	in := e.isWord(i-1, "FROM") || e.isWord(i-1, "JOIN") || e.at(i-1).Is(",")
	if !in || !e.isWord(name, "GENERATE_SERIES") || !e.at(name+1).Is("(") || e.closing[name+1] < 0 {
		return "", i
	}
	at := e.closing[name+1] + 1
	if e.isWord(at, "AS") {
		at++
	}
	alias := e.at(at)
	if alias.Kind != dialect.Word && alias.Kind != dialect.Quoted || e.at(at+1).Is("(") || clauseWords[alias.Value] && alias.Kind == dialect.Word {
		return "", i
	}
	return e.toks[name].Text + e.span(name+1, at) + " " + alias.Text + "(" + alias.Text + ")", at + 1
}

// clauseWords follow a table without being its alias.
var clauseWords = map[string]bool{
	"WHERE": true, "JOIN": true, "LEFT": true, "RIGHT": true, "FULL": true, "INNER": true, "CROSS": true, "ON": true, "ORDER": true,
	"GROUP": true, "LIMIT": true, "OFFSET": true, "UNION": true, "EXCEPT": true, "INTERSECT": true, "HAVING": true, "WINDOW": true,
	"NATURAL": true, "USING": true, "FETCH": true, "WITH": true, "TABLESAMPLE": true,
}

// qualified expands pg_catalog.x: a call, a relation that stays, or a type.
func (e *expander) qualified(i int) (string, int) {
	if out, next := e.rowAlias(i, i+2); next > i {
		return out, next
	}
	if out, next := e.call(i, i+2); next > i {
		return out, next
	}
	if out, next := e.cast(i, e.operand(i)); next > i {
		return out, next
	}
	name := strings.ToLower(e.at(i + 2).Value)
	if e.service.relations["pg_catalog."+name] != nil && !e.at(i-1).Is("::") {
		return "", i
	}
	if e.at(i+2).Is("*") || e.at(i+3).Is(".") { // a column of a relation
		return "", i
	}
	return e.at(i + 2).Text, i + 3
}

// collate drops the collations that say what is so anyway: order by bytes.
func (e *expander) collate(i int) (string, int) {
	at := i + 1
	if e.isWord(at, "PG_CATALOG") && e.at(at+1).Is(".") {
		at += 2
	}
	switch strings.ToLower(e.at(at).Value) {
	case "default", "c", "posix", "ucs_basic":
		return "", at + 1
	}
	return "", i
}

// operand returns the index after the primary expression that begins at i: a
// name, or a call.
func (e *expander) operand(i int) int {
	for e.at(i+1).Is(".") && (e.at(i+2).Kind == dialect.Word || e.at(i+2).Kind == dialect.Quoted) {
		i += 2
	}
	if e.at(i+1).Is("(") && e.closing[i+1] > 0 {
		return e.closing[i+1] + 1
	}
	return i + 1
}

// castType reads [pg_catalog.]regclass at i and returns the type's name in
// lower case and the index after it, or "".
func (e *expander) castType(i int) (string, int) {
	if e.isWord(i, "PG_CATALOG") && e.at(i+1).Is(".") {
		i += 2
	}
	if e.at(i + 1).Is("[") { // an array of them
		return "", i
	}
	switch name := strings.ToLower(e.at(i).Value); name {
	case "regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regrole":
		return name, i + 1
	}
	return "", i
}

// cast expands expression::regclass, where the expression is the tokens from i
// to j: the name of what has the number.
func (e *expander) cast(i, j int) (string, int) {
	if i == e.casting || !e.at(j).Is("::") {
		return "", i
	}
	kind, next := e.castType(j + 1)
	if kind == "" {
		return "", i
	}
	outer := e.casting
	e.casting = i // its operand begins at the same token
	operand := e.span(i, j)
	e.casting = outer
	if e.isText(i) {
		return e.lookup(kind, operand), next
	}
	return e.named(kind, operand), next
}

// castFunction expands CAST(expression AS regclass).
func (e *expander) castFunction(i int) (string, int) {
	end := e.closing[i+1]
	if end < 0 {
		return "", i
	}
	for at := end - 1; at > i+2 && at >= end-4; at-- {
		if !e.isWord(at, "AS") {
			continue
		}
		kind, next := e.castType(at + 1)
		if kind == "" || next != end {
			return "", i
		}
		if at == i+3 && e.toks[i+2].Kind == dialect.String {
			return e.constant(kind, e.toks[i+2].Value), end + 1
		}
		if e.isText(i + 2) {
			return e.lookup(kind, e.span(i+2, at)), end + 1
		}
		return e.named(kind, e.span(i+2, at)), end + 1
	}
	return "", i
}

// isText says whether the operand that begins at i is a parameter that holds a
// name and not a number.
func (e *expander) isText(i int) bool {
	for e.at(i).Is("(") {
		i++
	}
	t := e.at(i)
	if t.Kind != dialect.Parameter {
		return false
	}
	kind := e.declared(t)
	if e.at(i + 1).Is("::") {
		kind = strings.ToLower(e.at(i + 2).Value)
	}
	switch kind {
	case "bigint", "integer", "smallint", "oid", "int", "int2", "int4", "int8":
		return false
	}
	return true
}

// lookup is the number of what a text names, found when the statement runs;
// null when there is no such thing.
func (e *expander) lookup(kind, text string) string {
	text = "CAST((" + text + ") AS varchar)"
	switch kind {
	case "regclass":
		return "(SELECT min(br.b_oid) FROM pg_catalog.boathouse_relation br WHERE br.b_name = " + text + " OR br.b_full = " + text + ")"
	case "regtype":
		return "(SELECT min(bt.b_oid) FROM pg_catalog.boathouse_type bt WHERE bt.b_name = " + text + " OR bt.b_short = " + text + ")"
	case "regnamespace":
		return "(SELECT min(bn.b_oid) FROM pg_catalog.boathouse_schema bn WHERE bn.b_name = " + text + ")"
	case "regrole":
		return "(SELECT min(br.b_oid) FROM pg_catalog.boathouse_role br WHERE br.b_name = " + text + ")"
	}
	return "replace(" + text + ", 'pg_catalog.', '')"
}

// named is the name of the thing whose number an expression gives.
func (e *expander) named(kind, expression string) string {
	switch kind {
	case "regclass":
		return "(SELECT br.b_name FROM pg_catalog.boathouse_relation br WHERE br.b_oid = (" + expression + "))"
	case "regtype":
		return fill(e.functions["format_type"].text[1], expression)
	case "regnamespace":
		return "(SELECT bn.b_name FROM pg_catalog.boathouse_schema bn WHERE bn.b_oid = (" + expression + "))"
	case "regrole":
		return "(SELECT br.b_name FROM pg_catalog.boathouse_role br WHERE br.b_oid = (" + expression + "))"
	}
	return "CAST((" + expression + ") AS varchar)"
}

// literalCast expands 'name'::regclass: the number of what has the name.
func (e *expander) literalCast(i int) (string, int) {
	if !e.at(i + 1).Is("::") {
		return "", i
	}
	kind, next := e.castType(i + 2)
	if kind == "" {
		return e.arrayLiteral(i)
	}
	return e.constant(kind, e.toks[i].Value), next
}

// arrayLiteral expands '{a,b}'::text[] to ARRAY['a','b'], before the cast.
func (e *expander) arrayLiteral(i int) (string, int) {
	at := i + 2
	for e.at(at).Kind == dialect.Word || e.at(at).Kind == dialect.Quoted || e.at(at).Is(".") {
		at++
	}
	value := strings.TrimSpace(e.toks[i].Value)
	if at == i+2 || !e.at(at).Is("[") || !e.at(at+1).Is("]") || e.at(at+2).Is("[") || !strings.HasPrefix(value, "{") || !strings.HasSuffix(value, "}") {
		return "", i
	}
	words, ok := arrayWords(value[1 : len(value)-1])
	if !ok {
		return "", i // the engine says what is wrong
	}
	return "ARRAY[" + strings.Join(words, ", ") + "]", i + 1
}

// arrayWords reads the elements of an array's text and writes them as literals.
func arrayWords(text string) (out []string, ok bool) {
	for text = strings.TrimSpace(text); text != ""; {
		var word strings.Builder
		quoted, i := text[0] == '"', 0
		if quoted {
			i = 1
		}
		for ; i < len(text) && (quoted && text[i] != '"' || !quoted && text[i] != ','); i++ {
			if text[i] == '{' && !quoted {
				return nil, false
			}
			if text[i] == '\\' && i+1 < len(text) {
				i++
			}
			word.WriteByte(text[i])
		}
		if quoted {
			i++
		}
		literal := dialect.QuoteString(strings.TrimSpace(word.String()))
		if quoted {
			literal = dialect.QuoteString(word.String())
		} else if strings.EqualFold(strings.TrimSpace(word.String()), "null") {
			literal = "NULL"
		}
		out = append(out, literal)
		if i >= len(text) {
			return out, i == len(text)
		}
		rest := strings.TrimSpace(text[i:])
		if !strings.HasPrefix(rest, ",") {
			return nil, false
		}
		text = strings.TrimSpace(rest[1:])
	}
	return out, true
}

// constant is the number of what a text names.
func (e *expander) constant(kind, text string) string {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return text
	}
	switch kind {
	case "regproc", "regprocedure": // functions are known by name
		return dialect.QuoteString(strings.TrimPrefix(text, "pg_catalog."))
	case "regrole":
		return "(SELECT br.b_oid FROM pg_catalog.boathouse_role br WHERE br.b_name = " + dialect.QuoteString(text) + ")"
	}
	v := e.view()
	if e.err != nil {
		return ""
	}
	switch kind {
	case "regclass":
		if t := v.find(text); t != nil {
			return strconv.FormatInt(t.oid, 10)
		}
		e.err = NoRelation.New(text)
	case "regnamespace":
		for _, s := range v.schemas {
			if s.name == text {
				return strconv.FormatInt(s.oid, 10)
			}
		}
		e.err = NoSchema.New(text)
	default:
		if oid := typeByName(text); oid != 0 {
			return strconv.FormatInt(oid, 10)
		}
		e.err = NoType.New(text)
	}
	return ""
}

// view is the catalog as the statement sees it.
func (e *expander) view() *view {
	if e.err != nil {
		return nil
	}
	var v *view
	v, e.err = e.service.view(e.ctx)
	return v
}

// find looks a table up by a name such as t, s.t or "S"."T".
func (v *view) find(text string) *table {
	parts := splitName(text)
	path := v.path()
	if len(parts) > 1 {
		path = parts[len(parts)-2 : len(parts)-1]
	}
	for _, name := range path {
		for _, sc := range v.schemas {
			if sc.name != name {
				continue
			}
			for _, t := range sc.tables {
				if t.name == parts[len(parts)-1] {
					return t
				}
			}
		}
	}
	return nil
}

// splitName reads a dotted name with quotes; words are in lower case.
func splitName(text string) (parts []string) {
	for {
		var part string
		if strings.HasPrefix(text, `"`) {
			end := strings.IndexByte(text[1:], '"')
			if end < 0 {
				return append(parts, text)
			}
			part, text = text[1:end+1], text[end+2:]
		} else {
			end := strings.IndexByte(text, '.')
			if end < 0 {
				end = len(text)
			}
			part, text = strings.ToLower(text[:end]), text[end:]
		}
		parts = append(parts, part)
		if !strings.HasPrefix(text, ".") {
			return parts
		}
		text = text[1:]
	}
}

// typeByName finds a type by either of its names.
func typeByName(text string) int64 {
	name := strings.ToLower(strings.TrimPrefix(text, "pg_catalog."))
	elem, array := strings.CutSuffix(name, "[]")
	for _, t := range builtin() {
		if t.name == strings.Trim(elem, `"`) || t.shown == elem {
			if array {
				return t.array
			}
			return t.oid
		}
		if "_"+t.name == name {
			return t.array
		}
	}
	return 0
}
