package duck

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Refusals of this package. What the engine itself says is an [Error].
var (
	Closed = fault.Define("duck.closed", fault.Unavailable, "the SQL engine is shut down")
	Busy   = fault.Define("duck.busy", fault.Unavailable, "%d SQL statements are open, which is the limit: close some or try again later")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{Closed, Busy}

// Class is the engine's class of an error.
type Class string

// The classes that callers tell apart; the engine has more.
const (
	Parser         Class = "Parser"
	Binder         Class = "Binder"
	Catalog        Class = "Catalog"
	Conversion     Class = "Conversion"
	OutOfRange     Class = "Out of Range"
	InvalidInput   Class = "Invalid Input"
	OutOfMemory    Class = "Out of Memory"
	Permission     Class = "Permission"
	IO             Class = "IO"
	Interrupt      Class = "INTERRUPT"
	NotImplemented Class = "Not implemented"
	Internal       Class = "INTERNAL"
)

// Error is what the engine said. Its message may hold local paths and is not
// for clients: the caller makes a fault of it.
type Error struct {
	Class      Class
	Subtype    string // "COLUMN_NOT_FOUND", "MISSING_ENTRY", "SYNTAX_ERROR" or empty
	Message    string
	Name       string // of what was not found
	Kind       string // of what was not found: "Table", "Scalar Function"
	Candidates string
	Position   int // byte offset in the statement's text, -1 when unknown
}

func (e *Error) Error() string { return string(e.Class) + ": " + e.Message }

// parseError reads the engine's message: JSON, sometimes behind the class.
func parseError(text string) *Error {
	e := &Error{Class: Internal, Message: text, Position: -1}
	i := strings.IndexByte(text, '{')
	var doc struct {
		Type       string `json:"exception_type"`
		Message    string `json:"exception_message"`
		Subtype    string `json:"error_subtype"`
		Position   string `json:"position"`
		Name       string `json:"name"`
		Kind       string `json:"type"`
		Candidates string `json:"candidates"`
	}
	if i < 0 || json.Unmarshal([]byte(text[i:]), &doc) != nil || doc.Type == "" {
		if class, msg, ok := strings.Cut(text, " Error: "); ok && len(class) < 30 {
			e.Class, e.Message = Class(class), msg
		}
		return e
	}
	e.Class, e.Message, e.Subtype = Class(doc.Type), doc.Message, doc.Subtype
	e.Name, e.Kind, e.Candidates = doc.Name, doc.Kind, doc.Candidates
	if n, err := strconv.Atoi(doc.Position); err == nil {
		e.Position = n
	}
	return e
}
