package postgres

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// setting is one name that SET and SHOW know. Each is honoured, or has one
// value that is true here: nothing is accepted and then ignored.
type setting struct {
	name, initial string
	about         string
	report        bool // told to the client when it changes (ParameterStatus)
	fixed         bool // cannot be changed
	// check returns the value to keep, in its canonical form.
	check func(value string) (string, bool)
	only  string // what the error says is accepted
}

// one accepts only the value that is true.
func one(values ...string) func(string) (string, bool) {
	return func(v string) (string, bool) {
		for _, ok := range values {
			if strings.EqualFold(v, ok) {
				return values[0], true
			}
		}
		return "", false
	}
}

// oneOf accepts a word of a list.
func oneOf(values ...string) func(string) (string, bool) {
	return func(v string) (string, bool) {
		i := slices.IndexFunc(values, func(w string) bool { return strings.EqualFold(v, w) })
		if i < 0 {
			return "", false
		}
		return values[i], true
	}
}

func anyText(v string) (string, bool) { return v, true }

func boolean(v string) (string, bool) {
	b, err := readBool(v)
	if err != nil {
		return "", false
	}
	if b == true {
		return "on", true
	}
	return "off", true
}

// onlyOff accepts a switch that cannot be on, and onlyOn one that cannot be off.
func onlyOff(v string) (string, bool) { b, ok := boolean(v); return b, ok && b == "off" }
func onlyOn(v string) (string, bool)  { b, ok := boolean(v); return b, ok && b == "on" }

func digits(v string) (string, bool) {
	n, err := strconv.Atoi(v)
	return strconv.Itoa(n), err == nil && n >= -15 && n <= 3
}

var units = []struct {
	suffix string
	unit   time.Duration
}{{"us", time.Microsecond}, {"ms", time.Millisecond}, {"min", time.Minute}, {"s", time.Second}, {"h", time.Hour}, {"d", 24 * time.Hour}, {"", time.Millisecond}}

// readDuration reads a number with a unit; milliseconds without one.
func readDuration(v string) (time.Duration, bool) {
	for _, u := range units {
		text, ok := strings.CutSuffix(strings.TrimSpace(v), u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || n < 0 || n*float64(u.unit) > float64(1<<31)*float64(time.Millisecond) {
			return 0, false
		}
		return time.Duration(n * float64(u.unit)), true
	}
	return 0, false
}

// duration keeps a time as PostgreSQL shows it: in the largest whole unit.
func duration(v string) (string, bool) {
	d, ok := readDuration(v)
	if !ok {
		return "", false
	}
	d = d.Round(time.Millisecond)
	for _, u := range []struct {
		suffix string
		unit   time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}} {
		if d != 0 && d%u.unit == 0 {
			return strconv.FormatInt(int64(d/u.unit), 10) + u.suffix, true
		}
	}
	if d == 0 {
		return "0", true
	}
	return strconv.FormatInt(d.Milliseconds(), 10) + "ms", true
}

// dateStyle accepts ISO output with any order: dates are only read year first,
// so that the order has nothing to decide.
func dateStyle(v string) (string, bool) {
	order := "MDY"
	for _, w := range strings.FieldsFunc(strings.ToUpper(v), func(r rune) bool { return r == ',' || r == ' ' }) {
		switch w {
		case "ISO":
		case "MDY", "DMY", "YMD":
			order = w
		case "US", "NONEURO", "NONEUROPEAN":
			order = "MDY"
		case "EURO", "EUROPEAN":
			order = "DMY"
		default:
			return "", false
		}
	}
	return "ISO, " + order, true
}

// zone accepts the names of the one time zone in which the engine works.
func zone(v string) (string, bool) {
	switch strings.ToUpper(strings.TrimSpace(v)) {
	case "UTC", "ETC/UTC", "GMT", "ETC/GMT", "UCT", "ETC/UCT", "ZULU", "ETC/ZULU", "UNIVERSAL", "GMT0", "GMT+0", "GMT-0", "Z", "0", "+00", "+00:00", "00:00":
		return "UTC", true
	}
	return "", false
}

// isolation accepts the level at which every statement sees what is committed
// when it starts; "read uncommitted" is allowed to be stronger.
func isolation(v string) (string, bool) {
	return oneOf("read committed", "read uncommitted")(strings.Join(strings.Fields(v), " "))
}

// ServerVersion is the version of PostgreSQL whose catalog and protocol are
// spoken: clients choose their metadata queries by it.
const (
	ServerVersion    = "15.0"
	serverVersionNum = "150000"
)

