package tokens

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// A splitter splits a text into words, each of which is encoded by itself.
type splitter func(text string) iter.Seq[string]

// The patterns that most models use are written out here, since they are where the time goes; the others are left to a
// library for regular expressions. Each pattern is total: every byte of a text is in one word.
const (
	contractions = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`
	spaces       = `|\s*[\r\n]+|\s+(?!\S)|\s+`

	gpt2Pattern   = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
	cl100kPattern = contractions + `|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*` + spaces
	qwenPattern   = contractions + `|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*` + spaces
	o200kPattern  = `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` + contractions + `?` +
		`|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*` + contractions + `?` +
		`|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*` + spaces
	tekkenPattern = `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` +
		`|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*` +
		`|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*` + spaces
)

// words has, for each pattern that is written out here, the function that returns the length of the first word of a text,
// which must not be empty.
var words = map[string]func(text string) int{
	gpt2Pattern:   gpt2Word,
	cl100kPattern: func(text string) int { return cl100kWord(text, 3) },
	qwenPattern:   func(text string) int { return cl100kWord(text, 1) },
	o200kPattern:  func(text string) int { return o200kWord(text, 3, true) },
	tekkenPattern: func(text string) int { return o200kWord(text, 1, false) },
}

// splitWords makes a splitter from a function that finds the first word.
func splitWords(word func(text string) int) splitter {
	return func(text string) iter.Seq[string] {
		return func(yield func(string) bool) {
			for len(text) > 0 {
				n := word(text)
				if !yield(text[:n]) {
					return
				}
				text = text[n:]
			}
		}
	}
}

func gpt2Word(text string) int {
	if n := contraction(text, false); n > 0 {
		return n
	}
	from := 0
	if text[0] == ' ' {
		from = 1
	}
	for _, class := range []class{letter, number} {
		if to := run(text, from, class, 0); to > from {
			return to
		}
	}
	if to := run(text, from, 0, letter|number|space); to > from {
		return to
	}
	return spaceWord(text, false)
}

func cl100kWord(text string, digits int) int {
	if n := contraction(text, true); n > 0 {
		return n
	}
	class, size := classAt(text, 0)
	from := 0
	if class&(letter|number|newline) == 0 {
		from = size
	}
	if to := run(text, from, letter, 0); to > from {
		return to
	}
	return otherWord(text, class, digits, "\r\n")
}

func o200kWord(text string, digits int, contracts bool) int {
	class, size := classAt(text, 0)
	starts := [2]int{size, 0} // with a first character that is no letter, and without
	if class&(letter|number|newline) != 0 {
		starts[0] = 0
	}
	for _, find := range [...]func(string, int) int{smallEnd, capitalEnd} {
		for _, from := range starts {
			to := find(text, from)
			if to > 0 && contracts {
				to += contraction(text[to:], true)
			}
			if to > 0 {
				return to
			}
		}
	}
	return otherWord(text, class, digits, "\r\n/")
}

// smallEnd returns the end of capitals, if any, and then small letters; 0 if there is no small letter. Marks and letters
// without case are both.
func smallEnd(text string, from int) int {
	to, last := from, 0 // last: the end of the last capital that is a small letter, too
	for to < len(text) {
		class, size := classAt(text, to)
		if class&capital == 0 {
			break
		}
		to += size
		if class&small != 0 {
			last = to
		}
	}
	if end := run(text, to, small, 0); end > to {
		return end
	}
	return last
}

// capitalEnd returns the end of capitals, which no small letter follows; 0 if there are none.
func capitalEnd(text string, from int) int {
	if to := run(text, from, capital, 0); to > from {
		return to
	}
	return 0
}

// otherWord returns the end of a first word that holds no letters: digits; signs and what follows them of after; white
// space.
func otherWord(text string, first class, digits int, after string) int {
	if first&number != 0 {
		to := 0
		for range digits {
			class, size := classAt(text, to)
			if class&number == 0 {
				break
			}
			to += size
		}
		return to
	}
	from := 0
	if text[0] == ' ' {
		from = 1
	}
	to := run(text, from, 0, letter|number|space)
	if to == from {
		return spaceWord(text, true)
	}
	for to < len(text) && strings.IndexByte(after, text[to]) >= 0 {
		to++
	}
	return to
}

// spaceWord returns the end of the white space at the beginning: up to its last line end if lines is set and there is one,
// else all but its last character, which belongs to the word that follows, if one does.
func spaceWord(text string, lines bool) int {
	to, last, lineEnd := 0, 0, 0
	for to < len(text) {
		class, size := classAt(text, to)
		if class&space == 0 {
			break
		}
		last = to
		to += size
		if class&newline != 0 {
			lineEnd = to
		}
	}
	switch {
	case lines && lineEnd > 0:
		return lineEnd
	case to < len(text) && last > 0:
		return last
	}
	return to
}

// run returns the end of the characters from a place on that are of one of the classes in any (0: of whatever class) and of
// none of the classes in none.
func run(text string, from int, any, none class) int {
	for from < len(text) {
		class, size := classAt(text, from)
		if any != 0 && class&any == 0 || class&none != 0 {
			break
		}
		from += size
	}
	return from
}

// contraction returns the length of an English ending such as 's at the beginning of a text; 0 if there is none.
func contraction(text string, fold bool) int {
	if len(text) < 2 || text[0] != '\'' {
		return 0
	}
	if fold && len(text) >= 3 && text[1:3] == "ſ" { // the long s folds to s
		return 3
	}
	lower := func(b byte) byte {
		if fold && 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		return b
	}
	switch lower(text[1]) {
	case 's', 't', 'm', 'd':
		return 2
	}
	if len(text) >= 3 {
		switch string([]byte{lower(text[1]), lower(text[2])}) {
		case "re", "ve", "ll":
			return 3
		}
	}
	return 0
}

// classAt returns the class of the character at a place, and its size in bytes; 0 and 0 at the end of the text.
func classAt(text string, at int) (class, int) {
	if at >= len(text) {
		return 0, 0
	}
	if b := text[at]; b < utf8.RuneSelf {
		return ascii[b], 1
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	return classOf(r), size
}
