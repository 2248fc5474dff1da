package app

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version of this source tree.
const release = "0.1.0-dev"

// Version returns the release and, when the build knows it, the commit.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return release + "+" + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return release
}

// VersionLine is what `boathouse version` prints.
func VersionLine() string {
	return fmt.Sprintf("boathouse %s %s %s/%s", Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
