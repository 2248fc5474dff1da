package dialect

import (
	"slices"
	"sort"
	"strings"
)

// piece is a part of a translated text: copied from the user's text, or written
// in the place of something there.
type piece struct {
	text   string
	src    int // offset in the user's text
	copied bool
}

// Edits leads from a translated text back to the text that the user wrote.
type Edits struct {
	starts []int // of each piece in the translated text
	pieces []piece
	srcMax int
}

// Back maps a byte offset in the translated text to one in the user's text. An
// offset in words that the user did not write maps to the start of what they
// stand for. The result is always within the user's text.
func (e Edits) Back(offset int) int {
	i := sort.SearchInts(e.starts, offset+1) - 1
	if i < 0 || len(e.pieces) == 0 {
		return 0
	}
	p := e.pieces[i]
	at := p.src
	if p.copied {
		at += min(offset-e.starts[i], len(p.text))
	}
	return max(0, min(at, e.srcMax))
}

// writer collects pieces. The places where an expression began can be marked
// and something put before them later.
type writer struct {
	out []piece
}

func (w *writer) copy(text string, src int) {
	if text != "" {
		w.out = append(w.out, piece{text, src, true})
	}
}

func (w *writer) put(text string, src int) {
	if text != "" {
		w.out = append(w.out, piece{text, src, false})
	}
}

// mark is the place where the next piece goes.
func (w *writer) mark() int { return len(w.out) }

// insert puts text before the piece at a mark.
func (w *writer) insert(mark int, text string) {
	src := 0
	if mark < len(w.out) {
		src = w.out[mark].src
	}
	w.out = slices.Insert(w.out, mark, piece{text, src, false})
}

// cut takes the pieces from a mark on out again.
func (w *writer) cut(mark int) []piece {
	taken := slices.Clone(w.out[mark:])
	w.out = w.out[:mark]
	return taken
}

func (w *writer) finish(srcMax int) (string, Edits) {
	var b strings.Builder
	e := Edits{pieces: w.out, starts: make([]int, len(w.out)), srcMax: srcMax}
	for i, p := range w.out {
		e.starts[i] = b.Len()
		b.WriteString(p.text)
	}
	return b.String(), e
}
