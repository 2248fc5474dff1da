package postgres

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// own is a statement about the session itself, answered here.
type own struct {
	tag     string
	ends    bool // may run in a failed block
	columns []query.Column
	source  *piece     // the query inside of COPY and DECLARE
	inner   *statement // the same, prepared
	// run answers and returns the tag, or "" when rows are left.
	run func(x *session, p *portal, limit int64) (string, error)
}

// ownStatement returns what the session answers itself, or nil.
func (x *session) ownStatement(p *piece) (*own, error) {
	if !ownWords[p.word(0)] {
		return nil, nil
	}
	st, err := dialect.Parse(p.text, dialect.Warehouse)
	if err != nil {
		return nil, err
	}
	switch st := st.(type) {
	case *dialect.Transaction:
		return x.transaction(st, p.is("SET SESSION"))
	case *dialect.Set:
		return x.set(st)
	case *dialect.Reset:
		return x.reset(st)
	case *dialect.ShowVariable:
		return x.show(st)
	case *dialect.Discard:
		return x.discard(st)
	case *dialect.Deallocate:
		return x.deallocate(st)
	case *dialect.DeclareCursor:
		return x.declare(p, st)
	case *dialect.Fetch:
		return x.fetch(st)
	case *dialect.CloseCursor:
		return x.closeCursor(st)
	case *dialect.Copy:
		return x.copyOut(p, st)
	case *dialect.Prepare, *dialect.Execute:
		return nil, notServed("the " + st.Tag() + " statement").with("Prepare statements with the extended protocol, as drivers do.")
	}
	return nil, nil
}

// ownWords begin the statements that ownStatement looks at.
var ownWords = map[string]bool{
	"BEGIN": true, "START": true, "COMMIT": true, "END": true, "ROLLBACK": true, "ABORT": true,
	"SAVEPOINT": true, "RELEASE": true, "SET": true, "RESET": true, "SHOW": true, "DISCARD": true,
	"DEALLOCATE": true, "DECLARE": true, "FETCH": true, "MOVE": true, "CLOSE": true, "COPY": true,
	"PREPARE": true, "EXECUTE": true,
}

// performOwn runs one.
func (x *session) performOwn(p *portal, limit int64) (string, error) {
	if err := x.mayParse(p.st); err != nil {
		return "", err
	}
	return p.st.own.run(x, p, limit)
}

// simply makes a statement without rows.
func simply(tag string, run func(x *session) error) *own {
	return &own{tag: tag, run: func(x *session, _ *portal, _ int64) (string, error) { return tag, run(x) }}
}

func text(name string) query.Column {
	return query.Column{Name: name, Type: "text", Arrow: arrow.BinaryTypes.String, Nullable: true}
}

// table makes a statement whose rows are computed when it runs.
func table(tag string, columns []string, rows func(x *session) ([][]any, error)) *own {
	o := &own{tag: tag}
	for _, c := range columns {
		o.columns = append(o.columns, text(c))
	}
	o.run = func(x *session, p *portal, limit int64) (string, error) {
		if p.rows == nil {
			list, err := rows(x)
			if err != nil {
				return "", err
			}
			if p.rows, err = query.StaticRows(query.KindUtility, tag, o.columns, list); err != nil {
				return "", err
			}
			p.open = p.st.kinds
		}
		n, err := p.stream(x, limit, p.formats, dataRow)
		if err != nil || limit > 0 && n == limit {
			return "", err
		}
		return tag, nil
	}
	return o
}

func (x *session) show(st *dialect.ShowVariable) (*own, error) {
	if st.Name == "all" {
		return table("SHOW", []string{"name", "setting", "description"}, func(x *session) (out [][]any, _ error) {
			for i, e := range x.settings.list {
				out = append(out, []any{e.name, x.settings.now[i], e.about})
			}
			return out, nil
		}), nil
	}
	if st.Name == "session_authorization" {
		return table("SHOW", []string{st.Name}, func(x *session) ([][]any, error) { return [][]any{{x.user}}, nil }), nil
	}
	i := x.settings.at(st.Name)
	if i < 0 {
		return nil, unknownSetting(st.Name)
	}
	return table("SHOW", []string{x.settings.list[i].name}, func(x *session) ([][]any, error) {
		return [][]any{{x.settings.now[i]}}, nil
	}), nil
}

