package main

import (
	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/front/aws/athena"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/front/aws/glue"
	"github.com/boathouse-data/boathouse/internal/front/aws/iam"
	"github.com/boathouse-data/boathouse/internal/front/aws/s3"
	"github.com/boathouse-data/boathouse/internal/front/aws/sts"
)

// pages lists the doors. A door of another protocol gives its own rows, as S3
// does here.
func pages() []page {
	return []page{
		ofDoor("athena", "Amazon Athena", "AWS JSON 1.1 at the AWS address; queries run on the built-in engine in the Trino dialect.", athena.New(athena.Config{})),
		ofDoor("glue", "AWS Glue Data Catalog", "AWS JSON 1.1 at the AWS address. The catalog only: no crawlers, jobs, connections or schema registry.", glue.New(glue.Config{})),
		ofDoor("iam", "AWS Identity and Access Management", "The query protocol at the AWS address; policies in the AWS JSON language decide at every door.", iam.Door(nil)),
		{file: "s3", title: "Amazon S3", about: "REST-XML at the AWS address, path style and virtual host style.", noun: "operation", rows: ofS3(s3.Operations())},
		{file: "sql-lake", title: "Functions of the query-in-place SQL (Trino dialect)", noun: "function", rows: ofFunctions(dialect.Functions()),
			about: "What may be called in queries at the Athena door. CASE, CAST, TRY_CAST, TRY, IF, EXTRACT, INTERVAL, UNNEST, lambdas, subscripts and AT TIME ZONE are part of the language and served too. Each function that is served has its value in `internal/compute/dialect/testdata`. What differs everywhere: the quotient of decimals has 38 digits, `date - date` is a number of days, the sum of real values is a double, and a zoned timestamp is an instant that is shown in UTC."},
		ofDoor("sts", "AWS Security Token Service", "The query protocol at the AWS address.", sts.Door(nil)),
	}
}

// ofDoor reads the table of an AWS door.
func ofDoor(file, title, about string, d gate.Door) page {
	p := page{file: file, title: title, about: about, noun: "operation"}
	served := map[string]bool{}
	for _, op := range d.Ops {
		served[op.Name] = true
		p.rows = append(p.rows, row{op.Name, true, op.Limit})
	}
	for _, name := range d.Known {
		if !served[name] {
			p.rows = append(p.rows, row{name: name})
		}
	}
	return p
}

func ofS3(ops []s3.Operation) []row {
	rows := make([]row, len(ops))
	for i, o := range ops {
		rows[i] = row{o.Name, o.Served, o.Limit}
	}
	return rows
}

// ofFunctions reads the table of the lake dialect's functions.
func ofFunctions(functions []dialect.Function) []row {
	rows := make([]row, len(functions))
	for i, f := range functions {
		rows[i] = row{f.Name, f.Status != dialect.No, f.Note}
	}
	return rows
}
