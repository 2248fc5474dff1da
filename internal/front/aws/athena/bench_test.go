package athena_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// BenchmarkSelect streams five million rows of three columns into a result file.
func BenchmarkSelect(b *testing.B) {
	const rows = 5_000_000
	const sql = "WITH d(x) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), k(x) AS (SELECT a.x + 10 * b.x + 100 * c.x FROM d AS a CROSS JOIN d AS b CROSS JOIN d AS c)" +
		" SELECT a.x * 5000 + b.x * 5 + c.x AS n, b.x / 3.5E0 AS f, 'row ' || CAST(b.x AS varchar) AS s FROM k AS a CROSS JOIN k AS b CROSS JOIN (SELECT x FROM d WHERE x < 5) AS c"
	w := open(b)
	for b.Loop() {
		stop, peak := make(chan bool), make(chan uint64)
		go func() { peak <- heapPeak(stop) }()
		e := w.succeeded(b, sql)
		close(stop)
		b.ReportMetric(float64(<-peak)/1e6, "MB-heap")
		b.ReportMetric(float64(rows)/(float64(*e.Statistics.TotalExecutionTimeInMillis)/1000), "rows/s")
		b.Logf("%d ms, %s", *e.Statistics.TotalExecutionTimeInMillis, aws.ToString(e.ResultConfiguration.OutputLocation))
	}
}

// heapPeak samples the heap until it is stopped.
func heapPeak(stop chan bool) (peak uint64) {
	var m runtime.MemStats
	for {
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
		select {
		case <-stop:
			return peak
		case <-time.After(20 * time.Millisecond):
		}
	}
}
