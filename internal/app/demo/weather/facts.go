package weather

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Facts are counts of rows, made while they are written and with integers
// only. They answer the question of blueprint 19: the average maximum
// temperature of each day in the United States, 1887 to 1889, from values that
// quality control let pass.
type Facts struct {
	Rows  int64
	Years []YearFacts
	Daily []Day // by date; days without a value are not there
}

// YearFacts is what one file holds.
type YearFacts struct {
	Year        int
	Rows, Bytes int64
}

// Day is the sum of one day's good US maxima.
type Day struct {
	Date      time.Time
	SumTenths int64 // of a degree Celsius
	Count     int64
}

// Mean is the day's average maximum in degrees Celsius.
func (d Day) Mean() float64 { return float64(d.SumTenths) / float64(d.Count) / 10 }

// The span of the question, first and last year.
const (
	AskedFrom = 1887
	AskedTo   = 1889
)

// Matching is the number of rows that the question is about.
func (f *Facts) Matching() (n int64) {
	for _, d := range f.Daily {
		n += d.Count
	}
	return n
}

func (f *Facts) add(id, element string, value int, qFlag string, day time.Time) {
	f.Rows++
	if element != "TMAX" || qFlag != "" || !strings.HasPrefix(id, "US") || day.Year() < AskedFrom || day.Year() > AskedTo {
		return
	}
	if n := len(f.Daily); n == 0 || !f.Daily[n-1].Date.Equal(day) {
		f.Daily = append(f.Daily, Day{Date: day})
	}
	d := &f.Daily[len(f.Daily)-1]
	d.SumTenths += int64(value)
	d.Count++
}

// Count reads files in the layout, in the order of their dates, and counts
// what the generator would have counted.
func Count(r io.Reader, into *Facts) error {
	in := csv.NewReader(r)
	in.FieldsPerRecord = 8
	in.ReuseRecord = true
	for line := 1; ; line++ {
		rec, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		day, err := time.Parse("20060102", rec[1])
		if err != nil {
			return fmt.Errorf("line %d: %q is not a date such as 18880312", line, rec[1])
		}
		value, err := strconv.Atoi(rec[3])
		if err != nil {
			return fmt.Errorf("line %d: %q is not a whole number", line, rec[3])
		}
		into.add(rec[0], rec[2], value, rec[5], day)
	}
}
