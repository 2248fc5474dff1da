package duck

/*
#include <stdint.h>
#include <stdlib.h>

// The engine's handles are pointers to structs of its own.
extern void boathouseTextFunction(void *info, void *chunk, void *out);

static void *boathouse_text_function(void) { return (void *)boathouseTextFunction; }
static void *boathouse_free(void) { return (void *)free; }
*/
import "C"

import (
	"fmt"
	"runtime/cgo"
	"unsafe"

	dk "github.com/duckdb/duckdb-go-bindings"
)

// TextFunction is a scalar function in Go that the engine's SQL can call as
// name(text, spec): Make reads the spec, which must be the same for all rows,
// and the function it returns appends what a text becomes to dst, or returns
// nil for null. It runs on the engine's own threads, 2,048 texts at a time.
type TextFunction struct {
	Name string
	Make func(spec string) func(dst, in []byte) ([]byte, error)
}

// register gives the instance a function.
func (c *Conn) register(f *TextFunction) error {
	sf := dk.CreateScalarFunction()
	defer dk.DestroyScalarFunction(&sf)
	dk.ScalarFunctionSetName(sf, f.Name)
	text := dk.CreateLogicalType(dk.TypeVarchar)
	defer dk.DestroyLogicalType(&text)
	dk.ScalarFunctionAddParameter(sf, text)
	dk.ScalarFunctionAddParameter(sf, text)
	dk.ScalarFunctionSetReturnType(sf, text)
	cell := (*C.uintptr_t)(C.malloc(C.size_t(unsafe.Sizeof(C.uintptr_t(0)))))
	*cell = C.uintptr_t(cgo.NewHandle(f)) // lives as long as the process: an instance has few
	dk.ScalarFunctionSetExtraInfo(sf, unsafe.Pointer(cell), C.boathouse_free())
	dk.ScalarFunctionSetFunction(sf, C.boathouse_text_function())
	if dk.RegisterScalarFunction(c.c, sf) == dk.StateError {
		return fmt.Errorf("duckdb: function %s is refused", f.Name)
	}
	return nil
}

//export boathouseTextFunction
func boathouseTextFunction(info, chunk, out unsafe.Pointer) {
	fi := dk.FunctionInfo{Ptr: info}
	defer func() {
		if p := recover(); p != nil {
			dk.ScalarFunctionSetError(fi, fmt.Sprintf("panic: %v", p))
		}
	}()
	f := cgo.Handle(*(*C.uintptr_t)(dk.ScalarFunctionGetExtraInfo(fi))).Value().(*TextFunction)
	if err := f.run(dk.DataChunk{Ptr: chunk}, dk.Vector{Ptr: out}); err != nil {
		dk.ScalarFunctionSetError(fi, err.Error())
	}
}

func (f *TextFunction) run(chunk dk.DataChunk, out dk.Vector) error {
	n := int(dk.DataChunkGetSize(chunk))
	if n == 0 {
		return nil
	}
	in, spec := dk.DataChunkGetVector(chunk, 0), dk.DataChunkGetVector(chunk, 1)
	call := f.Make(string(stringAt(dk.VectorGetData(spec), 0)))
	base, valid := dk.VectorGetData(in), dk.VectorGetValidity(in)
	var nulls unsafe.Pointer
	var buf []byte
	for i := range n {
		var text []byte
		if valid == nil || dk.ValidityRowIsValid(valid, dk.IdxT(i)) {
			var err error
			if text, err = call(buf[:0], stringAt(base, i)); err != nil {
				return err
			}
		}
		if text == nil {
			if nulls == nil {
				dk.VectorEnsureValidityWritable(out)
				nulls = dk.VectorGetValidity(out)
			}
			dk.ValiditySetRowInvalid(nulls, dk.IdxT(i))
			continue
		}
		buf = text
		dk.VectorAssignStringElementLen(out, dk.IdxT(i), text)
	}
	return nil
}
