package formats

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// The library `datasets`, with which TRL loads files, uses pandas' JSON parser for objects that differ in shape (Json in
// datasets/features/features.py, version 4.7 and later). That parser keeps ten decimals, and multiplies by 0.1 where it
// should divide by 10: 0.7 becomes 0.7000000000000001. An integer of more than 64 bits makes it give up on the whole file.
// A number that it would change can be written in no other way, so the example is refused.

// loaderKeeps reports whether all numbers in a JSON value are what they were once `datasets` has loaded it.
func loaderKeeps(value []byte) bool {
	for i := 0; i < len(value); i++ {
		switch b := value[i]; {
		case b == '"':
			i = stringEnd(value, i)
		case b == '-' || b >= '0' && b <= '9':
			end := i + 1
			for end < len(value) && bytes.IndexByte([]byte("+-.eE0123456789"), value[end]) >= 0 {
				end++
			}
			if !keepsNumber(string(value[i:end])) {
				return false
			}
			i = end - 1
		}
	}
	return true
}

// stringEnd finds the closing quote of the string that begins at start.
func stringEnd(value []byte, start int) int {
	for i := start + 1; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(value)
}

func keepsNumber(literal string) bool {
	if !strings.ContainsAny(literal, ".eE") {
		if _, err := strconv.ParseInt(literal, 10, 64); err == nil {
			return true
		}
		_, err := strconv.ParseUint(literal, 10, 64)
		return err == nil
	}
	want, err := strconv.ParseFloat(literal, 64)
	read, ok := pandasReads(strings.TrimPrefix(literal, "-"))
	if err != nil || !ok || read >= 1e16-1 || want == 0 && math.Signbit(want) {
		return false
	}
	return pandasReadsBack(read) == math.Abs(want)
}

// tenths are the powers by which the parser multiplies the digits after the point.
var tenths = [...]float64{
	1, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001, 0.00000001, 0.000000001, 0.0000000001, 0.00000000001,
	0.000000000001, 0.0000000000001, 0.00000000000001, 0.000000000000001,
}

// pandasReads reads a number without a sign as the parser does. It reports false if it is not known how that reads it.
func pandasReads(literal string) (float64, bool) {
	mantissa, exponent, scaled := strings.Cut(strings.ToLower(literal), "e")
	whole, decimals, _ := strings.Cut(mantissa, ".")
	integer, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, false
	}
	decimals = decimals[:min(len(decimals), len(tenths)-1)]
	fraction := 0.0
	for _, digit := range decimals {
		fraction = fraction*10 + float64(digit-'0')
	}
	value := float64(integer) + float64(fraction*tenths[len(decimals)])
	if scaled {
		power, err := strconv.Atoi(exponent)
		if err != nil || power < -22 || power > 22 { // beyond, powers of ten are not exact
			return 0, false
		}
		value *= math.Pow10(power)
	}
	return value, true
}

// pandasReadsBack writes a number below 1e16 with ten decimals, as the library does, and reads that. Conversions to float64
// keep a processor from rounding only once where the library rounds twice.
func pandasReadsBack(value float64) float64 {
	const decimals, scale = 10, 1e10
	whole := uint64(value)
	scaled := float64(float64(value-float64(whole)) * scale)
	fraction := uint64(scaled)
	if over := scaled - float64(fraction); over > 0.5 || over == 0.5 && (fraction == 0 || fraction%2 == 1) {
		fraction++ // a half goes to the even neighbour, but never to zero
	}
	if fraction >= scale {
		whole, fraction = whole+1, 0
	}
	places := decimals
	for fraction > 0 && fraction%10 == 0 { // it writes no zeros at the end
		fraction, places = fraction/10, places-1
	}
	return float64(whole) + float64(float64(fraction)*tenths[places])
}
