package detect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a text that the user lists. Where it has a blank, a text may have any blanks, such as the end of a line.
type word struct {
	text string // folded, with single blanks
	kind Kind
	rule string // of a canary: its number
}

// addWords adds the listed words. The sweep waits for those that begin with three ASCII characters; listed looks for the
// others.
func (d *Detector) addWords(texts []string, kind Kind) {
	for i, text := range texts {
		rule := ""
		if kind == Canary {
			rule = fmt.Sprintf("%d of %d", i+1, len(texts))
		}
		for _, form := range forms(strings.Join(strings.Fields(text), " ")) {
			w := word{text: strings.Map(fold, form), kind: kind, rule: rule}
			d.least = min(d.least, len(w.text))
			if swept(form) {
				d.sweep.on(w.text[:3], func(s *search, at int) int { return s.word(w, at) })
			} else {
				first, _ := utf8.DecodeRuneInString(w.text)
				d.listed[first] = append(d.listed[first], w)
			}
		}
	}
}

// forms returns the ways in which a text may be written: an accent is a part of its letter or stands after it, as in names
// of files on macOS, the capitals of ß are SS, and a folder may have its name from a path.
func forms(text string) (all []string) {
	for _, text := range []string{text, strings.NewReplacer("ß", "ss", "ẞ", "ss").Replace(text), flat(text)} {
		for _, form := range []string{norm.NFC.String(text), norm.NFD.String(text)} {
			if form != "" && !slices.Contains(all, form) {
				all = append(all, form)
			}
		}
	}
	return all
}

// flat returns the flat spelling of a text that begins and ends with a letter or digit. Others stay as they are: C-- is not
// C++.
func flat(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	final, _ := utf8.DecodeLastRuneInString(text)
	if wordRune(first) && wordRune(final) {
		return Flat(text)
	}
	return text
}

// swept reports whether the sweep can wait for a word by its beginning, as it was listed: the sweep knows the cases of ASCII
// letters only, so it would not see the İ that is folded to i.
func swept(form string) bool {
	return len(form) >= 3 && form[0] < utf8.RuneSelf && form[1] < utf8.RuneSelf && form[2] < utf8.RuneSelf &&
		!strings.Contains(form[:3], " ")
}

// fold makes all cases of a letter one.
func fold(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case r < utf8.RuneSelf:
		return r
	case r == 'İ' || r == 'ı':
		return 'i'
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// listed looks for the words that the sweep does not see.
func (s *search) listed() {
	if len(s.d.listed) == 0 {
		return
	}
	for at, r := range s.text {
		for _, w := range s.d.listed[fold(r)] {
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
	s.add(Finding{Start: at, End: end, Kind: w.kind, Rule: w.rule})
	return at
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// prefixFold reports whether a text begins with a folded prefix, in any case and with any blanks for a blank, and where the
// prefix ends.
func prefixFold(text, prefix string) (end int, ok bool) {
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(text[end:])
		if want == ' ' {
			rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
			size = len(text) - end - len(rest)
		} else if fold(got) != want {
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
var Placeholder = regexp.MustCompile(`<(?:SECRET|EMAIL|PHONE|CARD|IBAN|NATIONAL-ID|IP|DISCORD|AUTHOR|NAME|BLOCKED)(?::[a-z0-9._-]+)?:[0-9a-f]+>`)

// placeholder reports whether a place of a text overlaps what was put in the place of an earlier finding.
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
