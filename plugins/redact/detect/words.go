package detect

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a text that the user lists. Between its parts a text may have any blanks, such as the end of a line.
type word struct {
	text string // in lower case, with single blanks
	kind Kind
}

func newWords(o Options) []word {
	var words []word
	add := func(texts []string, kind Kind) {
		for _, text := range texts {
			text = strings.ToLower(strings.Join(strings.Fields(text), " "))
			if text == "" {
				continue
			}
			// An accent is a part of its letter or stands behind it, as in the names of files of macOS.
			for _, form := range slices.Compact([]string{norm.NFC.String(text), norm.NFD.String(text)}) {
				words = append(words, word{form, kind})
			}
		}
	}
	add(o.Names, Name)
	add(o.Canaries, Canary)
	return words
}

// addWords adds the listed words. Short ones, and those that do not begin with three ASCII letters, have no beginning
// that the sweep can wait for; listed looks for these.
func (d *Detector) addWords() {
	for _, w := range d.words {
		if w.swept() {
			d.sweep.on(w.text[:3], func(s *search, at int) int { return s.word(w, at) })
		}
	}
}

func (w word) swept() bool {
	return len(w.text) >= 3 && w.text[0] < utf8.RuneSelf && w.text[1] < utf8.RuneSelf && w.text[2] < utf8.RuneSelf &&
		!strings.Contains(w.text[:3], " ")
}

// listed looks for the words that the sweep does not see.
func (s *search) listed() {
	for _, w := range s.d.words {
		for at := 0; !w.swept() && at < len(s.text); at++ {
			s.word(w, at)
		}
	}
}

func (s *search) word(w word, at int) int {
	end, ok := prefixFold(s.text[at:], w.text)
	if !ok {
		return at
	}
	end += at
	if w.kind == Name {
		before, _ := utf8.DecodeLastRuneInString(s.text[:at])
		after, _ := utf8.DecodeRuneInString(s.text[end:])
		if at > 0 && wordRune(before) || end < len(s.text) && wordRune(after) {
			return at
		}
	}
	s.add(Finding{Start: at, End: end, Kind: w.kind})
	return at
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// prefixFold reports whether a text begins with a prefix in lower case, in any case and with any blanks for a blank, and
// where the prefix ends.
func prefixFold(text, prefix string) (end int, ok bool) {
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(text[end:])
		if want == ' ' {
			rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
			size = len(text) - end - len(rest)
		} else if unicode.ToLower(got) != want {
			return 0, false
		}
		if size == 0 {
			return 0, false
		}
		end += size
	}
	return end, true
}

// Placeholder matches what stands in the place of what was found: a kind, perhaps a rule, and a number or a digest.
var Placeholder = regexp.MustCompile(`<(?:SECRET|EMAIL|PHONE|CARD|IBAN|IP|DISCORD|AUTHOR|NAME|BLOCKED)(?::[a-z0-9._-]+)?:[0-9a-f]+>`)

// placeholder reports whether a place of a text overlaps what stands there in the place of an earlier finding.
func placeholder(text string, start, end int) bool {
	const longest = 96
	from, to := max(0, start-longest), min(len(text), end+longest)
	for _, at := range Placeholder.FindAllStringIndex(text[from:to], -1) {
		if from+at[0] < end && from+at[1] > start {
			return true
		}
	}
	return stand(text[start:end])
}

// stand reports whether a value is a number that stands for another.
func stand(value string) bool {
	return len(value) >= 13 && strings.HasPrefix(value, "10000000000") && digits(value)
}
