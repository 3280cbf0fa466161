package tokens

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// added finds control tokens in a text: the leftmost, and of several at one place the longest.
type added struct {
	tokens []addedToken
	first  string // the characters that control tokens begin with
	trie   map[step]int
}

// An addedToken is an entry of added_tokens in a tokenizer.json.
type addedToken struct {
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"` // counts only with no word character at its sides
	LStrip     bool   `json:"lstrip"`      // takes the white space before it
	RStrip     bool   `json:"rstrip"`      // takes the white space after it
	Normalized bool   `json:"normalized"`  // is looked for in normalized text
}

// A step leads from a node of the trie to the next, by a byte. Nodes are numbers; at a token's end the step by tokenEnd
// leads to its index.
type step struct{ node, by int }

const tokenEnd = -1

func newAdded(tokens []addedToken) added {
	a := added{tokens: tokens, trie: map[step]int{}}
	nodes := 1
	for i, token := range tokens {
		if token.Content == "" {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(token.Content); !strings.ContainsRune(a.first, first) {
			a.first += string(first)
		}
		node := 0
		for _, b := range []byte(token.Content) {
			next, ok := a.trie[step{node, int(b)}]
			if !ok {
				next = nodes
				a.trie[step{node, int(b)}] = next
				nodes++
			}
			node = next
		}
		if _, ok := a.trie[step{node, tokenEnd}]; !ok {
			a.trie[step{node, tokenEnd}] = i
		}
	}
	return a
}

// sections yields the parts of a text in order, and whether each is a control token. No part is empty.
func (a *added) sections(text string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		done := 0
		for {
			from, to, ok := a.next(text, done)
			if !ok {
				break
			}
			if from > done && !yield(text[done:from], false) || !yield(text[from:to], true) {
				return
			}
			done = to
		}
		if done < len(text) {
			yield(text[done:], false)
		}
	}
}

// next finds the first control token that begins at a place or after it, with the white space that it takes from there on.
func (a *added) next(text string, place int) (from, to int, ok bool) {
	for at := place; ; {
		candidate := strings.IndexAny(text[at:], a.first)
		if candidate < 0 {
			return 0, 0, false
		}
		from = at + candidate
		token, found := a.match(text, from)
		if !found {
			at = from + 1
			continue
		}
		to = from + len(token.Content)
		if token.SingleWord && insideWord(text, from, to) {
			at = to
			continue
		}
		if token.LStrip {
			from = max(place, len(strings.TrimRightFunc(text[:from], unicode.IsSpace)))
		}
		if token.RStrip {
			to = len(text) - len(strings.TrimLeftFunc(text[to:], unicode.IsSpace))
		}
		return from, to, true
	}
}

// match returns the longest token that the text has at a place, if any.
func (a *added) match(text string, at int) (token addedToken, ok bool) {
	node := 0
	for ; at < len(text); at++ {
		if node, ok = a.trie[step{node, int(text[at])}]; !ok {
			break
		}
		if i, ends := a.trie[step{node, tokenEnd}]; ends {
			token = a.tokens[i]
		}
	}
	return token, token.Content != ""
}

func insideWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return isWord(before) || isWord(after)
}

func isWord(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc)
}
