// Package conf reads settings from, in rising order of precedence: defaults,
// a TOML file, the environment and flags.
//
// A setting is a field with a `conf` tag in a part's Config struct; parts nest.
// The field tagged "addr" in the part tagged "aws" is `addr = ...` under
// `[aws]` in the file, BOATHOUSE_AWS_ADDR in the environment and --aws-addr on
// the command line. A name that no field has is refused, in the file as on the
// command line: a setting that is not honoured is never accepted.
package conf

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Setting is one leaf of a config struct.
type Setting struct {
	Path []string // tags from the root: {"aws", "addr"}
	Help string
	v    reflect.Value
}

// Flag is the setting's flag name, without dashes.
func (s Setting) Flag() string { return strings.Join(s.Path, "-") }

// Env is the setting's environment variable.
func (s Setting) Env() string {
	return "BOATHOUSE_" + strings.ToUpper(strings.ReplaceAll(s.Flag(), "-", "_"))
}

// String is the setting's value in the form that Set takes.
func (s Setting) String() string {
	if !s.v.IsValid() {
		return "" // the flag package asks a zero Setting
	}
	if d, ok := s.v.Interface().(time.Duration); ok {
		return d.String()
	}
	return fmt.Sprint(s.v.Interface())
}

// IsBoolFlag lets the flag package take --name without a value for booleans.
func (s Setting) IsBoolFlag() bool { return s.v.IsValid() && s.v.Kind() == reflect.Bool }

// Set parses text into the setting.
func (s Setting) Set(text string) error {
	switch p := s.v.Addr().Interface().(type) {
	case *string:
		*p = text
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is not true or false", text)
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		*p = n
	case *int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		*p = n
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 90s or 5m", text)
		}
		*p = d
	default:
		return fmt.Errorf("%s: settings of type %s are not supported", s.Flag(), s.v.Type())
	}
	return nil
}

// Settings lists the leaves of the struct that cfg points to, in field order.
func Settings(cfg any) []Setting { return walk(reflect.ValueOf(cfg).Elem(), nil) }

func walk(v reflect.Value, path []string) (out []Setting) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		tag := f.Tag.Get("conf")
		if tag == "" {
			continue
		}
		p := path
		if tag != "-" { // "-" nests without a name of its own
			p = append(slices.Clone(path), tag)
		}
		if f.Type.Kind() == reflect.Struct {
			out = append(out, walk(v.Field(i), p)...)
			continue
		}
		out = append(out, Setting{p, f.Tag.Get("help"), v.Field(i)})
	}
	return out
}

// Load fills cfg, a pointer to a struct that holds the defaults, from the file
// (if its name is not empty), the environment and the flags in args, which it
// adds to fs. It returns what follows the flags.
func Load(cfg any, fs *flag.FlagSet, args []string, getenv func(string) (string, bool)) ([]string, error) {
	settings := Settings(cfg)
	var file string
	if fs.Lookup("config") == nil {
		fs.StringVar(&file, "config", "", "`file` with settings in TOML")
	}
	given := map[string]string{}
	for _, s := range settings {
		if s.IsBoolFlag() {
			fs.BoolFunc(s.Flag(), s.Help, func(v string) error { given[s.Flag()] = v; return nil })
			continue
		}
		help := s.Help
		if d := s.String(); d != "" && d != "0" {
			help += " (default " + d + ")"
		}
		fs.Func(s.Flag(), help, func(v string) error { given[s.Flag()] = v; return nil })
	}
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if file == "" {
		file, _ = getenv("BOATHOUSE_CONFIG")
	}
	if err := fromFile(settings, file); err != nil {
		return nil, err
	}
	for _, s := range settings {
		if v, ok := getenv(s.Env()); ok {
			if err := s.Set(v); err != nil {
				return nil, fmt.Errorf("%s: %w", s.Env(), err)
			}
		}
		if v, ok := given[s.Flag()]; ok {
			if err := s.Set(v); err != nil {
				return nil, fmt.Errorf("--%s: %w", s.Flag(), err)
			}
		}
	}
	return fs.Args(), nil
}

func fromFile(settings []Setting, file string) error {
	if file == "" {
		return nil
	}
	var tree map[string]any
	if _, err := toml.DecodeFile(file, &tree); err != nil {
		if os.IsNotExist(err) {
			return fmt.Errorf("config file %s is not there", file)
		}
		return fmt.Errorf("config file %s: %w", file, err)
	}
	byName := map[string]Setting{}
	for _, s := range settings {
		byName[strings.Join(s.Path, ".")] = s
	}
	var apply func(tree map[string]any, path string) error
	apply = func(tree map[string]any, path string) error {
		for k, v := range tree {
			name := strings.TrimPrefix(path+"."+k, ".")
			if sub, ok := v.(map[string]any); ok {
				if err := apply(sub, name); err != nil {
					return err
				}
				continue
			}
			s, ok := byName[name]
			if !ok {
				return fmt.Errorf("config file %s: there is no setting %s", file, name)
			}
			if err := s.Set(fmt.Sprint(v)); err != nil {
				return fmt.Errorf("config file %s: %s: %w", file, name, err)
			}
		}
		return nil
	}
	return apply(tree, "")
}
