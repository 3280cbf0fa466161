package tables

import (
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
)

// number returns the number that stands for an integer in JSON. A date or time becomes milliseconds since 1970, as in
// pandas and `datasets`.
func (n *node) number(value int64) int64 {
	switch {
	case n.step == 0:
		return value
	case n.step >= time.Millisecond:
		return value * int64(n.step/time.Millisecond)
	}
	return floor(value, int64(time.Millisecond/n.step))
}

// instant returns the same for the old type of times, which holds nanoseconds of a day and the number of the day in the
// Julian period.
func instant(t deprecated.Int96) int64 {
	const epoch = 2_440_588 // the day of 1 January 1970
	nanoseconds := int64(t[1])<<32 | int64(t[0])
	return (int64(t[2])-epoch)*int64(24*time.Hour/time.Millisecond) + floor(nanoseconds, int64(time.Millisecond))
}

// floor divides and rounds down, so times before 1970 are rounded in the same direction as later ones.
func floor(value, by int64) int64 {
	quotient := value / by
	if value%by < 0 {
		quotient--
	}
	return quotient
}
