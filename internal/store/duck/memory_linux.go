//go:build (amd64 || arm64) && !duckdb_use_lib && !duckdb_use_static_lib

package duck

/*
#cgo LDFLAGS: -Wl,--wrap=duckdb_je_malloc -Wl,--wrap=duckdb_je_realloc
void boathouse_memory_limit(long bytes);
*/
import "C"

// limitMemory bounds the memory of the process, as far as the engine asks for it.
func limitMemory(bytes int64) { C.boathouse_memory_limit(C.long(bytes)) }
