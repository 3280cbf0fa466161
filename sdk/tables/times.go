package tables

import (
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
)

// number is what stands for an integer in JSON. Of a time these are the milliseconds since 1970, as pandas and `datasets`
// write it.
func (n *node) number(value int64) int64 {
	switch {
	case n.step == 0:
		return value
	case n.step >= time.Millisecond:
		return value * int64(n.step/time.Millisecond)
	}
	return floor(value, int64(time.Millisecond/n.step))
}

// instant is the number of an old kind of time: nanoseconds of a day, and the number of the day in the Julian period.
func instant(t deprecated.Int96) int64 {
	const epoch = 2_440_588 // the day of 1 January 1970
	nanoseconds := int64(t[1])<<32 | int64(t[0])
	return (int64(t[2])-epoch)*int64(24*time.Hour/time.Millisecond) + floor(nanoseconds, int64(time.Millisecond))
}

// floor divides; what is before 1970 is rounded as what is after it.
func floor(value, by int64) int64 {
	quotient := value / by
	if value%by < 0 {
		quotient--
	}
	return quotient
}
