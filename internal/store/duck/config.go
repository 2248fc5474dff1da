package duck

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// Config bounds the engine. The limits are for all statements together.
type Config struct {
	// MemoryMaxBytes bounds the engine's buffers; past it operators spill to
	// TempDir, or the statement fails with OutOfMemory.
	MemoryMaxBytes int64 `conf:"memory-max" help:"bytes of memory that SQL may use; more goes to disk"`
	// ProcessMaxBytes bounds the memory of the whole process as far as SQL asks
	// for it, values of expressions too; past it a statement fails with
	// OutOfMemory. 0 is MemoryMaxBytes and as much again, at least 1 GiB.
	ProcessMaxBytes int64 `conf:"process-max" help:"bytes of memory of the whole server at which SQL gets no more; 0 for memory-max and as much again"`
	// TempMaxBytes bounds what is spilled.
	TempMaxBytes int64 `conf:"temp-max" help:"bytes of disk that SQL may use for what does not fit in memory"`
	// Threads is how many threads compute.
	Threads int `conf:"threads" help:"threads that compute SQL; 0 for the number of processors"`
	// QueriesMax bounds the statements that compute at once; more wait.
	QueriesMax int `conf:"queries-max" help:"SQL statements that compute at once; 0 for the number of processors"`
	// OpenMax bounds the statements that are open, computing or not; more wait.
	OpenMax int `conf:"open-max" help:"SQL statements that are open at once"`

	TempDir     string   // where to spill; empty: nothing is spilled
	AllowedDirs []string // the only folders whose files can be read or written
	Setup       []string // SQL run once at the start: schemas and macros
	Functions   []TextFunction
}

// Default uses half of a 4 GiB machine's memory and all its processors.
func Default() Config {
	return Config{MemoryMaxBytes: 2 << 30, TempMaxBytes: 20 << 30, OpenMax: 64}
}

// Validate says what is wrong with c and fills in what follows the machine.
func (c *Config) Validate() error {
	if c.Threads == 0 {
		c.Threads = runtime.NumCPU()
	}
	if c.QueriesMax == 0 {
		c.QueriesMax = max(2, runtime.NumCPU())
	}
	switch {
	case c.MemoryMaxBytes < 64<<20:
		return errors.New("sql memory-max: use at least 64 MiB (67108864)")
	case c.ProcessMaxBytes != 0 && c.ProcessMaxBytes < c.MemoryMaxBytes:
		return errors.New("sql process-max: use 0, or more than sql memory-max")
	case c.TempMaxBytes < 0:
		return errors.New("sql temp-max: use 0 or more bytes")
	case c.Threads < 1 || c.Threads > 1024:
		return errors.New("sql threads: use 1 to 1024")
	case c.QueriesMax < 1 || c.OpenMax < 1:
		return errors.New("sql queries-max and open-max: use at least 1")
	}
	return nil
}

// settings are given when the instance is opened: they cannot change later.
func (c *Config) settings() [][2]string {
	return [][2]string{
		{"memory_limit", strconv.FormatInt(c.MemoryMaxBytes, 10) + "B"},
		{"temp_directory", c.TempDir},
		{"threads", strconv.Itoa(c.Threads)},
		{"autoinstall_known_extensions", "false"},
		{"autoload_known_extensions", "false"},
		{"allow_community_extensions", "false"},
		{"errors_as_json", "true"}, // class, subtype and position, see errors.go
		{"custom_user_agent", "boathouse"},
	}
}

// DepthMax bounds how deep expressions nest; a + b + c is two deep. The time to
// plan one grows with the cube of its depth, two seconds at this bound, and
// planning cannot be interrupted. AND, OR, IN and UNION are not deep.
const DepthMax = 400

// fence closes the instance. The order matters: the folders must be named
// while settings may still change and before files become forbidden.
func (c *Config) fence() []string {
	dirs := make([]string, len(c.AllowedDirs))
	for i, d := range c.AllowedDirs {
		dirs[i] = Quote(strings.TrimSuffix(d, "/") + "/")
	}
	sql := []string{
		"SET GLOBAL TimeZone = 'UTC'",
		fmt.Sprintf("SET GLOBAL max_expression_depth = %d", DepthMax),
		// Given when the instance is opened it shows but does not hold.
		fmt.Sprintf("SET GLOBAL max_temp_directory_size = '%dB'", c.TempMaxBytes),
		fmt.Sprintf("SET GLOBAL allowed_directories = [%s]", strings.Join(dirs, ", ")),
	}
	sql = append(sql, c.Setup...)
	return append(sql, "SET GLOBAL enable_external_access = false")
}

// Quote writes s as a string literal.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Name writes s as an identifier.
func Name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
