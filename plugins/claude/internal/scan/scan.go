// Package scan reads JSON in one pass over its bytes, without building values: transcripts are gigabytes of which little
// is wanted. It accepts what RFC 8259 does, except that it leaves invalid UTF-8 to [Text] and lets a key stand twice.
package scan

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth bounds how deep values may nest; the stack of whoever reads them is not endless.
const maxDepth = 10_000

// A Scanner stands somewhere in a JSON text. After the first fault it stays where it is and every method does nothing.
type Scanner struct {
	text   []byte
	at     int
	depth  int
	failed bool
}

// New makes a scanner that stands at the beginning of a text, which may hold several values after each other.
func New(text []byte) *Scanner { return &Scanner{text: text} }

// Failed reports whether the text up to here is no JSON.
func (s *Scanner) Failed() bool { return s.failed }

// Offset is the position in the text.
func (s *Scanner) Offset() int { return s.at }

// More reports whether anything but white space is left.
func (s *Scanner) More() bool {
	s.Kind()
	return s.at < len(s.text)
}

// Kind is the first byte of the value that the scanner stands before, after white space; 0 at the end of the text.
func (s *Scanner) Kind() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// Object reads an object and calls member with each raw key, the scanner standing before the value. A value that member
// does not read is skipped. Keys are compared as written: no writer escapes letters.
func (s *Scanner) Object(member func(key []byte)) {
	if !s.open('{') {
		return
	}
	for more := s.Kind() != '}'; more && !s.failed; more = s.comma('}') {
		key := s.key()
		if s.failed {
			return
		}
		start := s.at
		if member(key); s.at == start {
			s.value()
		}
	}
	s.close()
}

// Array reads an array and calls element with the scanner standing before each element, which is skipped when element
// does not read it.
func (s *Scanner) Array(element func()) {
	if !s.open('[') {
		return
	}
	for more := s.Kind() != ']'; more && !s.failed; more = s.comma(']') {
		start := s.at
		if element(); s.at == start {
			s.value()
		}
	}
	s.close()
}

// Raw reads a value of any kind and returns its text.
func (s *Scanner) Raw() []byte {
	s.Kind()
	start := s.at
	s.value()
	if s.failed {
		return nil
	}
	return s.text[start:s.at]
}

func (s *Scanner) fail() { s.failed = true }

// open enters an object or array.
func (s *Scanner) open(bracket byte) bool {
	if s.failed || s.Kind() != bracket || s.depth == maxDepth {
		s.fail()
		return false
	}
	s.at++
	s.depth++
	return true
}

// close leaves an object or array, before whose last bracket the scanner stands.
func (s *Scanner) close() {
	if !s.failed {
		s.at++
		s.depth--
	}
}

// comma passes a comma, or reports false before the last bracket.
func (s *Scanner) comma(last byte) bool {
	if s.failed {
		return false
	}
	switch s.Kind() {
	case ',':
		s.at++
		if s.Kind() == last {
			s.fail()
		}
		return true
	case last:
		return false
	}
	s.fail()
	return false
}

// key reads a member's name and the colon, and stands before the value.
func (s *Scanner) key() []byte {
	if s.Kind() != '"' {
		s.fail()
		return nil
	}
	start := s.at + 1
	s.string()
	key := s.text[start:max(start, s.at-1)]
	if s.failed || s.Kind() != ':' {
		s.fail()
		return nil
	}
	s.at++
	s.Kind()
	return key
}

// value passes a value.
func (s *Scanner) value() {
	if s.failed {
		return
	}
	switch c := s.Kind(); c {
	case '"':
		s.string()
	case '{', '[':
		s.container(c)
	case 't':
		s.literal("true")
	case 'f':
		s.literal("false")
	case 'n':
		s.literal("null")
	default:
		s.number()
	}
}

// container passes an object or array.
func (s *Scanner) container(bracket byte) {
	if !s.open(bracket) {
		return
	}
	last := bracket + 2 // both closing brackets stand two places after the opening ones
	for more := s.Kind() != last; more && !s.failed; more = s.comma(last) {
		if bracket == '{' {
			s.key()
		}
		s.value()
	}
	s.close()
}

// string passes a string, eight bytes at a time where nothing in them needs a look.
func (s *Scanner) string() {
	text, at := s.text, s.at+1
	for {
		for at+8 <= len(text) {
			if mask := special(binary.LittleEndian.Uint64(text[at:])); mask != 0 {
				at += bits.TrailingZeros64(mask) >> 3
				break
			}
			at += 8
		}
		if at >= len(text) {
			s.fail()
			return
		}
		switch c := text[at]; {
		case c == '"':
			s.at = at + 1
			return
		case c == '\\' && at+1 < len(text) && shortEscapes[text[at+1]]:
			at += 2
		case c == '\\':
			if _, ok := hex4(text[at:]); !ok {
				s.fail()
				return
			}
			at += 6
		case c < ' ':
			s.fail()
			return
		default:
			at++
		}
	}
}

// special marks in a word of eight bytes the first that is a quote, a backslash or a control character; bytes above it
// may be marked wrongly.
func special(word uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	quote, backslash := word^(ones*'"'), word^(ones*'\\')
	return ((word - ones*' ') | (quote - ones) | (backslash - ones)) &^ word & highs
}

// shortEscapes are the letters of escape sequences of two bytes; the only other is \uXXXX.
var shortEscapes = [256]bool{'"': true, '\\': true, '/': true, 'b': true, 'f': true, 'n': true, 'r': true, 't': true}

func (s *Scanner) literal(word string) {
	if len(s.text)-s.at < len(word) || string(s.text[s.at:s.at+len(word)]) != word {
		s.fail()
		return
	}
	s.at += len(word)
}

// number passes a number: a sign, an integer without needless zeros, a fraction, an exponent.
func (s *Scanner) number() {
	s.pass('-')
	if !s.pass('0') && s.digits() == 0 {
		s.fail()
	}
	if s.pass('.') && s.digits() == 0 {
		s.fail()
	}
	if s.pass('e') || s.pass('E') {
		_ = s.pass('+') || s.pass('-')
		if s.digits() == 0 {
			s.fail()
		}
	}
}

func (s *Scanner) pass(c byte) bool {
	ok := s.at < len(s.text) && s.text[s.at] == c
	if ok {
		s.at++
	}
	return ok
}

func (s *Scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at - start
}