func (x *session) set(st *dialect.Set) (*own, error) {
	if st.Default {
		return x.reset(&dialect.Reset{Name: st.Name})
	}
	value := strings.Join(st.Values, ", ")
	if st.Name == "search_path" {
		for i, v := range st.Values {
			st.Values[i] = quoteIdentifier(v)
		}
		value = strings.Join(st.Values, ", ")
	}
	i, kept, refused := x.settings.check(st.Name, value)
	if refused != nil {
		return nil, refused
	}
	return simply("SET", func(x *session) error {
		if st.Local && x.status != inBlock {
			x.warn("25P01", "SET LOCAL can only be used in transaction blocks")
			return nil
		}
		return x.assign(i, kept, st.Local)
	}), nil
}

// assign changes a setting and tells the client where it wants to know.
func (x *session) assign(i int, value string, local bool) error {
	old := append([]string(nil), x.settings.now...)
	x.settings.set(i, value, local)
	if x.settings.list[i].name == "transaction_read_only" {
		x.readOnly = value == "on"
	}
	x.changed(old)
	return nil
}

func quoteIdentifier(name string) string {
	for i, c := range name {
		if !(c == '_' || c >= 'a' && c <= 'z' || i > 0 && c >= '0' && c <= '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}

func (x *session) reset(st *dialect.Reset) (*own, error) {
	if st.Name == "all" {
		return simply("RESET", func(x *session) error { x.resetAll(); return nil }), nil
	}
	i := x.settings.at(st.Name)
	switch {
	case st.Name == "session_authorization":
		return simply("RESET", func(*session) error { return nil }), nil
	case i < 0:
		return nil, unknownSetting(st.Name)
	case x.settings.list[i].fixed:
		return nil, refuse("55P02", "parameter %q cannot be changed", x.settings.list[i].name)
	}
	return simply("RESET", func(x *session) error { return x.assign(i, x.settings.initial[i], false) }), nil
}

func (x *session) resetAll() {
	old := append([]string(nil), x.settings.now...)
	for i, v := range x.settings.initial {
		x.settings.set(i, v, false)
	}
	x.changed(old)
}

// discard is DISCARD ALL, which a pool sends before it hands a session on, or
// a part of it.
func (x *session) discard(st *dialect.Discard) (*own, error) {
	tag := st.Tag()
	if st.What != "ALL" {
		return simply(tag, func(*session) error { return nil }), nil // nothing of the kind is kept
	}
	return simply(tag, func(x *session) error {
		if x.status != idle {
			return refuse("25001", "DISCARD ALL cannot run inside a transaction block")
		}
		x.closePortals(true)
		x.dropStatements()
		x.resetAll()
		return nil
	}), nil
}

func (x *session) dropStatements() {
	for name := range x.statements {
		x.dropStatement(name)
	}
}

func (x *session) deallocate(st *dialect.Deallocate) (*own, error) {
	if st.Name == "" {
		return simply("DEALLOCATE ALL", func(x *session) error { x.dropStatements(); return nil }), nil
	}
	return simply("DEALLOCATE", func(x *session) error {
		if !x.dropStatement(st.Name) {
			return noStatement(st.Name)
		}
		return nil
	}), nil
}

// warn sends a warning that client_min_messages lets through.
func (x *session) warn(code, format string, args ...any) {
	if x.settings.get("client_min_messages") != "error" {
		x.out.send(notice("WARNING", code, format, args...))
	}
}

// transaction answers BEGIN and its like. Statements that write commit by
// themselves, so a block only says which reads belong together: they see what
// is committed when each of them starts.
func (x *session) transaction(st *dialect.Transaction, forSession bool) (*own, error) {
	level := strings.ToLower(st.Isolation)
	if _, ok := isolation(level); level != "" && !ok {
		return nil, notServed(fmt.Sprintf("isolation level %q", level)).with("Use READ COMMITTED: each statement sees what is committed when it starts.")
	}
	o := simply(st.Tag(), func(x *session) error { return x.changeState(st, forSession) })
	switch st.Verb {
	case dialect.Commit, dialect.Rollback, dialect.RollbackTo:
		o.ends = true
	}
	if st.Verb == dialect.Commit {
		o.run = func(x *session, _ *portal, _ int64) (string, error) { return x.commit(), nil }
	}
	return o, nil
}

// commit ends a block; a failed one is rolled back, and the tag says so.
func (x *session) commit() string {
	tag := "COMMIT"
	switch x.status {
	case idle:
		x.warn("25P01", "there is no transaction in progress")
	case failed:
		tag = "ROLLBACK"
	}
	x.endBlock(x.status == inBlock)
	return tag
}

func (x *session) endBlock(commit bool) {
	if x.status == idle {
		return
	}
	old := append([]string(nil), x.settings.now...)
	x.settings.end(commit)
	x.changed(old)
	x.status, x.readOnly, x.savepoints = idle, false, nil
	x.endCursors(commit)
}

func (x *session) changeState(st *dialect.Transaction, forSession bool) error {
	switch st.Verb {
	case dialect.Begin, dialect.Start:
		return x.begin(st)
	case dialect.Rollback:
		if x.status == idle {
			x.warn("25P01", "there is no transaction in progress")
		}
		x.endBlock(false)
		return nil
	case dialect.SetChars:
		return x.characteristics(st, forSession)
	}
	return x.savepoint(st)
}

func (x *session) begin(st *dialect.Transaction) error {
	if x.status != idle {
		x.warn("25001", "there is already a transaction in progress")
		return nil
	}
	x.status = inBlock
	x.settings.begin()
	x.readOnly = !st.ReadWrite && (st.ReadOnly || x.settings.boolean("default_transaction_read_only"))
	if x.readOnly {
		x.settings.set(x.settings.at("transaction_read_only"), "on", true)
	}
	return nil
}

// characteristics sets what holds for the block, or for the session's next ones.
func (x *session) characteristics(st *dialect.Transaction, forSession bool) error {
	if x.status == idle && !forSession {
		x.warn("25P01", "SET TRANSACTION can only be used in transaction blocks")
		return nil
	}
	value := "off"
	if st.ReadOnly {
		value = "on"
	}
	switch {
	case !st.ReadOnly && !st.ReadWrite:
		return nil
	case forSession:
		return x.assign(x.settings.at("default_transaction_read_only"), value, false)
	}
	return x.assign(x.settings.at("transaction_read_only"), value, true)
}

// savepoint keeps the names: since nothing is written inside a block, going
// back to one only makes a failed block usable again.
func (x *session) savepoint(st *dialect.Transaction) error {
	if x.status == idle {
		return refuse("25P01", "%s can only be used in transaction blocks", st.Verb)
	}
	if st.Verb == dialect.Savepoint {
		if len(x.savepoints) >= portalsMax {
			return refuse("53400", "a transaction may have %d savepoints", portalsMax).with("RELEASE those that are not needed.")
		}
		x.savepoints = append(x.savepoints, st.Name)
		return nil
	}
	for i := len(x.savepoints) - 1; i >= 0; i-- {
		if x.savepoints[i] != st.Name {
			continue
		}
		if st.Verb == dialect.Release {
			x.savepoints = x.savepoints[:i]
			return nil
		}
		x.savepoints = x.savepoints[:i+1]
		x.status = inBlock
		return nil
	}
	return refuse("3B001", "savepoint %q does not exist", st.Name)
}
