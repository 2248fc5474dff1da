//go:build (amd64 || arm64) && !duckdb_use_lib && !duckdb_use_static_lib

// The engine's allocator with a bound for the whole process; see memory.go.

#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

extern void *__real_duckdb_je_malloc(size_t);
extern void *__real_duckdb_je_realloc(void *, size_t);
extern int duckdb_je_mallctl(const char *, void *, size_t *, void *, size_t);

static _Atomic long limit;   // bytes; 0 for none
static _Atomic long used;    // bytes, as last measured
static _Atomic long at;      // when, in ms
static _Atomic long cleaned; // when unused pages were given back
static _Atomic int statm = -1;

enum {
	large = 64 << 10, // smaller requests are not judged
	huge = 32 << 20,  // larger ones are always measured for
	fresh = 2,        // ms that a measurement holds
	calm = 50,        // ms between two cleanings
};

void boathouse_memory_limit(long bytes) {
	if (statm < 0)
		statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	limit = bytes;
}

static long now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// measure reads the process's memory that no file is behind.
static void measure(long ms) {
	char text[128];
	long size, resident, shared;
	ssize_t n = pread(statm, text, sizeof text - 1, 0);
	if (n <= 0)
		return;
	text[n] = 0;
	if (sscanf(text, "%ld %ld %ld", &size, &resident, &shared) == 3) {
		used = (resident - shared) * sysconf(_SC_PAGESIZE);
		at = ms;
	}
}

// boathouse_memory_refused says whether a request would take the process past its
// bound.
int boathouse_memory_refused(size_t n) {
	long max = limit;
	if (max == 0 || n < large)
		return 0;
	long ms = now();
	if (n >= huge || ms - at >= fresh)
		measure(ms);
	if (used + (long)n <= max)
		return 0;
	if (ms - cleaned >= calm) { // it may be pages that were freed and kept
		cleaned = ms;
		malloc_trim(0);
		duckdb_je_mallctl("arena.4096.purge", NULL, NULL, NULL, 0); // of all arenas
		measure(ms);
	}
	return used + (long)n > max;
}

void *__wrap_duckdb_je_malloc(size_t n) { return boathouse_memory_refused(n) ? NULL : __real_duckdb_je_malloc(n); }

void *__wrap_duckdb_je_realloc(void *p, size_t n) { return boathouse_memory_refused(n) ? NULL : __real_duckdb_je_realloc(p, n); }
