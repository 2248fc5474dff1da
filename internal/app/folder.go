package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/boathouse-data/boathouse/internal/lib/id"
)

// formatNow is the layout of the data folder that this version writes. An
// older one is upgraded when it is opened; a newer one is refused.
const formatNow = 1

// folder is an open data folder: locked, of a known format, with tmp empty.
type folder struct {
	dir  string
	lock *os.File
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

// openFolder makes the folder if it is not there and locks it.
func openFolder(dir string) (*folder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("data folder %s is in use by another server%s: stop it first, or name another folder with --data", dir, holder(dir))
	}
	f := &folder{dir, lock}
	if err := f.prepare(); err != nil {
		lock.Close()
		return nil, err
	}
	return f, nil
}

// prepare checks the format, makes the sub-folders and clears tmp.
func (f *folder) prepare() error {
	if err := f.checkFormat(); err != nil {
		return err
	}
	if err := os.RemoveAll(f.path("tmp")); err != nil {
		return err
	}
	for _, name := range []string{"objects", "cache", "tmp"} {
		if err := os.MkdirAll(f.path(name), 0o700); err != nil {
			return err
		}
	}
	return os.WriteFile(f.path("lock"), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
}

func (f *folder) checkFormat() error {
	b, err := os.ReadFile(f.path("format"))
	if errors.Is(err, fs.ErrNotExist) {
		return f.start()
	}
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	switch {
	case err != nil || n < 1:
		return fmt.Errorf("data folder %s: the file format does not hold a format number", f.dir)
	case n > formatNow:
		return fmt.Errorf("data folder %s has format %d, this version knows up to %d: use the version that wrote it", f.dir, n, formatNow)
	}
	return nil
}

// start turns an empty folder into a data folder; any other is left alone.
func (f *folder) start() error {
	if err := f.checkEmpty(); err != nil {
		return err
	}
	return writeSynced(f.path("format"), []byte(strconv.Itoa(formatNow)+"\n"))
}

func (f *folder) checkEmpty() error {
	names, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	for _, n := range names {
		if n.Name() != "lock" {
			return fmt.Errorf("%s is not empty and not a data folder (it holds %s): name another folder with --data", f.dir, n.Name())
		}
	}
	return nil
}

func (f *folder) close() error { return f.lock.Close() }

// holder tells which process has the folder, if it said so.
func holder(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "lock"))
	if err != nil || len(bytes.TrimSpace(b)) == 0 {
		return ""
	}
	return " (process " + string(bytes.TrimSpace(b)) + ")"
}

// writeSynced writes a file so that after a crash it is there in full or not
// at all, readable by the owner only.
func writeSynced(name string, b []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Credentials is the root account's access key. The file is in the form that
// AWS tools read (AWS_SHARED_CREDENTIALS_FILE), mode 0600.
type Credentials struct{ AccessKey, Secret string }

// ReadCredentials reads the root credentials of a data folder.
func ReadCredentials(dir string) (Credentials, error) {
	b, err := os.ReadFile(filepath.Join(dir, "credentials"))
	if err != nil {
		return Credentials{}, err
	}
	var c Credentials
	for line := range strings.Lines(string(b)) {
		k, v, _ := strings.Cut(line, "=")
		switch strings.TrimSpace(k) {
		case "aws_access_key_id":
			c.AccessKey = strings.TrimSpace(v)
		case "aws_secret_access_key":
			c.Secret = strings.TrimSpace(v)
		}
	}
	if c.AccessKey == "" || c.Secret == "" {
		return c, fmt.Errorf("%s does not hold a key pair: restore it, or delete it to have a new one made at the next start", filepath.Join(dir, "credentials"))
	}
	return c, nil
}

// credentials reads the root credentials or, the first time, makes them.
func (f *folder) credentials() (Credentials, error) {
	c, err := ReadCredentials(f.dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return c, err
	}
	c = Credentials{AccessKey: "AKIA" + id.Upper(16), Secret: id.Secret(40)}
	text := "# The root account of this Boathouse. Keep it secret.\n[default]\naws_access_key_id = " + c.AccessKey + "\naws_secret_access_key = " + c.Secret + "\n"
	return c, writeSynced(f.path("credentials"), []byte(text))
}
