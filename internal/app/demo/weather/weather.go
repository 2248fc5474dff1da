// Package weather makes daily weather observations that look like an archive's.
//
// It writes the layout of NOAA's Global Historical Climatology Network - Daily
// "by year" CSV files: one file a year, no header, eight columns
//
//	ID,YEAR/MONTH/DAY,ELEMENT,DATA VALUE,M-FLAG,Q-FLAG,S-FLAG,OBS-TIME
//	USW00094728,18880312,TMAX,-50,,,Z,
//
// with the habits of the real data that a pipeline stumbles over: flags and
// observation times that are nearly always empty, temperatures in tenths of a
// degree that were whole degrees Fahrenheit once, rain in tenths of a
// millimetre, stations that open, close and miss days, and values that quality
// control has flagged and that are wildly wrong. (Layout:
// https://www.ncei.noaa.gov/pub/data/ghcn/daily/readme-by_year.txt.)
//
// The observations are invented. The same [Config] gives the same bytes on
// every machine, and the generator counts what it writes, so that a query's
// answer can be held against [Facts], which no query engine has touched.
package weather

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// Config says how much is made.
type Config struct {
	Seed      uint64
	FirstYear int
	Years     int
	Stations  int // opened over the whole time; about 7,000 rows each in ten years
}

// Default is the decade that blueprint 19 loads: 1880 to 1889, over two
// million rows.
func Default() Config { return Config{Seed: 1880, FirstYear: 1880, Years: 10, Stations: 430} }

// Generator writes one year after the other. It is used by one goroutine.
type Generator struct {
	cfg      Config
	rng      *rand.Rand
	stations []station
	spells   map[string]float64 // a region's departure from its climate, degrees C
	year     int
	facts    Facts
}

// New makes a generator that stands before its first year.
func New(cfg Config) *Generator {
	g := &Generator{cfg: cfg, rng: rand.New(rand.NewPCG(cfg.Seed, 19)), spells: map[string]float64{}, year: cfg.FirstYear}
	first := day(cfg.FirstYear, 1, 1)
	for i := range cfg.Stations {
		g.stations = append(g.stations, newStation(g.rng, i, first, cfg.Years))
	}
	slices.SortFunc(g.stations, func(a, b station) int { return cmp.Compare(a.id, b.id) })
	return g
}

// Facts returns what has been written until now.
func (g *Generator) Facts() Facts { return g.facts }

// Name is the name of a year's file.
func Name(year int) string { return strconv.Itoa(year) + ".csv" }

// Next writes the next year's file to w. It returns io.EOF when there is no
// year left.
func (g *Generator) Next(w io.Writer) (year int, err error) {
	if g.year >= g.cfg.FirstYear+g.cfg.Years {
		return 0, io.EOF
	}
	year = g.year
	g.year++
	out := sheet{w: w, facts: &g.facts}
	for d := day(year, 1, 1); d.Year() == year; d = d.AddDate(0, 0, 1) {
		g.observe(&out, d)
	}
	if err := out.flush(); err != nil {
		return year, fmt.Errorf("weather of %d: %w", year, err)
	}
	g.facts.Years = append(g.facts.Years, YearFacts{Year: year, Rows: out.rows, Bytes: out.bytes})
	return year, nil
}

// observe writes what all stations saw on one day.
func (g *Generator) observe(out *sheet, d time.Time) {
	for i := range climates {
		name := climates[i].prefix
		g.spells[name] = float64(0.86*g.spells[name]) + float64(1.9*g.rng.NormFloat64())
	}
	out.date(d)
	for i := range g.stations {
		s := &g.stations[i]
		if d.Before(s.opens) || !d.Before(s.closes) {
			continue
		}
		s.step(g.rng)
		if s.absent(g.rng) {
			continue
		}
		s.report(out, g.rng, d, g.spells[s.climate.prefix])
	}
}

// season is where day d stands in the year: 1 in the middle of July, -1 in
// January.
func season(d time.Time) float64 {
	return math.Cos(float64(2 * math.Pi * float64(d.YearDay()-200) / 365.25))
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
