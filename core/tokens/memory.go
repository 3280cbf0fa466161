package tokens

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
)

// memory remembers the token counts of words, since most words of a text were seen before, and of long texts, since each is
// counted several times: by every output, and where it is cut. It consists of tables with a fixed number of slots; a word
// takes the place of another one in the same slot. So it needs no list of what is old, and at most some megabytes.
type memory struct {
	seed  maphash.Seed
	texts [textSlots]rememberedText
	short [slots]atomic.Uint64 // a word of up to 7 bytes and its tokens, in one number; see pack
	long  [slots]atomic.Pointer[remembered]
}

type remembered struct {
	word   string
	tokens int
}

// A rememberedText is known by its digest, since the text may be large. While it is counted, others that want it wait.
type rememberedText struct {
	mu     sync.Mutex
	digest [sha256.Size]byte
	tokens int // 0: nothing is known
}

const (
	textSlots = 1 << 12
	longText  = 1 << 10 // bytes; a digest of fewer takes about as long as counting them

	slotBits = 16
	slots    = 1 << slotBits
	shorter  = 8  // bytes; words from here on go into the other table
	longest  = 64 // bytes; longer words seldom come back

	lengthAt = 56 // the bit at which the length begins in a short word's number
	tokensAt = 60 // the bit at which its tokens begin
)

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed()}
}

// count returns the tokens of a word, which is not empty, from memory or else from the model.
func (m *memory) count(word string, model *bpe) int {
	switch {
	case len(word) < shorter:
		return m.countShort(word, model)
	case len(word) <= longest:
		return m.countLong(word, model)
	}
	return model.count(word)
}

func (m *memory) countShort(word string, model *bpe) int {
	packed := pack(word)
	slot := &m.short[packed*golden>>(64-slotBits)]
	if known := slot.Load(); known&(1<<tokensAt-1) == packed {
		return int(known >> tokensAt)
	}
	tokens := model.count(word)
	slot.Store(packed | uint64(tokens)<<tokensAt)
	return tokens
}

// pack packs a short word into a number: its bytes from the lowest on, and its length at lengthAt. The bits for its tokens,
// of which there are no more than bytes, are 0.
func pack(word string) uint64 {
	packed := uint64(len(word)) << lengthAt
	for i := range len(word) {
		packed |= uint64(word[i]) << (8 * i)
	}
	return packed
}

func (m *memory) countLong(word string, model *bpe) int {
	slot := &m.long[maphash.String(m.seed, word)%slots]
	if known := slot.Load(); known != nil && known.word == word {
		return known.tokens
	}
	tokens := model.count(word)
	slot.Store(&remembered{word: strings.Clone(word), tokens: tokens})
	return tokens
}

// countText returns the tokens of a long text from memory or else from count.
func (m *memory) countText(text string, count func(string) int) int {
	digest := digestOf(text)
	slot := &m.texts[binary.LittleEndian.Uint64(digest[:])%textSlots]
	slot.mu.Lock()
	defer slot.mu.Unlock()
	if slot.tokens == 0 || slot.digest != digest {
		slot.tokens = count(text)
		slot.digest = digest
	}
	return slot.tokens
}

// digestOf returns the digest of a text without copying it as a whole.
func digestOf(text string) (digest [sha256.Size]byte) {
	hash := sha256.New()
	var some [4 << 10]byte
	for len(text) > 0 {
		n := copy(some[:], text)
		hash.Write(some[:n])
		text = text[n:]
	}
	hash.Sum(digest[:0])
	return digest
}
