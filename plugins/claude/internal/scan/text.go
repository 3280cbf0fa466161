package scan

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns the text of a raw value: for a string what it says, with half surrogate pairs and invalid UTF-8 replaced by
// U+FFFD; for null nothing; for any other value its JSON. The text shares no memory with the raw value.
func Text(raw []byte) string {
	text, _ := Decode(raw)
	return text
}

// Decode is like [Text] and also reports whether the text is known to be plain: without control characters other than line
// ends and tabs. Any bytes may be raw, because a file may change after it was scanned.
func Decode(raw []byte) (text string, plain bool) {
	switch {
	case len(raw) == 0 || raw[0] == 'n':
		return "", true
	case raw[0] != '"' || len(raw) == 1:
		return valid(string(raw)), false
	}
	raw = raw[1 : len(raw)-1]
	plain = bytes.IndexByte(raw, 0x7f) < 0 && bytes.IndexByte(raw, 0xc2) < 0 // U+007F, and what U+0080 to U+009F begin with
	if bytes.IndexByte(raw, '\\') < 0 {
		return valid(string(raw)), plain
	}
	text, unescapedPlain := unescape(raw)
	return valid(text), plain && unescapedPlain
}

func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// True reports whether a raw value is true.
func True(raw []byte) bool { return len(raw) > 0 && raw[0] == 't' }

// Member returns a member of a raw object, the last of that name; nil if there is none.
func Member(raw []byte, name string) []byte { return Members(raw, name)[0] }

// Members returns several members of a raw object, in the order of the names.
func Members(raw []byte, names ...string) [][]byte {
	values := make([][]byte, len(names))
	if s := New(raw); s.Kind() == '{' {
		s.Object(func(key []byte) {
			for i, name := range names {
				if string(key) == name {
					values[i] = s.Raw()
					return
				}
			}
		})
	}
	return values
}

// unescape resolves the escape sequences of a string, and reports whether they are plain.
func unescape(raw []byte) (string, bool) {
	var b strings.Builder
	b.Grow(len(raw))
	plain := true
	for len(raw) > 0 {
		next := bytes.IndexByte(raw, '\\')
		if next < 0 {
			next = len(raw)
		}
		b.Write(raw[:next])
		if raw = raw[next:]; len(raw) > 1 && common[raw[1]] != 0 {
			b.WriteByte(common[raw[1]])
			raw = raw[2:]
		} else if len(raw) > 0 {
			r, length := resolve(raw)
			b.WriteRune(r)
			plain = plain && (r == '\n' || r == '\t' || !unicode.IsControl(r))
			raw = raw[length:]
		}
	}
	return b.String(), plain
}

// common holds what nearly all escape sequences stand for, by their second byte.
var common = [256]byte{'n': '\n', 't': '\t', '"': '"', '\\': '\\', '/': '/'}

// resolve returns what the escape sequence at the beginning of raw stands for, which is not one of the common, and its length.
func resolve(raw []byte) (rune, int) {
	if len(raw) == 1 {
		return utf8.RuneError, 1
	}
	switch c := raw[1]; c {
	case 'r':
		return '\r', 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'u':
		first, ok := hex4(raw)
		if !ok {
			return utf8.RuneError, 2
		}
		if second, ok := hex4(raw[6:]); ok && utf16.IsSurrogate(first) {
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return first, 6 // half a pair is written as U+FFFD
	default: // no escape sequence
		return rune(c), 2
	}
}

// hex4 returns the number of an escape sequence such as \u00e9 at the beginning of a text, and whether there is one.
func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range text[2:6] {
		r <<= 4
		switch {
		case c >= '0' && c <= '9':
			r |= rune(c - '0')
		case c >= 'a' && c <= 'f':
			r |= rune(c-'a') + 10
		case c >= 'A' && c <= 'F':
			r |= rune(c-'A') + 10
		default:
			return 0, false
		}
	}
	return r, true
}
