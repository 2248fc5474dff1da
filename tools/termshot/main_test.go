package main

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestPicture(t *testing.T) {
	lines, err := read(strings.NewReader("\x1b[1mTitle\x1b[0m <&> text\n│\x1b[36m⠿⡇\x1b[0m\n\n"))
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	var out bytes.Buffer
	if err := write(&out, lines); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(out.Bytes())); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{`font-weight="bold"`, ">Title<", "&lt;&amp;&gt;", palette["36"]} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}
