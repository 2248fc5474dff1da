package weather

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// climate is the weather that a group of stations shares. Degrees are Celsius.
type climate struct {
	prefix             string // of station ids: country and network
	share              int    // of every 100 stations
	latMin, latMax     float64
	warmth             float64 // yearly mean of the daily maximum at latitude 40
	swing              float64 // half the way from January to July at latitude 40
	wet                float64 // chance of rain on a day
	fahrenheit         bool    // read in whole degrees F and hundredths of inches
	snow, average      bool    // reports SNOW and SNWD, TAVG
	source             string  // S-FLAG
	digits             int     // of the id, after the prefix
	timed, temperature float64 // share of stations that note the hour, that have a thermometer
}

// climates is a sketch of the network of the 1880s.
var climates = []climate{
	{prefix: "USC00", share: 44, latMin: 29, latMax: 48, warmth: 16.5, swing: 13.5, wet: .27, fahrenheit: true, snow: true, source: "6", digits: 6, timed: .12, temperature: .8},
	{prefix: "USW000", share: 16, latMin: 28, latMax: 48, warmth: 16, swing: 13, wet: .3, fahrenheit: true, snow: true, source: "Z", digits: 5, timed: .2, temperature: 1},
	{prefix: "CA00", share: 14, latMin: 43, latMax: 53, warmth: 15, swing: 15, wet: .33, fahrenheit: true, snow: true, source: "C", digits: 7, temperature: .85},
	{prefix: "ASN000", share: 12, latMin: -38, latMax: -20, warmth: 21, swing: 7, wet: .22, source: "a", digits: 5, temperature: .35},
	{prefix: "GM0000", share: 5, latMin: 48, latMax: 54, warmth: 17, swing: 9.5, wet: .45, average: true, source: "E", digits: 5, temperature: 1},
	{prefix: "UK0000", share: 4, latMin: 50, latMax: 57, warmth: 17.5, swing: 6.5, wet: .5, source: "E", digits: 5, temperature: .9},
	{prefix: "ITE001", share: 3, latMin: 41, latMax: 45, warmth: 18.5, swing: 10, wet: .25, average: true, source: "E", digits: 5, temperature: 1},
	{prefix: "JA0000", share: 2, latMin: 33, latMax: 43, warmth: 18, swing: 10.5, wet: .38, source: "S", digits: 5, average: true, temperature: 1},
}

// station is one observer.
type station struct {
	id            string
	climate       *climate
	opens, closes time.Time
	mean, swing   float64 // of the daily maximum
	thermometer   bool
	obsTime       string
	bias          float64 // today's departure from its region, degrees
	snowDepth     float64 // millimetres on the ground
	gap           int     // days without an observer still to come
}

func newStation(rng *rand.Rand, i int, first time.Time, years int) station {
	c := climateOf(i)
	lat := c.latMin + float64(rng.Float64()*(c.latMax-c.latMin))
	s := station{
		climate:     c,
		id:          fmt.Sprintf("%s%0*d", c.prefix, c.digits, 1+i*int(math.Pow10(c.digits))/1000%int(math.Pow10(c.digits))+rng.IntN(90)),
		mean:        c.warmth - float64(0.75*(math.Abs(lat)-40)) + float64(rng.NormFloat64()*1.5),
		swing:       c.swing + float64(0.35*(math.Abs(lat)-40)),
		thermometer: rng.Float64() < c.temperature,
	}
	if lat < 0 {
		s.swing = -s.swing
	}
	if rng.Float64() < c.timed {
		s.obsTime = []string{"0700", "1400", "1800", "2100"}[rng.IntN(4)]
	}
	// A third of the stations is there from the start, the others open later.
	s.opens = first
	if i%3 != 0 {
		s.opens = first.AddDate(0, 0, rng.IntN(365*years))
	}
	s.closes = s.opens.AddDate(2+rng.IntN(40), rng.IntN(12), 0)
	return s
}

// climateOf deals the stations out by the climates' shares.
func climateOf(i int) *climate {
	n := i * 37 % 100 // 37 and 100 have no common factor: every hundred deals each place once
	for j := range climates {
		if n < climates[j].share {
			return &climates[j]
		}
		n -= climates[j].share
	}
	return &climates[0]
}

// step lets the station's own weather wander by a day.
func (s *station) step(rng *rand.Rand) {
	s.bias = float64(0.6*s.bias) + float64(2.2*rng.NormFloat64())
}

// absent is true on days without an entry: single ones, and weeks at a time.
func (s *station) absent(rng *rand.Rand) bool {
	if s.gap > 0 {
		s.gap--
		return true
	}
	switch x := rng.Float64(); {
	case x < 0.0006:
		s.gap = 6 + rng.IntN(40)
		return true
	case x < 0.012:
		return true
	}
	return false
}

