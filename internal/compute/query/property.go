package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// options are the properties that say how a statement writes.
type options struct {
	form        string // "PARQUET", "TEXTFILE", "JSON"
	compression string // "GZIP", "SNAPPY", "ZSTD", "NONE"
	location    string
	partitions  []string
	delimiter   string
}

// readOptions reads WITH (...). A property that is not known, or not honoured,
// is refused by its name.
func (p *prepared) readOptions(props dialect.Properties, unload bool) (o options, err error) {
	for _, e := range props {
		if err := p.readOption(&o, e, unload); err != nil {
			return o, err
		}
	}
	if o.form == "" {
		o.form = "PARQUET"
		if unload {
			return o, p.src.fail(Semantic, 0, "UNLOAD needs the property format: PARQUET, JSON or TEXTFILE")
		}
	}
	if o.delimiter != "" && o.form != "TEXTFILE" {
		return o, p.src.fail(Semantic, 0, "Cannot specify field_delimiter for the format %s: it is for TEXTFILE", o.form)
	}
	if o.compression == "" {
		o.compression = "GZIP"
	}
	if !slices.Contains(compressions()[o.form], o.compression) {
		return o, p.src.fail(Unsupported, 0, "the compression %s is not supported for %s: use %s", o.compression, o.form, strings.Join(compressions()[o.form], ", "))
	}
	return o, nil
}

func compressions() map[string][]string {
	return map[string][]string{"PARQUET": {"GZIP", "SNAPPY", "ZSTD", "LZ4", "NONE"}, "TEXTFILE": {"GZIP", "ZSTD", "NONE"}, "JSON": {"GZIP", "ZSTD", "NONE"}}
}

func (p *prepared) readOption(o *options, e dialect.Property, unload bool) error {
	upper := strings.ToUpper(e.Value.Text)
	switch key := strings.ToLower(e.Key); key {
	case "format":
		switch upper {
		case "PARQUET", "JSON", "TEXTFILE":
			o.form = upper
		default:
			return p.src.fail(Unsupported, e.Offset, "the format %s is not supported: use PARQUET, JSON or TEXTFILE", upper)
		}
	case "write_compression", "compression", "parquet_compression":
		if key == "parquet_compression" && unload || key == "compression" && !unload {
			return p.src.fail(Semantic, e.Offset, "table property '%s' does not exist", e.Key)
		}
		if o.compression = upper; upper == "UNCOMPRESSED" {
			o.compression = "NONE"
		}
	case "external_location":
		if unload {
			return p.src.fail(Semantic, e.Offset, "UNLOAD property '%s' does not exist: the location stands after TO", e.Key)
		}
		o.location = e.Value.Text
	case "partitioned_by":
		for _, v := range e.Value.List {
			o.partitions = append(o.partitions, strings.ToLower(v.Text))
		}
	case "field_delimiter":
		o.delimiter = control(e.Value.Text)
	case "is_external":
		if !strings.EqualFold(e.Value.Text, "true") {
			return p.src.fail(Unsupported, e.Offset, "is_external = false is not supported: tables are made of files")
		}
	case "table_type":
		if upper != "HIVE" {
			return p.src.fail(Unsupported, e.Offset, "table_type %s is not supported: use HIVE", upper)
		}
	case "bucketed_by", "bucket_count", "orc_compression", "compression_level", "location", "partitioning", "vacuum_max_snapshot_age_seconds",
		"vacuum_min_snapshots_to_keep", "optimize_rewrite_delete_file_threshold", "optimize_rewrite_data_file_threshold":
		return p.src.fail(Unsupported, e.Offset, "the property %s is not supported", e.Key)
	default:
		return p.src.fail(Semantic, e.Offset, "table property '%s' does not exist", e.Key)
	}
	return nil
}

