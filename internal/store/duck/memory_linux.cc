//go:build (amd64 || arm64) && !duckdb_use_lib && !duckdb_use_static_lib

// C++'s own allocation, bounded as the engine's allocator is: its functions
// over texts build them in std::string. See memory.go.

#include <cstdlib>
#include <new>

extern "C" int boathouse_memory_refused(std::size_t);

void *operator new(std::size_t n) {
	void *p = boathouse_memory_refused(n) ? nullptr : std::malloc(n ? n : 1);
	if (p == nullptr)
		throw std::bad_alloc();
	return p;
}

void *operator new[](std::size_t n) { return operator new(n); }

void operator delete(void *p) noexcept { std::free(p); }
void operator delete[](void *p) noexcept { std::free(p); }
void operator delete(void *p, std::size_t) noexcept { std::free(p); }
void operator delete[](void *p, std::size_t) noexcept { std::free(p); }
