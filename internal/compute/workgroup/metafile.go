package workgroup

import "encoding/binary"

// The companion of a result file is a protocol-buffers message without a
// published schema. The field numbers are those that open-source JDBC drivers
// read (burtcorp/athena-jdbc, AthenaMetaDataParser): 1 the query's id, 2 the
// kind of update, 3 the rows it changed, 4 a column each: 1 catalog, 4 name,
// 5 label, 6 type, 7 precision, 8 scale, 9 nullable (3: unknown), 10 case
// sensitive. Members that a type does not have are left out.
func metadataFile(id string, c Class, cols []Column, updated int64) []byte {
	b := appendString(nil, 1, id)
	if c.Update != "" {
		b = appendString(b, 2, c.Update)
		b = appendUint(b, 3, uint64(updated))
	}
	for _, col := range cols {
		b = appendString(b, 4, string(columnMessage(col)))
	}
	return b
}

func columnMessage(c Column) []byte {
	const unknown = 3
	f := factsOf[c.Type]
	if c.Type == "varchar" && c.Precision == 0 {
		f = facts{} // text about things has no length
	}
	b := appendString(nil, 1, CatalogName)
	b = appendString(b, 4, c.Name)
	b = appendString(b, 5, c.Name)
	b = appendString(b, 6, c.Type)
	if f.sized {
		b = appendUint(b, 7, uint64(c.Precision))
	}
	if f.scaled {
		b = appendUint(b, 8, uint64(c.Scale))
	}
	b = appendUint(b, 9, unknown)
	if f.cased {
		b = appendUint(b, 10, uint64(btoi(c.CaseSensitive)))
	}
	return b
}

// CatalogName is what results say of every column's catalog.
const CatalogName = "hive"

func appendString(b []byte, field int, s string) []byte {
	const lengthDelimited = 2
	b = binary.AppendUvarint(b, uint64(field<<3|lengthDelimited))
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendUint(b []byte, field int, v uint64) []byte {
	b = binary.AppendUvarint(b, uint64(field<<3))
	return binary.AppendUvarint(b, v)
}
