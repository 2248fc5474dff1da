package main

import (
	"github.com/boathouse-data/boathouse/internal/front/aws/athena"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/front/aws/glue"
)

// pages lists the doors.
func pages() []page {
	return []page{
		ofDoor("athena", "Amazon Athena", "AWS JSON 1.1 at the AWS address; queries run on the built-in engine in the Trino dialect.", athena.New(athena.Config{})),
		ofDoor("glue", "AWS Glue Data Catalog", "AWS JSON 1.1 at the AWS address. The catalog only: no crawlers, jobs, connections or schema registry.", glue.New(glue.Config{})),
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