// known is every setting, in the order of their names.
func known() []setting {
	const level = "debug5, debug4, debug3, debug2, debug1, log, notice, warning, error"
	return []setting{
		{name: "application_name", report: true, check: anyText, about: "name of the client, for logs"},
		{name: "bytea_output", initial: "hex", check: one("hex"), only: "hex", about: "form of bytea in text"},
		{name: "client_encoding", initial: "UTF8", report: true, check: encoding, only: "UTF8", about: "text is UTF-8 on the wire"},
		{name: "client_min_messages", initial: "notice", check: oneOf(strings.Split(level, ", ")...), only: level, about: "least level of messages that are sent"},
		{name: "DateStyle", initial: "ISO, MDY", report: true, check: dateStyle, only: "ISO", about: "form of dates in text"},
		{name: "default_table_access_method", initial: "heap", check: one("heap"), only: "heap", about: "the one kind of table"},
		{name: "default_transaction_deferrable", initial: "off", check: onlyOff, only: "off", about: "no transaction waits"},
		{name: "default_transaction_isolation", initial: "read committed", check: isolation, only: "read committed", about: "each statement sees what is committed when it starts"},
		{name: "default_transaction_read_only", initial: "off", report: true, check: boolean, only: "on, off", about: "refuse statements that write"},
		{name: "extra_float_digits", initial: "1", check: digits, only: "-15 to 3", about: "digits of floating-point numbers in text"},
		{name: "idle_in_transaction_session_timeout", initial: "0", check: duration, only: "a time such as 30s", about: "end sessions that are idle in a transaction block for longer"},
		{name: "idle_session_timeout", initial: "0", check: duration, only: "a time such as 30s", about: "end sessions that are idle for longer"},
		{name: "in_hot_standby", initial: "off", report: true, fixed: true, about: "this server is no standby"},
		{name: "integer_datetimes", initial: "on", report: true, fixed: true, about: "times are 64-bit integers on the wire"},
		{name: "IntervalStyle", initial: "postgres", report: true, check: one("postgres"), only: "postgres", about: "form of intervals in text"},
		{name: "is_superuser", initial: "off", report: true, fixed: true, about: "nobody is: policies decide"},
		{name: "jit", initial: "off", check: onlyOff, only: "off", about: "the engine does not compile to machine code"},
		{name: "lc_collate", initial: "C", fixed: true, about: "text is ordered by its bytes"},
		{name: "lc_ctype", initial: "C.UTF-8", fixed: true, about: "letters are Unicode's"},
		{name: "lc_messages", initial: "C", check: one("C", "POSIX", "en_US.UTF-8", "en_US.utf8"), only: "C", about: "messages are English"},
		{name: "lock_timeout", initial: "0", check: duration, only: "a time such as 30s", about: "no statement waits for a lock, so that none can wait too long"},
		{name: "max_identifier_length", initial: "255", fixed: true, about: "longest name, in bytes"},
		{name: "max_index_keys", initial: "32", fixed: true, about: "tables have no indexes"},
		{name: "row_security", initial: "on", check: onlyOn, only: "on", about: "tables have no row policies that could be left out"},
		{name: "search_path", initial: `"$user", public`, check: searchPath, only: `one schema, beside "$user" and pg_catalog; qualify the tables of others`, about: "schema of unqualified names"},
		{name: "server_encoding", initial: "UTF8", report: true, fixed: true, about: "text is kept as UTF-8"},
		{name: "server_version", initial: ServerVersion, report: true, fixed: true, about: "version of PostgreSQL that is spoken"},
		{name: "server_version_num", initial: serverVersionNum, fixed: true, about: "the same as a number"},
		{name: "standard_conforming_strings", initial: "on", report: true, check: onlyOn, only: "on", about: "a backslash in '...' is a backslash"},
		{name: "statement_timeout", initial: "0", check: duration, only: "a time such as 30s", about: "stop statements that run longer"},
		{name: "synchronous_commit", initial: "on", check: onlyOn, only: "on", about: "a write is on disk when it is answered"},
		{name: "TimeZone", initial: "UTC", report: true, check: zone, only: "UTC", about: "zone in which timestamps with time zone are shown"},
		{name: "transaction_isolation", initial: "read committed", check: isolation, only: "read committed", about: "of this transaction"},
		{name: "transaction_read_only", initial: "off", check: boolean, only: "on, off", about: "of this transaction"},
	}
}

// searchPath accepts one schema: the planner looks unqualified names up in one.
func searchPath(v string) (string, bool) { return v, len(pathNames(v)) <= 1 }

// encoding accepts UTF-8, and SQL_ASCII, by which a client asks for bytes as
// they are kept.
func encoding(v string) (string, bool) {
	switch strings.ToUpper(strings.ReplaceAll(v, "-", "")) {
	case "UTF8", "UNICODE":
		return "UTF8", true
	case "SQL_ASCII":
		return "SQL_ASCII", true
	}
	return "", false
}
