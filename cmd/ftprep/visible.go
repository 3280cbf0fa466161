package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// visible returns text that cannot act on a terminal: characters that do not print are escaped, except those in keep.
func visible[Text string | []byte](text Text, keep string) string {
	var b strings.Builder
	for rest := []byte(text); len(rest) > 0; {
		n := writeVisible(&b, rest, keep)
		rest = rest[n:]
	}
	return b.String()
}

// writeVisible writes the first character of text and returns its length in bytes.
func writeVisible(b *strings.Builder, text []byte, keep string) int {
	r, n := utf8.DecodeRune(text)
	switch {
	case prints(r, n, keep):
		b.WriteRune(r)
	case r == utf8.RuneError && n == 1:
		fmt.Fprintf(b, `\x%02x`, text[0])
	default:
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	return n
}

// shownBefore is how many bytes of a line are shown before its focus: enough for the key of a value.
const shownBefore = 12

// abridge makes a line visible in room characters. It cuts a longer line to the part around focus, an offset, or, if that is 0,
// to its beginning and end. Marks say how many bytes are left out.
func abridge(line []byte, focus, room int) string {
	if len(line) <= 4*room {
		if whole := visible(line, ""); utf8.RuneCountInString(whole) <= room {
			return whole
		}
	}
	start := max(focus-shownBefore, 0)
	for start > 0 && !utf8.RuneStart(line[start]) {
		start--
	}
	room -= utf8.RuneCountInString(omitted(start) + omitted(len(line)))
	if start > 0 {
		end := start + fit(line[start:], room)
		if end == len(line) { // there is room for more of what comes before
			start = len(line) - fitBack(line, room)
		}
		return omitted(start) + visible(line[start:end], "") + omitted(len(line)-end)
	}
	head := fit(line, room/2)
	tail := len(line) - fitBack(line[head:], room-room/2)
	return visible(line[:head], "") + omitted(tail-head) + visible(line[tail:], "")
}

// labelRoom is the room for a text from a plugin, which may come from a log and be long.
const labelRoom = 200

// brief makes a text visible on one line, cut in the middle if it is very long.
func brief(text string) string { return abridge([]byte(text), 0, labelRoom) }

// omitted returns the mark for n bytes that are left out.
func omitted(n int) string {
	if n == 0 {
		return ""
	}
	return "…" + size(int64(n)) + "…"
}

// fit returns how many bytes at the beginning of a line fit into room characters once they are visible.
func fit(line []byte, room int) int {
	taken := 0
	for taken < len(line) {
		var b strings.Builder
		n := writeVisible(&b, line[taken:], "")
		if room -= utf8.RuneCountInString(b.String()); room < 0 {
			break
		}
		taken += n
	}
	return taken
}

// fitBack is like fit, for the end of a line.
func fitBack(line []byte, room int) int {
	taken := 0
	for taken < len(line) {
		rest := line[:len(line)-taken]
		_, n := utf8.DecodeLastRune(rest)
		if room -= utf8.RuneCountInString(visible(rest[len(rest)-n:], "")); room < 0 {
			break
		}
		taken += n
	}
	return taken
}

// isText reports whether a line is text, which has no zero bytes.
func isText(line []byte) bool { return !bytes.ContainsRune(line, 0) }

// prints reports whether a character of n bytes can be shown as it is.
func prints(r rune, n int, keep string) bool {
	return (r != utf8.RuneError || n > 1) && (strconv.IsPrint(r) || strings.ContainsRune(keep, r))
}

// printableBytes replaces each byte of characters that do not print, except those in keep, with a question mark, so that offsets
// stay.
func printableBytes(text []byte, keep string) []byte {
	shown := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if prints(r, n, keep) {
			shown = append(shown, text[:n]...)
		} else {
			shown = append(shown, strings.Repeat("?", n)...)
		}
		text = text[n:]
	}
	return shown
}
