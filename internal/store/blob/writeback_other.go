//go:build !linux

package blob

import "os"

// startWriteback is Linux only; elsewhere Commit writes all at once.
func startWriteback(*os.File, int64, int64) {}
