package demo

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/boathouse-data/boathouse/internal/app/demo/plot"
	"github.com/boathouse-data/boathouse/internal/app/demo/weather"
)

// group reads a result file with the columns dt and temperature and sums up by
// day. Rows may come in any order.
func group(r io.Reader) ([]weather.Day, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.ReuseRecord = 2, true
	if _, err := in.Read(); err != nil { // the head
		return nil, err
	}
	sums := map[string]*weather.Day{}
	for {
		rec, err := in.Read()
		if errors.Is(err, io.EOF) {
			return sorted(sums)
		}
		if err != nil {
			return nil, err
		}
		t, err := strconv.ParseFloat(rec[1], 64)
		if err != nil || len(rec[0]) < 10 {
			return nil, fmt.Errorf("row %q makes no sense", rec)
		}
		d := sums[rec[0][:10]]
		if d == nil {
			d = new(weather.Day)
			sums[rec[0][:10]] = d
		}
		d.Count++
		d.SumTenths += int64(math.Round(t * 10))
	}
}

func sorted(sums map[string]*weather.Day) ([]weather.Day, error) {
	days := make([]weather.Day, 0, len(sums))
	for date := time.Date(weather.AskedFrom, 1, 1, 0, 0, 0, 0, time.UTC); date.Year() <= weather.AskedTo; date = date.AddDate(0, 0, 1) {
		key := date.Format(time.DateOnly)
		if d := sums[key]; d != nil {
			d.Date = date
			days = append(days, *d)
			delete(sums, key)
		}
	}
	for key := range sums {
		return nil, fmt.Errorf("day %s was not asked for", key)
	}
	return days, nil
}

// askPostgres lets the server group the same rows, and count all rows by year.
func askPostgres(ctx context.Context, dsn string) (days []weather.Day, years map[int]int64, err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `SELECT CAST(dt AS date) AS day, sum(value) AS tenths, count(*) AS n
FROM `+database+`.noaa
WHERE year BETWEEN 1887 AND 1889 AND substr(id, 1, 2) = 'US' AND element = 'TMAX' AND q_flag IS NULL
GROUP BY 1 ORDER BY 1`)
	if err != nil {
		return nil, nil, err
	}
	days, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (d weather.Day, err error) {
		return d, r.Scan(&d.Date, &d.SumTenths, &d.Count)
	})
	if err != nil {
		return nil, nil, err
	}
	rows, err = conn.Query(ctx, `SELECT year, count(*) FROM `+database+`.noaa GROUP BY 1`)
	if err != nil {
		return nil, nil, err
	}
	years = map[int]int64{}
	var year int
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&year, &n}, func() error {
		years[year] = n
		return nil
	})
	return days, years, err
}

// same says where two answers differ. Sums are in whole tenths, so that equal
// means equal.
func same(got, want []weather.Day) error {
	if len(got) != len(want) {
		return fmt.Errorf("the answer is wrong: %d days, %d were written", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			return fmt.Errorf("the answer is wrong on %s: %d values with the sum %d, %d with %d were written",
				want[i].Date.Format(time.DateOnly), got[i].Count, got[i].SumTenths, want[i].Count, want[i].SumTenths)
		}
	}
	return nil
}

// rolling is the mean of n days around each, NaN where they are not all there,
// as a data frame's rolling(window=n, center=True).mean() has it.
func rolling(values []float64, n int) []float64 {
	out := make([]float64, len(values))
	for i := range out {
		from := i - n/2
		to := from + n
		if from < 0 || to > len(values) {
			out[i] = math.NaN()
			continue
		}
		sum := 0.0
		for _, v := range values[from:to] {
			sum += v
		}
		out[i] = sum / float64(n)
	}
	return out
}

// show writes the answer: months as a table, days as two charts.
func (f *frames) show() {
	fmt.Fprintf(f.out, "\n%s\n\n%s\n\n", f.screen.bold("The question"), indent(question))
	fmt.Fprintf(f.out, "%s\n\n", f.screen.bold("The answer: average daily maximum at the US stations, °C"))
	f.months()
	values := make([]float64, len(f.answer))
	for i, d := range f.answer {
		values[i] = d.Mean()
	}
	for _, c := range []struct {
		title, colour string
		values        []float64
	}{
		{"average maximum of each day", "\x1b[36m", values},
		{"moving average, 30 days around each", "\x1b[33m", rolling(values, 30)},
	} {
		chart := plot.Chart{Title: c.title, Unit: "°C", From: f.answer[0].Date, Values: c.values, Width: f.screen.width - 13, Height: 11}
		if f.screen.colour {
			chart.Colour = c.colour
		}
		fmt.Fprintln(f.out)
		if err := chart.Write(f.out); err != nil {
			return // the terminal is gone; what follows will say so
		}
	}
	fmt.Fprintf(f.out, "\n%s %s rows and %s daily averages agree with what was counted while the files were written.\n",
		f.screen.good("✓"), thousands(f.facts.Matching()), thousands(int64(len(f.answer))))
}

// months is a table of the years' months.
func (f *frames) months() {
	var sum [weather.AskedTo - weather.AskedFrom + 1][13]weather.Day
	for _, d := range f.answer {
		s := &sum[d.Date.Year()-weather.AskedFrom][d.Date.Month()]
		s.SumTenths += d.SumTenths
		s.Count += d.Count
	}
	fmt.Fprint(f.out, "       ")
	for m := time.January; m <= time.December; m++ {
		fmt.Fprintf(f.out, "%6s", m.String()[:3])
	}
	fmt.Fprintln(f.out)
	for y := range sum {
		fmt.Fprintf(f.out, "  %d ", weather.AskedFrom+y)
		for m := 1; m <= 12; m++ {
			fmt.Fprintf(f.out, "%6.1f", sum[y][m].Mean())
		}
		fmt.Fprintln(f.out)
	}
}

func indent(text string) string {
	out := ""
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out += "\n"
		}
		out += "  " + line
	}
	return out
}
