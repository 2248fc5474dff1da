package catalog

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// The bounds of the API that most clients are written for
// (docs.aws.amazon.com/glue/latest/webapi), in characters.
const (
	nameMax        = 255
	descriptionMax = 2048
	uriMax         = 1024
	locationMax    = 2056
	typeMax        = 131072
	commentMax     = 255
	formatMax      = 128
	valueMax       = 1024
	parameterMax   = 512000
	viewMax        = 409600
)

// refusal tells a caller's mistake from an accident of the store.
func refusal(err error) bool { return fault.ReasonOf(err) != nil }

// text says what is wrong with s: too long, or characters that cannot be
// stored or shown. Line breaks are for multi-line texts only.
func text(what, s string, max int, lines bool) error {
	if utf8.RuneCountInString(s) > max {
		return BadValue.New(what, fmt.Sprintf("is longer than %d characters", max))
	}
	if !utf8.ValidString(s) {
		return BadValue.New(what, "is not valid UTF-8")
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && !(lines && (r == '\r' || r == '\n')) {
			return BadValue.New(what, fmt.Sprintf("has the control character %U; remove it", r))
		}
	}
	return nil
}

func name(what, s string) error {
	if s == "" {
		return BadName.New(what, "the name is empty")
	}
	if err := text(what, s, nameMax, false); err != nil {
		return BadName.Wrap(err, what, strings.TrimPrefix(fault.Message(err), what+": "))
	}
	return nil
}

func parameters(what string, m map[string]string) error {
	for k, v := range m {
		if err := name(what+" parameter", k); err != nil {
			return err
		}
		// Values are free text: some writers keep whole schemas in them.
		if err := free(what+" parameter "+k, v, parameterMax); err != nil {
			return err
		}
	}
	return nil
}

// free checks a text that may have any character the store can keep.
func free(what, s string, max int) error {
	if utf8.RuneCountInString(s) > max {
		return BadValue.New(what, fmt.Sprintf("is longer than %d characters", max))
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return BadValue.New(what, "is not valid UTF-8 text without NUL")
	}
	return nil
}

// moment checks a time; no store and no client can write other years.
func moment(what string, t time.Time) error {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return BadValue.New(what, "is not within the years 1 to 9999")
	}
	return nil
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkDatabase(d Database) error {
	return first(
		name("database", d.Name),
		text("database description", d.Description, descriptionMax, true),
		text("database location", d.LocationURI, uriMax, true),
		parameters("database", d.Parameters))
}

func checkColumns(what string, columns []Column) error {
	seen := make(map[string]bool, len(columns))
	for _, c := range columns {
		if err := first(name(what, c.Name), text(what+" "+c.Name+" type", c.Type, typeMax, false),
			text(what+" "+c.Name+" comment", c.Comment, commentMax, false), parameters(what+" "+c.Name, c.Parameters)); err != nil {
			return err
		}
		low := strings.ToLower(c.Name)
		if seen[low] {
			return BadValue.New(what, fmt.Sprintf("%s is there twice", c.Name))
		}
		seen[low] = true
	}
	return nil
}

func checkStorage(what string, st Storage) error {
	if st.Buckets < -1 {
		return BadValue.New(what+" number of buckets", "is less than -1")
	}
	err := first(checkColumns(what+" column", st.Columns),
		text(what+" location", st.Location, locationMax, true),
		text(what+" input format", st.InputFormat, formatMax, false),
		text(what+" output format", st.OutputFormat, formatMax, false),
		text(what+" serde name", st.Serde.Name, nameMax, false),
		text(what+" serde library", st.Serde.Library, nameMax, false),
		parameters(what+" serde", st.Serde.Parameters), parameters(what, st.Parameters))
	for _, l := range st.AdditionalLocations {
		err = first(err, text(what+" additional location", l, locationMax, true))
	}
	for _, c := range st.BucketColumns {
		err = first(err, name(what+" bucket column", c))
	}
	for _, o := range st.Sort {
		err = first(err, name(what+" sort column", o.Column))
	}
	return err
}

func checkTable(t Table) error {
	if t.RetentionSeconds < 0 {
		return BadValue.New("table retention", "is negative")
	}
	err := first(name("database", t.Database), name("table", t.Name),
		text("table description", t.Description, descriptionMax, true),
		text("table owner", t.Owner, nameMax, false), text("table type", t.Type, nameMax, false),
		free("view original text", t.ViewOriginal, viewMax), free("view expanded text", t.ViewExpanded, viewMax),
		moment("last access time", t.LastAccess), moment("last analyzed time", t.LastAnalyzed),
		parameters("table", t.Parameters), checkColumns("partition key", t.PartitionKeys),
		checkStorage("table", t.Storage))
	if err != nil {
		return err
	}
	for _, k := range t.PartitionKeys {
		for _, c := range t.Storage.Columns {
			if strings.EqualFold(k.Name, c.Name) {
				return BadValue.New("partition key", fmt.Sprintf("%s is also a column; a name is one or the other", k.Name))
			}
		}
	}
	return nil
}

// checkValues says what is wrong with the values of a partition of t.
func checkValues(t *Table, values []string) error {
	if len(values) != len(t.PartitionKeys) || len(values) == 0 {
		return BadValue.New("partition values", fmt.Sprintf("The number of partition keys do not match the number of partition values: table %s has %d, got %d", t.Name, len(t.PartitionKeys), len(values)))
	}
	for i, v := range values {
		if v == "" {
			return BadValue.New("partition value", fmt.Sprintf("the value of %s is empty", t.PartitionKeys[i].Name))
		}
		if err := free("partition value of "+t.PartitionKeys[i].Name, v, valueMax); err != nil {
			return err
		}
	}
	return nil
}