// report writes the station's rows of day d. spell is the region's departure
// from its climate.
func (s *station) report(out *sheet, rng *rand.Rand, d time.Time, spell float64) {
	c := s.climate
	spell += storm(c.prefix, d)
	high := s.mean + float64(s.swing*season(d)) + spell + s.bias
	low := high - 6 - float64(math.Abs(rng.NormFloat64())*4.5)
	if s.thermometer {
		s.temperatures(out, rng, high, low)
	}
	wet := rng.Float64() < c.wet
	fall := 0.0 // millimetres of water
	if wet {
		fall = float64(rng.ExpFloat64() * 7)
	}
	s.precipitation(out, rng, fall, wet)
	if c.snow {
		s.snow(out, rng, d, fall, (high+low)/2)
	}
	if wet && c.snow && rng.Float64() < 0.08 {
		out.row(s, "WT04", 1, "", "", c.source)
	}
}

func (s *station) temperatures(out *sheet, rng *rand.Rand, high, low float64) {
	c := s.climate
	hi, q := mistake(rng, s.tenths(high))
	out.row(s, "TMAX", hi, "", q, c.source)
	if rng.Float64() < 0.985 {
		lo, q := mistake(rng, s.tenths(low))
		out.row(s, "TMIN", lo, "", q, c.source)
	}
	if c.average {
		out.row(s, "TAVG", s.tenths((high+low)/2), "H", "", c.source)
	}
}

// tenths is a temperature as it was read and later converted: US and Canadian
// values are whole degrees Fahrenheit in tenths of a degree Celsius.
func (s *station) tenths(celsius float64) int {
	if !s.climate.fahrenheit {
		return int(math.Round(float64(celsius * 10)))
	}
	f := math.Round(float64(celsius*1.8) + 32)
	return int(math.Round(float64((f - 32) / 1.8 * 10)))
}

// mistake spoils a few values in a thousand, as quality control found them.
func mistake(rng *rand.Rand, tenths int) (int, string) {
	x := rng.Float64()
	switch {
	case x > 0.006:
		return tenths, ""
	case x < 0.001:
		return tenths + 555, "X" // beyond what is possible: a digit slipped
	case x < 0.002:
		return -tenths - 178, "I" // does not fit the other values of the day
	case x < 0.0035:
		return tenths + 280, "S" // does not fit the neighbours
	case x < 0.0045:
		return tenths, "K" // the same value for weeks
	default:
		return tenths - 333, "O" // far from this station's climate
	}
}

func (s *station) precipitation(out *sheet, rng *rand.Rand, fall float64, wet bool) {
	tenths := int(math.Round(float64(fall * 10)))
	if s.climate.fahrenheit {
		tenths = int(math.Round(float64(math.Round(fall/0.254) * 2.54))) // hundredths of inches
	}
	m, q := "", ""
	switch x := rng.Float64(); {
	case tenths == 0 && wet:
		m = "T" // a trace
	case tenths == 0 && x < 0.02:
		m = "P" // left blank and taken for zero
	case x > 0.9985:
		q = "D" // copied from another month
	}
	out.row(s, "PRCP", tenths, m, q, s.climate.source)
	if wet && rng.Float64() < 0.004 {
		out.row(s, "MDPR", tenths+int(rng.ExpFloat64()*120), "", "", s.climate.source)
		out.row(s, "DAPR", 2+rng.IntN(3), "", "", s.climate.source)
	}
}

// snow is written in the cold half of the year, in millimetres.
func (s *station) snow(out *sheet, rng *rand.Rand, d time.Time, fall, mean float64) {
	fresh := 0.0
	if mean < 0.5 {
		fresh = float64(fall * 10)
	}
	s.snowDepth = float64((s.snowDepth + fresh) * 0.93)
	if mean > 1 {
		s.snowDepth = max(0, s.snowDepth-float64(12*mean))
	}
	if m := d.Month(); m > time.April && m < time.November && fresh == 0 {
		return
	}
	flag := ""
	if fresh == 0 && fall > 0 && mean < 2 {
		flag = "T"
	}
	out.row(s, "SNOW", int(math.Round(fresh)), flag, "", s.climate.source)
	if s.snowDepth > 25 || rng.Float64() < 0.1 {
		out.row(s, "SNWD", int(math.Round(s.snowDepth)), "", "", s.climate.source)
	}
}

// storm is the cold, in degrees, of the two storms of 1888 that people still
// told their grandchildren of.
func storm(prefix string, d time.Time) float64 {
	if prefix != "USC00" && prefix != "USW000" || d.Year() != 1888 {
		return 0
	}
	switch yd := d.YearDay(); {
	case yd >= 12 && yd <= 17: // the blizzard of 12 January
		return -11
	case yd >= 71 && yd <= 75: // the blizzard of 11 to 14 March
		return -9
	}
	return 0
}
