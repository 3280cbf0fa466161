package plan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// sizeUnits are the units in which sizes may be written, in bytes.
var sizeUnits = map[string]float64{
	"": 1, "b": 1,
	"k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// ParseSize parses a size such as 2GiB, 500 MB or 1.5g and returns it in bytes.
func ParseSize(text string) (int64, error) {
	digits := strings.TrimRight(strings.ToLower(text), "bikmgt ")
	unit, known := sizeUnits[strings.TrimSpace(strings.ToLower(text)[len(digits):])]
	number, err := strconv.ParseFloat(digits, 64)
	if bytes := number * unit; err == nil && known && bytes >= 0 && bytes < math.MaxInt64 {
		return int64(bytes), nil
	}
	return 0, fmt.Errorf("%q is not a size; write a number of bytes such as 500MB or 2GiB", text)
}