// outForm is how files are written with the options.
func (o options) outForm() outForm {
	switch o.form {
	case "PARQUET":
		codec := o.compression
		if codec == "NONE" {
			codec = "UNCOMPRESSED"
		} else if codec == "LZ4" {
			codec = "LZ4_RAW"
		}
		return outForm{options: "FORMAT parquet, COMPRESSION " + strings.ToLower(codec), extension: ".parquet", parquet: true}
	case "JSON":
		return outForm{options: textOptions("\x01", `\N`, o.compression), extension: ".json" + textExtension(o.compression), json: true}
	}
	delim := o.delimiter
	if delim == "" {
		delim = "\x01"
	}
	return outForm{options: textOptions(delim, `\N`, o.compression), extension: textExtension(o.compression),
		delims: delimited{delim: delim, null: `\N`, items: "\x02", pairs: "\x03"}}
}

func textOptions(delim, null, compression string) string {
	return fmt.Sprintf("FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER %s, NULLSTR %s, COMPRESSION %s", literal(delim), literal(null), strings.ToLower(compression))
}

func textExtension(compression string) string {
	return map[string]string{"GZIP": ".gz", "ZSTD": ".zst", "NONE": ""}[compression]
}

// list is what is selected to write fields as columns: data columns first, then
// partition keys as they are.
func (f outForm) list(columns []outColumn, fields []string, keys int) string {
	var out, pairs []string
	for i, c := range columns {
		cast := fmt.Sprintf("CAST(%s AS %s)", fields[i], c.kind.Engine())
		switch {
		case i >= len(columns)-keys || f.parquet:
			if c.kind.Kind == dialect.Varchar && i >= len(columns)-keys {
				cast = fmt.Sprintf("nullif(%s, '')", cast) // Hive has no empty partition values
			}
			out = append(out, cast+" AS "+dialect.QuoteIdentifier(c.name))
		case f.json:
			pairs = append(pairs, dialect.QuoteString(c.name)+", "+cast)
		default:
			out = append(out, f.delims.write(cast, c.kind, 0)+" AS "+dialect.QuoteIdentifier(c.name))
		}
	}
	if f.json {
		out = append([]string{"json_object(" + strings.Join(pairs, ", ") + ")::VARCHAR AS " + dialect.QuoteIdentifier(jsonLine)}, out...)
	}
	return strings.Join(out, ", ")
}

// jsonLine is the one column of files of JSON lines while they are written.
const jsonLine = "$line"

// write is a value as Hive's text.
func (d delimited) write(v string, kind dialect.Type, depth int) string {
	switch kind.Kind {
	case dialect.Varbinary:
		return "to_base64(" + v + ")"
	case dialect.Array:
		return fmt.Sprintf("array_to_string(list_transform(%s, lambda x%d: coalesce(%s, %s)), %s)", v, depth,
			d.write(fmt.Sprintf("x%d", depth), kind.Fields[0].Type, depth+1), literal(d.null), literal(d.level(depth)))
	case dialect.Map:
		entry := fmt.Sprintf("%s || %s || coalesce(%s, %s)", d.write(fmt.Sprintf("x%d.key", depth), kind.Fields[0].Type, depth+2), literal(d.level(depth+1)),
			d.write(fmt.Sprintf("x%d.value", depth), kind.Fields[1].Type, depth+2), literal(d.null))
		return fmt.Sprintf("array_to_string(list_transform(map_entries(%s), lambda x%d: %s), %s)", v, depth, entry, literal(d.level(depth)))
	case dialect.Row:
		parts := make([]string, len(kind.Fields))
		for i, f := range kind.Fields {
			parts[i] = fmt.Sprintf("coalesce(%s, %s)", d.write(v+"."+dialect.QuoteIdentifier(f.Name), f.Type, depth+1), literal(d.null))
		}
		return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN concat_ws(%s, %s) END", v, literal(d.level(depth)), strings.Join(parts, ", "))
	}
	text := "CAST(" + v + " AS VARCHAR)"
	if d.escape != "" {
		for _, special := range []string{d.escape, d.delim, "\n"} {
			text = fmt.Sprintf("replace(%s, %s, %s)", text, literal(special), literal(d.escape+special))
		}
	}
	return text
}

// level is the separator of a nested value: Hive counts on from \x02.
func (d delimited) level(depth int) string {
	switch depth {
	case 0:
		return d.items
	case 1:
		return d.pairs
	}
	return string(rune(depth + 2))
}
