package detect

// sweep finds the places in a text where one of many beginnings stands, in any case of letters. At each three bytes it asks a
// small table whether some beginning starts like that, then whether one may go on with the next few bytes, and only then
// compares.
type sweep struct {
	bits    [tableSize / 64]uint64 // by hash of three folded bytes: some beginning starts like that
	inWords [tableSize / 64]uint64 // likewise: some beginning that starts like that may stand within a word
	slots   [tableSize]uint16      // index into lists, by hash of three folded bytes
	lists   [][]beginning
	next    []following // by index into lists: the bytes that can follow the three
}

// following says which bytes can stand at each of the places after the first three.
type following [followed]byteSet

const (
	followed  = 3
	tableBits = 15
	tableSize = 1 << tableBits
)

var anyFollowing = following{anyByte, anyByte, anyByte}

// beginning is what a check waits for.
type beginning struct {
	trigram uint32
	literal string // in lower case; empty: the three bytes are all
	// check looks at the place where the literal stands, adds what it finds, and returns where the sweep goes on. If that is
	// not after the place, the sweep goes on with the next byte.
	check func(s *search, at int) (next int)
}

func newSweep() *sweep {
	return &sweep{lists: make([][]beginning, 1), next: make([]following, 1)} // index 0 stands for no list
}

// folded maps letters to lower case and all digits to one.
var folded = func() (table [256]byte) {
	for i := range table {
		table[i] = byte(i)
	}
	for c := 'A'; c <= 'Z'; c++ {
		table[c] = byte(c - 'A' + 'a')
	}
	for c := '0'; c <= '9'; c++ {
		table[c] = '0'
	}
	return table
}()

func trigram(a, b, c byte) uint32 {
	return uint32(folded[a])<<16 | uint32(folded[b])<<8 | uint32(folded[c])
}

func slot(trigram uint32) uint32 { return trigram * 0x9E3779B1 >> (32 - tableBits) }

// on makes the sweep call check wherever the literal stands, in any case.
func (w *sweep) on(literal string, check func(*search, int) int) {
	literal = lower(literal)
	if len(literal) == 2 { // it begins or ends three bytes, whatever the third is
		for c := range 256 {
			if folded[c] == byte(c) {
				w.at(trigram(literal[0], literal[1], byte(c)), check)
				w.at(trigram(byte(c), literal[0], literal[1]), func(s *search, at int) int { return check(s, at+1) - 1 })
			}
		}
		return
	}
	next := anyFollowing
	for i := range min(followed, len(literal)-3) {
		next[i] = setOf(rune(literal[3+i]), true)
	}
	w.add(beginning{trigram: trigram(literal[0], literal[1], literal[2]), literal: literal, check: check}, next, false)
}

// at makes the sweep call check wherever three bytes stand.
func (w *sweep) at(trigram uint32, check func(*search, int) int) {
	w.add(beginning{trigram: trigram, check: check}, anyFollowing, false)
}

// add makes the sweep wait for a beginning, before bytes that can follow it and, if it starts words, only where one begins.
func (w *sweep) add(b beginning, next following, startsWord bool) {
	x := slot(b.trigram)
	w.bits[x>>6] |= 1 << (x & 63)
	if !startsWord {
		w.inWords[x>>6] |= 1 << (x & 63)
	}
	if w.slots[x] == 0 {
		w.slots[x] = uint16(len(w.lists))
		w.lists, w.next = append(w.lists, nil), append(w.next, following{})
	}
	index := w.slots[x]
	w.lists[index] = append(w.lists[index], b)
	for i, set := range next {
		w.next[index][i].addAll(set)
	}
}

// over sweeps over the search's text.
func (w *sweep) over(s *search) {
	text := s.text
	if len(text) < 3 {
		return
	}
	seen := uint32(folded[text[0]])<<8 | uint32(folded[text[1]])
	for i := 2; i < len(text); i++ {
		seen = seen<<8&0xffffff | uint32(folded[text[i]])
		x := slot(seen)
		if w.bits[x>>6]&(1<<(x&63)) == 0 {
			continue
		}
		if w.inWords[x>>6]&(1<<(x&63)) == 0 && withinWord(text, i-2) {
			continue
		}
		index := w.slots[x]
		if !w.mayFollow(index, text[i+1:]) {
			continue
		}
		if next := w.hit(s, i-2, seen, w.lists[index]); next > i-2 {
			if next+2 >= len(text) {
				return
			}
			i = next + 1 // the loop goes on with the three bytes at next
			seen = uint32(folded[text[next]])<<8 | uint32(folded[text[next+1]])
		}
	}
}

// withinWord reports whether a place of a text lies in a word or a number. The letter of an escaped line end or tab, and
// the digits of an escaped character, belong to no word.
func withinWord(text string, at int) bool {
	if at == 0 || !isWord(text[at-1]) {
		return false
	}
	switch text[at-1] {
	case 'n', 'r', 't':
		return at < 2 || text[at-2] != '\\'
	}
	return at < 6 || text[at-6:at-2] != `\u00`
}

// mayFollow reports whether some beginning of a list may go on like a text, as far as the text goes.
func (w *sweep) mayFollow(index uint16, text string) bool {
	next := &w.next[index]
	for i := range min(followed, len(text)) {
		if !next[i].has(text[i]) {
			return false
		}
	}
	return true
}

func (w *sweep) hit(s *search, at int, trigram uint32, list []beginning) int {
	next := at
	for i := range list {
		if b := &list[i]; b.trigram == trigram && hasFold(s.text[at:], b.literal) {
			next = max(next, b.check(s, at))
		}
	}
	return next
}

// hasFold reports whether a text begins with a prefix in lower case, in any case of ASCII letters.
func hasFold(text, prefix string) bool {
	if len(text) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if lowerByte(text[i]) != prefix[i] {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if isUpper(c) {
		c += 'a' - 'A'
	}
	return c
}

func lower(text string) string {
	folded := []byte(text)
	for i, c := range folded {
		folded[i] = lowerByte(c)
	}
	return string(folded)
}
