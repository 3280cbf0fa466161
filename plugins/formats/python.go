package formats

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// appendDumped appends a value as Python's json.dumps(json.loads(value)), which is how chat templates write arguments and
// schemas: as [appendPython] does, and with numbers in Python's notation.
func appendDumped(dst []byte, value json.RawMessage) ([]byte, error) {
	dumped, err := appendPython(dst, value)
	if err != nil {
		return dst, err
	}
	return pythonNumbers(dumped, len(dst)), nil
}

// pythonNumbers rewrites the numbers of a JSON text, from start on, in Python's notation.
func pythonNumbers(text []byte, start int) []byte {
	for i := start; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			i = stringEnd(text, i) + 1
		case c == '-' || '0' <= c && c <= '9':
			end := i + 1
			for end < len(text) && strings.IndexByte("+-.0123456789Ee", text[end]) >= 0 {
				end++
			}
			if literal := string(text[i:end]); strings.ContainsAny(literal, ".eE") || literal == "-0" {
				number := pythonNumber(literal)
				text = slices.Replace(text, i, end, []byte(number)...)
				end = i + len(number)
			}
			i = end
		default:
			i++
		}
	}
	return text
}

// pythonNumber formats a number that is no plain integer as Python's repr does: with the fewest digits that tell it from
// other floats, and in scientific notation if the exponent is below -4 or at least 16. A number that no float can hold
// stays as it is.
func pythonNumber(literal string) string {
	if literal == "-0" {
		return "0"
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return literal
	}
	scientific := strconv.FormatFloat(f, 'e', -1, 64)
	_, exponent, _ := strings.Cut(scientific, "e")
	if n, _ := strconv.Atoi(exponent); n < -4 || n >= 16 {
		return scientific
	}
	plain := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(plain, ".") {
		plain += ".0"
	}
	return plain
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends a string as JSON, escaping only what has to be, as Python does. Bytes that are no UTF-8 become
// U+FFFD.
func appendQuoted[T string | []byte](dst []byte, s T) []byte {
	return append(appendEscaped(append(dst, '"'), s), '"')
}

// appendEscaped is appendQuoted without the quotation marks, for a string that is written in parts.
func appendEscaped[T string | []byte](dst []byte, s T) []byte {
	dst = slices.Grow(dst, len(s)+len(s)/16+2)
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			if size := runeSize(s[i:]); size > 1 {
				i += size
				continue
			}
		} else if n := plainLength(s[i:]); n > 0 {
			i += n
			continue
		}
		i++
		dst = append(dst, s[start:i-1]...)
		start = i
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		default:
			if c >= utf8.RuneSelf {
				dst = append(dst, "\ufffd"...)
				break
			}
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, s[start:]...)
}

// plainLength returns how many bytes at the beginning of a string stand in JSON as they are: ASCII but for quotes,
// backslashes and control characters. It looks at eight at a time.
func plainLength[T string | []byte](s T) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		word := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, backslash := word^(ones*'"'), word^(ones*'\\')
		if special := ((word - ones*' ') | (quote - ones) | (backslash - ones) | word) & highs; special != 0 {
			return i + bits.TrailingZeros64(special)>>3
		}
	}
	for ; i < len(s) && s[i] >= ' ' && s[i] != '"' && s[i] != '\\' && s[i] < utf8.RuneSelf; i++ {
	}
	return i
}

// runeSize returns how many bytes the first character has, which is 1 if it is no UTF-8.
func runeSize[T string | []byte](s T) int {
	_, size := utf8.DecodeRuneInString(string(s[:min(len(s), utf8.UTFMax)]))
	return size
}
