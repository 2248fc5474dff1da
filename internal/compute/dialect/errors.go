package dialect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// The refusals of this package. Their messages start with the place
// ("line 1:8: ...") in the lake dialect; [PositionOf] gives it for both.
var (
	// Syntax is text that no statement of the dialect can be read from.
	Syntax = fault.Define("dialect.syntax", fault.Invalid, "%s")
	// NoFunction is a call of a function that the dialect does not have.
	NoFunction = fault.Define("dialect.no_function", fault.Invalid, "%s")
	// NotSupported is valid SQL that is not built here.
	NotSupported = fault.Define("dialect.not_supported", fault.Unsupported, "%s")
	// BadType is a type name that the dialect does not have.
	BadType = fault.Define("dialect.bad_type", fault.Invalid, "%s")
	// TooDeep is nesting beyond what the reader follows.
	TooDeep = fault.Define("dialect.too_deep", fault.Limit, "%s")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{Syntax, NoFunction, NotSupported, BadType, TooDeep}

// Position is a place in a text. Line and Column count from 1, Column in
// characters; Offset counts bytes from 0.
type Position struct{ Line, Column, Offset int }

// At finds the position of a byte offset in text. An offset beyond the text is
// its end.
func At(text string, offset int) Position {
	offset = max(0, min(offset, len(text)))
	head := text[:offset]
	line := strings.Count(head, "\n") + 1
	start := strings.LastIndexByte(head, '\n') + 1
	return Position{Line: line, Column: len([]rune(head[start:])) + 1, Offset: offset}
}

// located carries the place of a fault in its chain.
type located struct{ at Position }

func (l *located) Error() string { return fmt.Sprintf("line %d:%d", l.at.Line, l.at.Column) }

// PositionOf returns the place that an error of this package speaks of.
func PositionOf(err error) (Position, bool) {
	var l *located
	if errors.As(err, &l) {
		return l.at, true
	}
	return Position{}, false
}

// refuse makes a fault that knows its place. In the lake dialect the place is
// also written before the message, as that dialect's users know it.
func refuse(reason *fault.Reason, text string, d Dialect, offset int, format string, args ...any) error {
	at := At(text, offset)
	msg := fmt.Sprintf(format, args...)
	if d == Lake {
		msg = fmt.Sprintf("line %d:%d: %s", at.Line, at.Column, msg)
	}
	return reason.Wrap(&located{at}, msg)
}
