package doctor

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// What is too little, and too slow.
const (
	freeFail   = 256 << 20 // bytes: a server stops taking uploads before this
	freeWarn   = 5 << 30
	inodeWarn  = 10000
	fsyncRuns  = 32
	fsyncSlow  = 20 * time.Millisecond
	fsyncFake  = 15 * time.Microsecond // no disk is that fast: the write stays in memory
	skewWarn   = 2 * time.Second
	memoryWarn = 1 << 30
	filesWarn  = 4096
)

// volatile file systems lose everything at the next boot; remote ones may not
// honour locks. The numbers are the kernel's (linux/magic.h).
var (
	volatile = map[int64]string{0x01021994: "tmpfs", 0x858458f6: "ramfs"}
	remote   = map[int64]string{0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x65735546: "FUSE", 0x01021997: "9p"}
)

// disk looks at the space and the kind of file system.
func disk(_ context.Context, p *patient) []Finding {
	dir := nearest(p.cfg.Data)
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return []Finding{warn("look at the file system yourself", "%s: %v", dir, err)}
	}
	free, total := int64(st.Bavail)*int64(st.Bsize), int64(st.Blocks)*int64(st.Bsize)
	space := fmt.Sprintf("%s free of %s", size(free), size(total))
	var out []Finding
	switch {
	case free < freeFail:
		out = append(out, fail("free space, or name a folder on another disk with --data", "%s", space))
	case free < freeWarn:
		out = append(out, warn("free space before loading much", "only %s", space))
	}
	if st.Files > 0 && st.Ffree < inodeWarn { // some file systems have no fixed number: Files is 0
		out = append(out, warn("remove small files, or use another disk: every larger object is a file", "%d files can still be made", st.Ffree))
	}
	if name := volatile[int64(st.Type)]; name != "" {
		out = append(out, warn("name a folder on a disk with --data", "%s is in memory (%s): everything is lost at the next boot", dir, name))
	}
	if name := remote[int64(st.Type)]; name != "" {
		out = append(out, warn("prefer a local disk: locks and fsync over a network are often not what they say", "%s is on %s", dir, name))
	}
	if len(out) == 0 {
		return []Finding{ok("%s", space)}
	}
	return out
}

// fsync measures how long the disk takes to keep 4 KiB: every acknowledged
// write waits for it once.
func fsync(_ context.Context, p *patient) []Finding {
	dir := nearest(p.cfg.Data)
	took, err := measure(dir, fsyncRuns)
	if err != nil {
		return []Finding{fail("make the folder writable, or name another with --data", "%v", err)}
	}
	median, worst := took[len(took)/2], took[len(took)-1]
	text := fmt.Sprintf("4 KiB in %s (median of %d, worst %s)", round(median), len(took), round(worst))
	switch {
	case median > fsyncSlow:
		return []Finding{warn("use a faster disk if you write much: each acknowledged write waits this long", "%s", text)}
	case median < fsyncFake:
		return []Finding{warn("do not rely on it after a power cut", "%s: faster than a disk can be, so it does not reach one", text)}
	}
	return []Finding{ok("%s", text)}
}

func round(d time.Duration) time.Duration {
	if d < time.Millisecond {
		return d.Round(time.Microsecond)
	}
	return d.Round(100 * time.Microsecond)
}

// measure writes and syncs n blocks in dir.
func measure(dir string, n int) ([]time.Duration, error) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := make([]byte, 4096)
	took := make([]time.Duration, 0, n)
	for range n {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			return nil, err
		}
		if err := f.Sync(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took, nil
}

func size(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
