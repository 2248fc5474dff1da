package query

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Position is a place in a statement's text. All count characters from 1.
type Position struct{ Line, Column, Offset int }

// PositionOf returns the place that an error speaks of.
func PositionOf(err error) (Position, bool) {
	var l *located
	if errors.As(err, &l) {
		return l.at, true
	}
	return Position{}, false
}

// located is an error with a place.
type located struct {
	cause error
	at    Position
}

func (l *located) Error() string { return l.cause.Error() }
func (l *located) Unwrap() error { return l.cause }

// place finds the position of a byte offset in text.
func place(text string, offset int) Position {
	at := dialect.At(text, offset)
	return Position{at.Line, at.Column, utf8.RuneCountInString(text[:at.Offset]) + 1}
}

// source is a statement's text: what errors point into.
type source struct {
	text    string
	dialect Dialect
}

// fail refuses at a byte offset of the text; -1 for no place. In the lake
// dialect the place is also written before the message.
func (s source) fail(reason *fault.Reason, offset int, format string, args ...any) error {
	return s.wrap(reason, nil, offset, format, args...)
}

func (s source) wrap(reason *fault.Reason, cause error, offset int, format string, args ...any) error {
	msg := fmt.Sprintf(format, args...)
	if offset < 0 || s.text == "" {
		return refusal(reason, cause, msg)
	}
	at := place(s.text, offset)
	if s.dialect == Lake {
		msg = fmt.Sprintf("line %d:%d: %s", at.Line, at.Column, msg)
	}
	return &located{refusal(reason, cause, msg), at}
}

func refusal(reason *fault.Reason, cause error, msg string) error {
	if cause == nil {
		return reason.New(msg)
	}
	return reason.Wrap(cause, msg)
}

// known gives an error of compute/dialect its position in our form.
func (s source) known(err error) error {
	var l *located
	if at, ok := dialect.PositionOf(err); ok && !errors.As(err, &l) {
		return &located{err, place(s.text, at.Offset)}
	}
	return err
}

// stopped turns the end of a context into a refusal; other errors stay.
func stopped(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return Canceled.Wrap(err, "the statement ran out of time and was stopped: make it smaller or allow more time")
	}
	if errors.Is(err, context.Canceled) || ctx.Err() != nil {
		return Canceled.Wrap(err, "the statement was canceled")
	}
	return err
}

// messageOf is an error's message for clients without the place before it.
func messageOf(err error) string {
	msg := fault.Message(err)
	var l *located
	if errors.As(err, &l) && strings.HasPrefix(msg, "line ") {
		_, msg, _ = strings.Cut(msg, ": ")
	}
	return msg
}
