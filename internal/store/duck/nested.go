package duck

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	dk "github.com/duckdb/duckdb-go-bindings"
)

// list copies a LIST, ARRAY or MAP: offsets, and the elements that the rows
// name. The engine's elements may be in any order and hold some that no row
// names, so they are picked.
func (s *source) list(base unsafe.Pointer, valid []byte) (arrow.ArrayData, error) {
	offsets := make([]byte, 4*(s.n+1))
	var pick []uint32
	inOrder := true
	for i := range s.n {
		if !isNull(valid, i) {
			first, count := s.span(base, s.at(i))
			if len(pick)+int(count) > math.MaxInt32 {
				return nil, outOfRange("2,048 rows hold more than 2^31 list elements")
			}
			inOrder = inOrder && first == uint64(len(pick))
			for j := range count {
				pick = append(pick, uint32(first+j))
			}
		}
		binary.LittleEndian.PutUint32(offsets[4*(i+1):], uint32(len(pick)))
	}
	elem, err := s.elements(pick, inOrder)
	if err != nil {
		return nil, err
	}
	return array.NewData(s.to.Arrow(), s.n, buffers(valid, offsets), []arrow.ArrayData{elem}, s.nulls(valid), 0), nil
}

// span is where a row's elements are.
func (s *source) span(base unsafe.Pointer, i int) (first, count uint64) {
	if s.from.Kind == "ARRAY" {
		w := uint64(s.from.Width)
		return uint64(i) * w, w
	}
	e := (*[2]uint64)(unsafe.Add(base, i*16))
	return e[0], e[1]
}

func (s *source) elements(pick []uint32, inOrder bool) (arrow.ArrayData, error) {
	n := len(pick)
	if inOrder {
		pick = nil
	} else if pick == nil {
		pick = []uint32{}
	}
	if s.from.Kind == "ARRAY" {
		e := source{vec: dk.ArrayVectorGetChild(s.vec), from: s.from.Elem, to: s.to.Elem, n: n, pick: pick}
		return e.data()
	}
	child := dk.ListVectorGetChild(s.vec)
	if s.from.Kind == "LIST" {
		e := source{vec: child, from: s.from.Elem, to: s.to.Elem, n: n, pick: pick}
		return e.data()
	}
	key := source{vec: dk.StructVectorGetChild(child, 0), from: s.from.Key, to: s.to.Key, n: n, pick: pick}
	val := source{vec: dk.StructVectorGetChild(child, 1), from: s.from.Elem, to: s.to.Elem, n: n, pick: pick}
	k, err := key.data()
	if err != nil {
		return nil, err
	}
	v, err := val.data()
	if err != nil {
		return nil, err
	}
	entry := s.to.Arrow().(*arrow.MapType).Elem()
	return array.NewData(entry, n, buffers(nil, nil)[:1], []arrow.ArrayData{k, v}, 0, 0), nil
}

func (s *source) fields(valid []byte) (arrow.ArrayData, error) {
	children := make([]arrow.ArrayData, len(s.from.Fields))
	for i := range s.from.Fields {
		f := source{vec: dk.StructVectorGetChild(s.vec, dk.IdxT(i)), from: &s.from.Fields[i].Type, to: &s.to.Fields[i].Type, n: s.n, pick: s.pick}
		data, err := f.data()
		if err != nil {
			return nil, err
		}
		children[i] = data
	}
	return array.NewData(s.to.Arrow(), s.n, buffers(valid, nil)[:1], children, s.nulls(valid), 0), nil
}
