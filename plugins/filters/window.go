package filters

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// leastWords is how many words with letters it takes to tell one text from others: fewer are said by everybody, and numbers
// stand in any table.
const leastWords = 5

// A window holds the last words that were read, with a rolling hash of them. (R. Karp, M. Rabin, Efficient randomized
// pattern-matching algorithms, 1987.)
type window struct {
	last    []word // a ring
	at      int    // the index of the oldest of them, where the next one goes
	count   int    // how many words were read in all
	letters int    // how many of the last words have letters
	sum     uint64 // the hashes of the last words as a polynomial in radix
	leaving uint64 // the factor by which the word that leaves counts in it
}

const radix = 0x9e3779b97f4a7c15

func newWindow(words int) *window {
	w := &window{last: make([]word, words), leaving: 1}
	for range words {
		w.leaving *= radix
	}
	return w
}

func (w *window) push(next word) {
	oldest := w.last[w.at]
	w.last[w.at] = next
	if w.at++; w.at == len(w.last) {
		w.at = 0
	}
	w.count++
	w.letters += int(next.hash&1) - int(oldest.hash&1)
	w.sum = w.sum*radix + next.hash - oldest.hash*w.leaving
}

// sequence returns the hash of the last words; ok is false while they are too few, or too few of them have letters.
func (w *window) sequence() (hash uint64, ok bool) {
	return mix(w.sum), w.letters >= leastWords && w.count >= len(w.last)
}

// shortHash returns the hash of a text that is shorter than a sequence: of all words that were read. ok is false if they make
// a sequence, or too few of them have letters.
func (w *window) shortHash() (hash uint64, ok bool) {
	return mix(w.sum), w.letters >= leastWords && w.count < len(w.last)
}

// A word is what stands between blanks, without signs and regardless of case, as it was for GPT-3: a path is one word, and a
// line of code has few. In scripts without blanks between words each letter is a word.
type word struct {
	hash       uint64 // its lowest bit says whether the word has letters
	start, end int    // in the text
}

// wordsOf iterates over the words of a text.
func wordsOf(text string) iter.Seq[word] {
	const basis, prime = 14695981039346656037, 1099511628211 // of FNV-1a, here over characters
	return func(yield func(word) bool) {
		hash, letter := uint64(basis), uint64(0)
		start, single := -1, false // of the word that is being read, if there is one; single says that it is one letter
		for at, r := range text {
			r, alone := fold(r)
			if r == sign {
				continue
			}
			if start >= 0 && (r == blank || alone || single) {
				if !yield(word{mix(hash)&^1 | letter, start, at}) {
					return
				}
				hash, letter, start = basis, 0, -1
			}
			if r == blank {
				continue
			}
			if start < 0 {
				start, single = at, alone
			}
			hash = (hash ^ uint64(r)) * prime
			if r > '9' {
				letter = 1
			}
		}
		if start >= 0 {
			yield(word{mix(hash)&^1 | letter, start, len(text)})
		}
	}
}

// What stands for characters that are no part of a word.
const (
	sign  = 0
	blank = ' '
)

// fold returns a letter or digit in lower case and whether it is a word by itself. For any other character it returns sign
// or blank.
func fold(r rune) (lower rune, alone bool) {
	if r < utf8.RuneSelf {
		return ascii[r], false
	}
	return foldAny(r)
}

// ascii holds what fold returns for the characters that most texts are made of.
var ascii = func() (table [utf8.RuneSelf]rune) {
	for r := range rune(utf8.RuneSelf) {
		table[r], _ = foldAny(r)
	}
	return table
}()

func foldAny(r rune) (lower rune, alone bool) {
	switch {
	case unicode.IsSpace(r):
		return blank, false
	case betweenWords(r):
		return sign, false
	}
	const firstWithoutBlanks = '\u0e00'
	return unicode.ToLower(r), r >= firstWithoutBlanks && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
