package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Service is the catalog; safe for concurrent use.
type Service struct {
	cfg Config
	db  *meta.DB
}

// Open returns the catalog that is kept in db.
func Open(cfg Config, db *meta.DB) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Service{cfg: cfg, db: db}, nil
}

// fold writes the name of a database or table as it is kept.
func fold(name string) string { return strings.ToLower(name) }

// now is the time of a change, in the precision that is stored.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// encode writes a document. The types of this package always have a JSON form.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("catalog: %v", err))
	}
	return string(b)
}

func decode(doc string, v any) error {
	if err := json.Unmarshal([]byte(doc), v); err != nil {
		return fmt.Errorf("catalog document: %w", err)
	}
	return nil
}

// matcher makes a test of names from a pattern that must match the whole name
// in any case; an empty pattern matches all. A pattern is a regular expression
// in which a star behind a plain character, or at the start, stands for any
// text: clients write both "sales.*" and "sales*".
func matcher(pattern string) (func(string) bool, error) {
	if pattern == "" {
		return func(string) bool { return true }, nil
	}
	re, err := regexp.Compile("(?i)^(?:" + starred(pattern) + ")$")
	if err != nil {
		return nil, BadPattern.Wrap(err, pattern, err)
	}
	return re.MatchString, nil
}

// starred turns the stars that repeat nothing into ".*".
func starred(pattern string) string {
	var b strings.Builder
	for i := range len(pattern) {
		repeats := i > 0 && strings.IndexByte(`.)]}\`, pattern[i-1]) >= 0 || i > 1 && pattern[i-2] == '\\'
		if pattern[i] == '*' && !repeats {
			b.WriteByte('.')
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}

// each runs f for n things in one transaction, each of which stands alone: the
// refusals come back by position, nil when there were none.
func (s *Service) each(ctx context.Context, n int, f func(tx *meta.Tx, i int) error) ([]error, error) {
	var errs []error
	err := s.db.Update(ctx, func(tx *meta.Tx) (err error) {
		errs = nil // the transaction may run again
		for i := range n {
			if errs, err = collect(errs, n, i, f(tx, i)); err != nil {
				return err
			}
		}
		return nil
	})
	return errs, err
}

// collect keeps a refusal in its position of n; any other error is returned,
// and undoes the whole transaction.
func collect(errs []error, n, i int, err error) ([]error, error) {
	if err == nil || !refusal(err) {
		return errs, err
	}
	if errs == nil {
		errs = make([]error, n)
	}
	errs[i] = err
	return errs, nil
}
