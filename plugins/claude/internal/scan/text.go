package scan

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is the text of a raw value: of a string what it says, half a surrogate pair and invalid UTF-8 replaced by U+FFFD;
// of null nothing; of any other value its JSON. It shares no memory with the raw value.
func Text(raw []byte) string {
	if len(raw) == 0 || raw[0] == 'n' {
		return ""
	}
	if raw[0] != '"' {
		return strings.ToValidUTF8(string(raw), "\ufffd")
	}
	raw = raw[1 : len(raw)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return strings.ToValidUTF8(string(raw), "\ufffd")
	}
	return strings.ToValidUTF8(unescape(raw), "\ufffd")
}

// True reports whether a raw value is true.
func True(raw []byte) bool { return len(raw) > 0 && raw[0] == 't' }

// Member is a member of a raw object, the last of that name; nil where there is none.
func Member(raw []byte, name string) []byte {
	var value []byte
	if s := New(raw); s.Kind() == '{' {
		s.Object(func(key []byte) {
			if string(key) == name {
				value = s.Raw()
			}
		})
	}
	return value
}

// unescape resolves the escape sequences of a valid string.
func unescape(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw))
	for len(raw) > 0 {
		plain := bytes.IndexByte(raw, '\\')
		if plain < 0 {
			plain = len(raw)
		}
		b.Write(raw[:plain])
		if raw = raw[plain:]; len(raw) > 0 {
			raw = raw[resolve(&b, raw):]
		}
	}
	return b.String()
}

// resolve writes what the escape sequence at the beginning of raw stands for, and returns its length.
func resolve(b *strings.Builder, raw []byte) int {
	switch c := raw[1]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'u':
		first, _ := hex4(raw)
		if second, ok := hex4(raw[6:]); ok && utf16.IsSurrogate(first) {
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				b.WriteRune(pair)
				return 12
			}
		}
		b.WriteRune(first) // half a pair becomes U+FFFD
		return 6
	default: // a quote, a backslash, a slash
		b.WriteByte(c)
	}
	return 2
}

// hex4 is the number of an escape sequence \uXXXX at the beginning of a text.
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
