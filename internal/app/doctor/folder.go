package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/boathouse-data/boathouse/internal/app"
)

// folder looks at the data folder: there, ours, of a known format, for our
// eyes only, and who has it.
func folder(_ context.Context, p *patient) []Finding {
	dir := p.cfg.Data
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []Finding{missing(dir)}
	case err != nil:
		return []Finding{fail("make it readable, or name another with --data", "%v", err)}
	case !info.IsDir():
		return []Finding{fail("name a folder with --data", "%s is a file", dir)}
	}
	var out []Finding
	if err := app.CheckFormat(dir); err != nil {
		out = append(out, fail("see the message", "%v", err))
	}
	if unix.Access(dir, unix.W_OK|unix.X_OK) != nil {
		out = append(out, fail("chown it to the user that runs the server, or name another with --data", "%s cannot be written by this user", dir))
	}
	if info.Mode().Perm()&0o077 != 0 {
		out = append(out, warn("chmod 700 "+dir, "%s can be entered by other users (mode %04o)", dir, info.Mode().Perm()))
	}
	if len(out) > 0 {
		return out
	}
	state := "no server runs on it"
	if p.running {
		state = fmt.Sprintf("process %d serves it", p.server.PID)
	}
	return []Finding{ok("%s: %s", dir, state)}
}

// missing is a folder that the first start will make, if it can.
func missing(dir string) Finding {
	parent := nearest(dir)
	if unix.Access(parent, unix.W_OK|unix.X_OK) != nil {
		return fail("name a folder of yours with --data", "%s is not there and %s cannot be written", dir, parent)
	}
	return ok("%s is not there yet: the first start makes it", dir)
}

// nearest is the closest folder above dir that exists.
func nearest(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "."
	}
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir
		}
		dir = up
	}
}

// secrets looks at the root credentials.
func secrets(_ context.Context, p *patient) []Finding {
	name := filepath.Join(p.cfg.Data, "credentials")
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return []Finding{ok("none yet: the first start makes them")}
	}
	if err != nil {
		return []Finding{fail("make the file readable for the user that runs the server", "%v", err)}
	}
	if _, err := app.ReadCredentials(p.cfg.Data); err != nil {
		return []Finding{fail("see the message", "%v", err)}
	}
	if info.Mode().Perm()&0o077 != 0 {
		return []Finding{fail("chmod 600 "+name, "%s can be read by other users (mode %04o)", name, info.Mode().Perm())}
	}
	if st, known := info.Sys().(*syscall.Stat_t); known && int(st.Uid) != os.Getuid() {
		return []Finding{warn("run as its owner", "%s belongs to another user", name)}
	}
	return []Finding{ok("%s, mode %04o", name, info.Mode().Perm())}
}
