package postgres

import (
	"math"
	"strconv"
)

const (
	microsPerSecond = 1_000_000
	microsPerDay    = 86_400 * microsPerSecond
	epochDays       = 10_957                   // from 1970-01-01 to 2000-01-01, where PostgreSQL counts from
	epochMicros     = epochDays * microsPerDay // the same in microseconds
)

// Both the engine and the protocol keep infinite times at the ends of the range.
const (
	infiniteDay    = math.MaxInt32
	infiniteMicros = math.MaxInt64
)

// floor divides rounding down and returns the remainder, which is not negative.
func floor(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}

// civil turns days since 1970-01-01 into a date of the Gregorian calendar
// (the algorithm of eras of 400 years that begin on 1 March).
func civil(days int64) (year int64, month, day int) {
	era, doe := floor(days+719_468, 146_097)
	yoe := (doe - doe/1460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = int(doy - (153*mp+2)/5 + 1)
	month = int(mp) + 3
	year = yoe + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

func two(b []byte, v int) []byte { return append(b, byte('0'+v/10), byte('0'+v%10)) }

// appendYMD writes a date without its era and says whether it is before Christ.
func appendYMD(b []byte, days int64) (_ []byte, bc bool) {
	y, m, d := civil(days)
	if y <= 0 {
		y, bc = 1-y, true
	}
	if y > 9999 {
		b = strconv.AppendInt(b, y, 10)
	} else {
		b = two(two(b, int(y/100)), int(y%100))
	}
	b = append(b, '-')
	b = two(b, m)
	b = append(b, '-')
	return two(b, d), bc
}

func appendDate(b []byte, days int32) []byte {
	switch days {
	case infiniteDay:
		return append(b, "infinity"...)
	case -infiniteDay:
		return append(b, "-infinity"...)
	}
	b, bc := appendYMD(b, int64(days))
	if bc {
		b = append(b, " BC"...)
	}
	return b
}

// appendClock writes microseconds of a day as HH:MM:SS[.ffffff].
func appendClock(b []byte, micros int64) []byte {
	seconds, fraction := micros/microsPerSecond, micros%microsPerSecond
	b = two(b, int(seconds/3600%100))
	b = append(b, ':')
	b = two(b, int(seconds/60%60))
	b = append(b, ':')
	b = two(b, int(seconds%60))
	return appendFraction(b, fraction)
}

func appendFraction(b []byte, micros int64) []byte {
	if micros == 0 {
		return b
	}
	b = append(b, '.')
	for unit := int64(100_000); micros > 0; unit /= 10 {
		b = append(b, byte('0'+micros/unit))
		micros %= unit
	}
	return b
}

// appendTimestamp writes microseconds since 1970; zoned adds the offset of UTC.
func appendTimestamp(b []byte, micros int64, zoned bool) []byte {
	switch micros {
	case infiniteMicros:
		return append(b, "infinity"...)
	case -infiniteMicros:
		return append(b, "-infinity"...)
	}
	days, rest := floor(micros, microsPerDay)
	b, bc := appendYMD(b, days)
	b = append(b, ' ')
	b = appendClock(b, rest)
	if zoned {
		b = append(b, "+00"...)
	}
	if bc {
		b = append(b, " BC"...)
	}
	return b
}

// interval is a length of time as PostgreSQL keeps it.
type interval struct {
	micros       int64
	days, months int32
}

// appendInterval writes v in the IntervalStyle "postgres".
func appendInterval(b []byte, v interval) []byte {
	start, negative := len(b), false
	unit := func(n int64, name string) {
		if n == 0 {
			return
		}
		if len(b) > start {
			b = append(b, ' ')
		}
		if negative && n > 0 {
			b = append(b, '+')
		}
		b = strconv.AppendInt(b, n, 10)
		b = append(append(b, ' '), name...)
		if n != 1 {
			b = append(b, 's')
		}
		negative = n < 0
	}
	unit(int64(v.months/12), "year")
	unit(int64(v.months%12), "mon")
	unit(int64(v.days), "day")
	if v.micros == 0 && len(b) > start {
		return b
	}
	if len(b) > start {
		b = append(b, ' ')
	}
	micros := uint64(v.micros)
	if v.micros < 0 {
		b = append(b, '-')
		micros = -micros
	} else if negative {
		b = append(b, '+')
	}
	return appendHours(b, micros)
}

// appendHours writes a time of any number of hours.
func appendHours(b []byte, micros uint64) []byte {
	seconds := micros / microsPerSecond
	if hours := seconds / 3600; hours < 100 {
		b = two(b, int(hours))
	} else {
		b = strconv.AppendUint(b, hours, 10)
	}
	b = append(b, ':')
	b = two(b, int(seconds/60%60))
	b = append(b, ':')
	b = two(b, int(seconds%60))
	return appendFraction(b, int64(micros%microsPerSecond))
}
