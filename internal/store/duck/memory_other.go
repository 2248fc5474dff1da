//go:build !linux || !(amd64 || arm64) || duckdb_use_lib || duckdb_use_static_lib

package duck

func limitMemory(int64) {}
