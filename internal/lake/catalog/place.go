package catalog

import "strings"

// A place is a partition's values as one text, made so that the byte order of
// places is the order of the values, value by value, and that all partitions
// which share their first values are one range:
//
//	value [ 0x01 value ]...      bytes 0x00-0x02 in a value: 0x02 '0' | '1' | '2'
//
// 0x01 is below every byte of a written value, so "a" comes before "a0"; 0x00
// is not used because not every database keeps it in text.
const (
	placeBetween = "\x01"
	placeEscape  = '\x02'
)

func place(values []string) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(placeBetween)
		}
		for j := range len(v) {
			if c := v[j]; c > placeEscape {
				b.WriteByte(c)
			} else {
				b.WriteByte(placeEscape)
				b.WriteByte('0' + c)
			}
		}
	}
	return b.String()
}

// placeAfter is a text above every place that begins with the values, and
// below all others that come after them.
func placeAfter(values []string) string { return place(values) + string(placeEscape) }

// values is the inverse of place.
func values(place string) []string {
	parts := strings.Split(place, placeBetween)
	for i, p := range parts {
		if strings.IndexByte(p, placeEscape) < 0 {
			continue
		}
		b := make([]byte, 0, len(p))
		for j := 0; j < len(p); j++ {
			c := p[j]
			if c == placeEscape && j+1 < len(p) {
				j++
				c = p[j] - '0'
			}
			b = append(b, c)
		}
		parts[i] = string(b)
	}
	return parts
}
