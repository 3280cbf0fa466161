package filters

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// leastWords is how many words with letters tell one text from others: everybody says fewer, and numbers stand in any table.
const leastWords = 5

// A window is the last words that were read, hashed as they pass. (R. Karp, M. Rabin, Efficient randomized pattern-matching
// algorithms, 1987.)
type window struct {
	last    []word // a ring
	at      int    // of the oldest of them, where the next one goes
	count   int    // of all words that were read
	letters int    // how many of the last words have letters
	sum     uint64 // of the hashes of the last words, as a polynomial
	leaving uint64 // the factor in it of the word that leaves
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

// sequence is the hash of the last words; ok is false while they are too few or where they tell nothing.
func (w *window) sequence() (hash uint64, ok bool) {
	return mix(w.sum), w.letters >= leastWords && w.count >= len(w.last)
}

// whole is the hash of all that was read, where that is less than a sequence.
func (w *window) whole() (hash uint64, ok bool) {
	return mix(w.sum), w.letters >= leastWords && w.count < len(w.last)
}

// A word is what stands between blanks, less its signs and in any case, as it was for GPT-3: so a path is one word, and a line of
// code has few. Of scripts without blanks between words each letter is one.
type word struct {
	hash       uint64 // its lowest bit says whether the word has letters
	start, end int    // in the text
}

// wordsOf iterates over the words of a text.
func wordsOf(text string) iter.Seq[word] {
	const basis, prime = 14695981039346656037, 1099511628211 // of FNV-1a, here over characters
	return func(yield func(word) bool) {
		hash, start, letter, single := uint64(basis), -1, uint64(0), false
		for at, r := range text {
			alone := false
			if r < utf8.RuneSelf {
				r = ascii[r]
			} else {
				r, alone = folded(r)
			}
			if r == sign {
				continue
			}
			if start >= 0 && (r == blank || alone || single) {
				if !yield(word{mix(hash)&^1 | letter, start, at}) {
					return
				}
				hash, start, letter = basis, -1, 0
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

// What is no part of a word.
const (
	sign  = 0
	blank = ' '
)

// folded is a letter or digit in lower case, and whether it is a word alone; else it is a sign or a blank.
func folded(r rune) (lower rune, alone bool) {
	switch {
	case unicode.IsSpace(r):
		return blank, false
	case betweenWords(r):
		return sign, false
	}
	const firstWithoutBlanks = '\u0e00'
	return unicode.ToLower(r), r >= firstWithoutBlanks && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// ascii is folded of the characters that most texts are made of.
var ascii = func() (table [utf8.RuneSelf]rune) {
	for r := range rune(utf8.RuneSelf) {
		table[r], _ = folded(r)
	}
	return table
}()
