package duck

// The engine's memory_limit counts the buffers of its operators, not the values
// that expressions make: a list of lists in one row can take all memory of the
// machine, whose kernel then kills the server. So the engine's allocator is
// bounded too, and operator new of C++. The linker puts memory_linux.c before
// them; a request of 64 KiB or
// more that would take the process past ProcessMaxBytes gets nothing, which the
// engine turns into OutOfMemory for the statement that asked. The bound is of
// the process: the last engine that starts sets it. On systems other than Linux
// there is none.

// processMax is ProcessMaxBytes or, when that is 0, room for as much as the
// engine's buffers again, and 1 GiB at least.
func (c *Config) processMax() int64 {
	if c.ProcessMaxBytes > 0 {
		return c.ProcessMaxBytes
	}
	return c.MemoryMaxBytes + max(c.MemoryMaxBytes, 1<<30)
}
