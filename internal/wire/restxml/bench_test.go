package restxml_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/wire/restxml"
)

type entry struct {
	Key      string    `xml:"Key"`
	Modified time.Time `xml:"LastModified"`
	ETag     string    `xml:"ETag"`
	Size     int64     `xml:"Size"`
	Class    string    `xml:"StorageClass"`
}

type pageBody struct {
	Name     string  `xml:"Name"`
	Contents []entry `xml:"Contents"`
}

type pageOut struct {
	List pageBody `body:"ListBucketResult"`
}

func newPage() *pageOut {
	out := &pageOut{}
	for i := range 1000 {
		out.List.Contents = append(out.List.Contents, entry{fmt.Sprintf("folder/of/keys/%08d", i), time.Now(), `"d41d8cd98f00b204e9800998ecf8427e"`, 12345, "STANDARD"})
	}
	return out
}

// BenchmarkEncode writes a page of 1,000 keys.
func BenchmarkEncode(b *testing.B) {
	plan, out := restxml.NewPlan(reflect.TypeFor[pageOut]()), newPage()
	for b.Loop() {
		plan.Encode(http.Header{}, out, "urn:x")
	}
}

// BenchmarkStandard is the same by encoding/xml, to compare.
func BenchmarkStandard(b *testing.B) {
	out := newPage()
	for b.Loop() {
		if _, err := xml.Marshal(out.List); err != nil {
			b.Fatal(err)
		}
	}
}
