// Package scan reads JSON in one pass over its bytes, without building values, because transcripts take gigabytes and little
// of them is wanted. It accepts what RFC 8259 does, except that it leaves invalid UTF-8 and escape sequences to [Text] and
// accepts a key that stands twice.
package scan

import (
	"bytes"
	"encoding/binary"
)

// maxDepth bounds how deep values may nest, because the stack of whoever reads them is limited.
const maxDepth = 10_000

// A Scanner stands somewhere in a JSON text. After the first fault it stays where it is and every method does nothing.
type Scanner struct {
	text     []byte
	at       int
	depth    int
	controls bool // whether any control character is in the text: strings may not hold one
	failed   bool
}

// New returns a scanner that stands at the beginning of a text, which may hold several values one after the other.
func New(text []byte) *Scanner { return &Scanner{text: text, controls: hasControls(text)} }

// Failed reports whether the text read so far is not valid JSON.
func (s *Scanner) Failed() bool { return s.failed }

// Offset returns the position in the text.
func (s *Scanner) Offset() int { return s.at }

// More reports whether anything but white space is left.
func (s *Scanner) More() bool {
	s.Kind()
	return s.at < len(s.text)
}

// Kind skips white space and returns the first byte of the value that the scanner stands before; 0 at the end of the text.
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

// close leaves an object or array; the scanner stands before its closing bracket.
func (s *Scanner) close() {
	if !s.failed {
		s.at++
		s.depth--
	}
}

// comma passes a comma, or reports false before the closing bracket.
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

// string passes a string, which ends at the first quote with an even number of backslashes before it.
func (s *Scanner) string() {
	start := s.at + 1
	for at := start; ; at++ {
		length := bytes.IndexByte(s.text[at:], '"')
		if length < 0 {
			s.fail()
			return
		}
		at += length
		if backslashes(s.text[start:at])%2 == 0 {
			s.at = at + 1
			break
		}
	}
	if s.controls && hasControls(s.text[start:s.at]) {
		s.fail()
	}
}

// backslashes counts those at the end of a text.
func backslashes(text []byte) (count int) {
	for count < len(text) && text[len(text)-1-count] == '\\' {
		count++
	}
	return count
}

// hasControls reports whether a text holds a control character of ASCII, DEL excepted.
func hasControls(text []byte) bool {
	const highs = 0x8080808080808080
	var found uint64
	at := 0
	for ; at+32 <= len(text); at += 32 {
		words := text[at : at+32]
		found |= controls(binary.LittleEndian.Uint64(words)) | controls(binary.LittleEndian.Uint64(words[8:])) |
			controls(binary.LittleEndian.Uint64(words[16:])) | controls(binary.LittleEndian.Uint64(words[24:]))
	}
	for _, c := range text[at:] {
		found |= controls(uint64(c)) & 0x80
	}
	return found&highs != 0
}

// controls sets the high bit of the first control character among eight bytes, and maybe of some bytes above it.
func controls(word uint64) uint64 {
	const ones = 0x0101010101010101
	return (word - ones*' ') &^ word
}

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
