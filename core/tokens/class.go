package tokens

import (
	"unicode"
	"unicode/utf8"
)

// A class is a set of the properties of a character that the patterns ask for.
type class uint8

const (
	letter  class = 1 << iota // \p{L}
	number                    // \p{N}
	space                     // \s
	newline                   // [\r\n]
	capital                   // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
	small                     // [\p{Ll}\p{Lm}\p{Lo}\p{M}]
)

var ascii = func() (classes [utf8.RuneSelf]class) {
	for r := range classes {
		classes[r] = classOf(rune(r))
	}
	return classes
}()

func classOf(r rune) class {
	switch {
	case r == '\r' || r == '\n':
		return space | newline
	case unicode.IsSpace(r):
		return space
	case unicode.Is(unicode.Ll, r):
		return letter | small
	case unicode.IsUpper(r) || unicode.IsTitle(r):
		return letter | capital
	case unicode.IsLetter(r):
		return letter | capital | small
	case unicode.IsMark(r):
		return capital | small
	case unicode.IsNumber(r):
		return number
	}
	return 0
}
