package shell

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
)

// keywords are offered beside the names of tables and columns.
var keywords = strings.Fields(`SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET JOIN LEFT RIGHT FULL CROSS ON USING
AS AND OR NOT NULL IS IN BETWEEN LIKE CASE WHEN THEN ELSE END DISTINCT UNION ALL INTERSECT EXCEPT WITH CAST
COUNT SUM AVG MIN MAX CREATE TABLE DROP INSERT INTO VALUES SHOW DESCRIBE EXPLAIN`)

// completeTimeout bounds how long a Tab may wait for the server.
const completeTimeout = 500 * time.Millisecond

// nameCache holds the names that Tab offers, for a while.
type nameCache struct {
	names []string
	until time.Time
}

// completer offers what may come next at Tab.
type completer struct{ s *shell }

// Do returns the endings that fit the word before pos, and the word's length.
func (c completer) Do(line []rune, pos int) (endings [][]rune, length int) {
	start := pos
	for start > 0 && isNameRune(line[start-1]) {
		start--
	}
	word := string(line[start:pos])
	var offers []string
	if start > 0 && line[start-1] == '\\' || strings.HasPrefix(word, `\`) {
		word = `\` + strings.TrimPrefix(word, `\`)
		for _, cmd := range commands() {
			offers = append(offers, cmd.name+" ")
		}
	} else if word != "" {
		offers = slices.Concat(c.s.known(), keywords)
		if word == strings.ToLower(word) {
			for i := len(offers) - len(keywords); i < len(offers); i++ {
				offers[i] = strings.ToLower(offers[i])
			}
		}
	}
	for _, o := range offers {
		if len(o) >= len(word) && strings.EqualFold(o[:len(word)], word) {
			endings = append(endings, []rune(o[len(word):]))
		}
		if len(endings) == 200 {
			break
		}
	}
	return endings, len([]rune(word))
}

func isNameRune(r rune) bool {
	return r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// known are the names of databases, tables and columns; none when the server
// does not answer at once.
func (s *shell) known() []string {
	if time.Now().Before(s.names.until) {
		return s.names.names
	}
	ctx, cancel := context.WithTimeout(context.Background(), completeTimeout)
	defer cancel()
	rows, err := s.ask(ctx, `SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE table_schema NOT IN `+theirs)
	if err != nil {
		return nil
	}
	var names []string
	for _, r := range rows {
		names = append(names, r[0]+"."+r[1], r[0], r[1], r[2])
	}
	slices.Sort(names)
	s.names = nameCache{slices.Compact(names), time.Now().Add(20 * time.Second)}
	return s.names.names
}
