package syscat

import "strings"

// types are the relations of types, collations and what belongs to them.
func types() []relation {
	return []relation{
		{schema: "pg_catalog", name: "pg_type", oid: typeClass, kind: "r", rows: typeRows, columns: "oid oid, typname name, typnamespace oid, typowner oid, typlen int2, typbyval bool, typtype char, typcategory char, typispreferred bool, typisdefined bool, typdelim char, typrelid oid, typsubscript regproc, typelem oid, typarray oid, typinput regproc, typoutput regproc, typreceive regproc, typsend regproc, typmodin regproc, typmodout regproc, typanalyze regproc, typalign char, typstorage char, typnotnull bool, typbasetype oid, typtypmod int4, typndims int4, typcollation oid, typdefaultbin text, typdefault text, typacl text[]"},
		{schema: "pg_catalog", name: "pg_collation", oid: 3456, kind: "r", rows: collationRows, columns: "oid oid, collname name, collnamespace oid, collowner oid, collprovider char, collisdeterministic bool, collencoding int4, collcollate text, collctype text, colliculocale text, collversion text"},
		{schema: "pg_catalog", name: "pg_am", oid: 2601, kind: "r", rows: accessRows, columns: "oid oid, amname name, amhandler regproc, amtype char"},
		{schema: "pg_catalog", name: "pg_language", oid: 2612, kind: "r", rows: languageRows, columns: "oid oid, lanname name, lanowner oid, lanispl bool, lanpltrusted bool, lanplcallfoid oid, laninline oid, lanvalidator oid, lanacl text[]"},
		{schema: "pg_catalog", name: private + "type", kind: "v", rows: typeNameRows, columns: "b_oid oid, b_name text, b_short text, b_modifier text, b_suffix text"},
		{schema: "pg_catalog", name: private + "keyword", kind: "v", rows: keywordRows, columns: "word text, catcode char, barelabel bool, catdesc text, baredesc text"},
	}
}

func typeRows(v *view) (out []row) {
	for _, t := range builtin() {
		r := typeRow(t.oid, t.name, t.size, t.category, t.array, 0)
		r["typispreferred"] = t.name == "text" || t.name == "float8" || t.name == "timestamptz" || t.name == "bool"
		if t.category == "P" || t.category == "X" {
			r["typtype"] = "p"
		}
		if t.category == "S" {
			r["typcollation"] = defaultCollation
		}
		out = append(out, r)
		if t.array != 0 {
			a := typeRow(t.array, "_"+t.name, -1, "A", 0, t.oid)
			a["typinput"], a["typoutput"], a["typsubscript"] = "array_in", "array_out", "array_subscript_handler"
			out = append(out, a)
		}
	}
	v.each(func(t *table) {
		r := typeRow(t.rowType, t.name, -1, "C", 0, 0)
		r["typnamespace"], r["typtype"], r["typrelid"], r["typinput"] = t.schema.oid, "c", t.oid, "record_in"
		out = append(out, r)
	})
	return out
}

func typeRow(oid int64, name string, size int, category string, array, elem int64) row {
	storage := "p"
	if size == -1 {
		storage = "x"
	}
	return row{
		"oid": oid, "typname": name, "typnamespace": catalogOID, "typowner": ownerOID, "typlen": size, "typbyval": size > 0 && size <= 8,
		"typtype": "b", "typcategory": category, "typispreferred": false, "typisdefined": true, "typdelim": ",", "typrelid": 0,
		"typsubscript": "-", "typelem": elem, "typarray": array, "typinput": name + "in", "typoutput": name + "out", "typreceive": name + "recv",
		"typsend": name + "send", "typmodin": "-", "typmodout": "-", "typanalyze": "-", "typalign": "i", "typstorage": storage,
		"typnotnull": false, "typbasetype": 0, "typtypmod": -1, "typndims": 0, "typcollation": 0,
	}
}

// typeNameRows is what format_type looks up.
func typeNameRows(v *view) (out []row) {
	for _, t := range builtin() {
		out = append(out, row{"b_oid": t.oid, "b_name": t.shown, "b_short": t.name, "b_modifier": t.modifier, "b_suffix": ""})
		if t.array != 0 {
			out = append(out, row{"b_oid": t.array, "b_name": t.shown, "b_short": "_" + t.name, "b_modifier": t.modifier, "b_suffix": "[]"})
		}
	}
	v.each(func(t *table) {
		out = append(out, row{"b_oid": t.rowType, "b_name": quoteName(t.name), "b_short": t.name, "b_modifier": "", "b_suffix": ""})
	})
	return out
}

func collationRows(*view) []row {
	of := func(oid int64, name string) row {
		return row{"oid": oid, "collname": name, "collnamespace": catalogOID, "collowner": ownerOID, "collprovider": "c",
			"collisdeterministic": true, "collencoding": -1, "collcollate": "C", "collctype": "C"}
	}
	d := of(defaultCollation, "default")
	d["collprovider"] = "d"
	return []row{d, of(950, "C"), of(951, "POSIX")}
}

func accessRows(*view) []row {
	return []row{{"oid": heapOID, "amname": "heap", "amhandler": "heap_tableam_handler", "amtype": "t"}}
}

func languageRows(*view) []row {
	return []row{{"oid": 14, "lanname": "sql", "lanowner": ownerOID, "lanispl": false, "lanpltrusted": true,
		"lanplcallfoid": 0, "laninline": 0, "lanvalidator": 0}}
}

// keywordRows are words that names must be quoted for.
func keywordRows(*view) (out []row) {
	for _, w := range strings.Fields("all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with qualify pivot unpivot show describe summarize") {
		out = append(out, row{"word": w, "catcode": "R", "barelabel": true, "catdesc": "reserved", "baredesc": "can be bare label"})
	}
	return out
}
