package query

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// saying turns one of the engine's messages into a refusal of ours.
type saying struct {
	class   duck.Class // empty: any
	subtype string     // empty: any
	kind    string     // what was not found; empty: any
	match   string     // in the message; empty: any
	reason  *fault.Reason
	say     func(e *duck.Error) string // nil: the message itself
}

func says(format string) func(*duck.Error) string {
	return func(e *duck.Error) string { return strings.ReplaceAll(format, "%n", e.Name) }
}

// sayings are tried in order.
func sayings() []saying {
	return []saying{
		{match: tooDeep, reason: TooMuch, say: sayTooDeep},
		{match: badData, reason: BadData, say: func(e *duck.Error) string { return e.Message[strings.Index(e.Message, badData)+len(badData):] }},
		{match: "Error while reading file", reason: BadData, say: unreadableFile},
		{match: "No magic bytes", reason: BadData, say: notParquet},
		{match: "too small to be a Parquet", reason: BadData, say: notParquet},
		{match: "/tmp/pin-", class: duck.InvalidInput, reason: BadData, say: firstLine},
		{match: "CSV Error", reason: BadData, say: firstLines},
		{match: "Malformed JSON", reason: BadData},
		{class: duck.Parser, reason: Syntax},
		{subtype: "COLUMN_NOT_FOUND", reason: ColumnNotFound, say: missingColumn},
		{class: duck.Catalog, subtype: "MISSING_ENTRY", kind: "Table", reason: TableNotFound, say: says("Table '%n' does not exist")},
		{class: duck.Catalog, subtype: "MISSING_ENTRY", kind: "Type", reason: TypeMismatch, say: says("Unknown type: %n")},
		{class: duck.Catalog, subtype: "MISSING_ENTRY", reason: FunctionNotFound, say: says("Function '%n' not registered")},
		{class: duck.Binder, subtype: "NO_MATCHING_FUNCTION", reason: TypeMismatch, say: firstLine},
		{class: duck.Binder, match: "Cannot compare values", reason: TypeMismatch, say: firstLine},
		{class: duck.Binder, match: "Cannot mix values", reason: TypeMismatch, say: firstLine},
		{class: duck.Binder, match: "type mismatch", reason: TypeMismatch, say: firstLine},
		{class: duck.Binder, reason: Semantic, say: firstLine},
		{class: "Mismatch Type", reason: TypeMismatch},
		{class: duck.Conversion, reason: InvalidCast},
		{class: duck.OutOfRange, reason: OutOfRange},
		{class: duck.OutOfMemory, match: "max_temp_directory_size", reason: TempLimit, say: func(*duck.Error) string {
			return "the statement needs more temporary disk space than the server allows: make it smaller, or raise temp-max in the server's configuration"
		}},
		{class: duck.OutOfMemory, reason: MemoryLimit, say: func(*duck.Error) string {
			return "Query exhausted resources at this scale factor: the statement needs more memory than the server allows; make it smaller, or raise memory-max in the server's configuration"
		}},
		{class: duck.Permission, reason: Forbidden, say: func(*duck.Error) string {
			return "statements read tables of the catalog, not files, settings or the network"
		}},
		{class: duck.NotImplemented, reason: Unsupported},
		{class: duck.InvalidInput, match: "parameter", reason: BadParameter},
		{class: "Parameter Not Resolved", reason: BadParameter},
		{class: duck.InvalidInput, match: "utf-8", reason: BadData},
		{class: duck.InvalidInput, reason: InvalidArgument},
		{class: duck.IO, match: "No space left on device", reason: DiskFull, say: says("The server's disk is full: free space on it and run the statement again")},
		{class: duck.IO, match: "No files found", reason: Vanished, say: func(*duck.Error) string {
			return "files of the table went away while the statement was planned: run it again"
		}},
		{class: duck.Interrupt, reason: Canceled, say: says("the statement was canceled")},
	}
}

// say turns what the engine said into a refusal. local writes local paths as
// the objects that they are.
func (s source) say(e *duck.Error, at int, local func(string) string) error {
	switch e.Class {
	case duck.Parser, duck.Binder, duck.Catalog:
	default: // of rows: the place may be one in a macro
		at = -1
	}
	if msg, ok := dialect.EngineMessage(e.Message); ok { // a macro of the dialect refuses
		reason := InvalidArgument
		if strings.EqualFold(msg, "Division by zero") {
			reason = DivisionByZero
		} else if strings.HasPrefix(msg, "Cannot cast") {
			reason = InvalidCast
		}
		return s.wrap(reason, e, at, "%s", msg)
	}
	for _, x := range sayings() {
		if x.class != "" && x.class != e.Class || x.subtype != "" && x.subtype != e.Subtype ||
			x.kind != "" && x.kind != e.Kind || !strings.Contains(e.Message, x.match) {
			continue
		}
		msg := e.Message
		if x.say != nil {
			msg = x.say(e)
		}
		return s.wrap(x.reason, e, at, "%s", local(msg))
	}
	return s.wrap(Failed, e, at, "the engine failed")
}

const tooDeep = "Max expression depth limit"

func sayTooDeep(*duck.Error) string {
	return fmt.Sprintf("expressions nest more than %d deep: split the statement", duck.DepthMax)
}

func firstLine(e *duck.Error) string {
	line, _, _ := strings.Cut(e.Message, "\n")
	return line
}

// firstLines is what a CSV error says before it lists its settings.
func firstLines(e *duck.Error) string {
	msg, _, _ := strings.Cut(e.Message, "\n  file = ")
	if _, file, ok := strings.Cut(e.Message, "\n  file = "); ok {
		file, _, _ = strings.Cut(file, "\n")
		msg += " in " + strings.TrimSpace(file)
	}
	msg, _, _ = strings.Cut(msg, "Possible fixes")
	return strings.Join(strings.Fields(msg), " ")
}

func unreadableFile(e *duck.Error) string {
	msg := firstLine(e)
	return "bad data: " + strings.ReplaceAll(strings.ReplaceAll(msg, ": : ", ": "), "Error while reading file", "reading")
}

func notParquet(e *duck.Error) string {
	return "bad data: this is no Parquet file: " + pinned.FindString(e.Message)
}

func missingColumn(e *duck.Error) string {
	msg := "Column '" + e.Name + "' cannot be resolved"
	if e.Candidates != "" {
		msg += ": did you mean " + strings.ReplaceAll(e.Candidates, ",", ", ") + "?"
	}
	return msg
}

// pinned finds local paths of pinned and written files in a message, below tmp.
var pinned = regexp.MustCompile(`(?:pin|write)-[0-9a-f]{16}(?:/[^\s"']*)?`)

// local writes the local paths in a message as the objects that they are.
func (b *bound) local(msg string) string {
	if b.tmp == "" || !strings.Contains(msg, b.tmp) && !pinned.MatchString(msg) {
		return msg
	}
	msg = strings.ReplaceAll(msg, b.tmp+"/", "")
	return pinned.ReplaceAllStringFunc(msg, func(p string) string {
		if o, ok := b.objects[b.tmp+"/"+p]; ok {
			return o
		}
		return "a file"
	})
}
