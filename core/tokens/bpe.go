package tokens

import (
	"math/bits"
	"slices"
	"sync"
)

// bpe merges a word's bytes: always the neighbours of lowest rank, leftmost first, until none can be merged. What is left
// are its tokens. Symbols are numbers that stand for bytes and for merged pairs.
type bpe struct {
	bytes  [256]int32 // noSymbol: not in the vocabulary, left out
	merges merges
	whole  map[string]struct{} // words that are one token, whatever the merges say
	spare  sync.Pool           // of *chain
}

const noSymbol = -1

// golden spreads the bits of a number over its high ones (Knuth's multiplicative hashing).
const golden = 0x9E3779B97F4A7C15

// A chain is a linked list of a word's symbols. A symbol leaves it when it is merged into the one before.
type chain struct {
	links []link
	queue queue
}

type link struct {
	symbol     int32
	prev, next int32
	rank       uint32 // of the merge with the next one; noRank: there is none
}

const noRank = ^uint32(0)

func (m *bpe) count(word string) int {
	if _, ok := m.whole[word]; ok {
		return 1
	}
	c, _ := m.spare.Get().(*chain)
	if c == nil {
		c = &chain{}
	}
	defer m.spare.Put(c)
	c.fill(m, word)
	return c.merge(&m.merges)
}

func (c *chain) fill(m *bpe, word string) {
	c.links, c.queue = slices.Grow(c.links[:0], len(word)), slices.Grow(c.queue[:0], len(word))
	for i := range len(word) {
		if symbol := m.bytes[word[i]]; symbol != noSymbol {
			at := int32(len(c.links))
			c.links = append(c.links, link{symbol: symbol, prev: at - 1, next: at + 1})
		}
	}
}

// merge merges symbols until none can be merged, and returns how many are left.
func (c *chain) merge(merges *merges) int {
	left := len(c.links)
	for at := range int32(left) {
		c.propose(merges, at)
	}
	for len(c.queue) > 0 {
		rank, at := c.queue.pop()
		this := &c.links[at]
		if this.rank != rank {
			continue // a neighbour was merged since
		}
		next := &c.links[this.next]
		_, this.symbol = merges.find(this.symbol, next.symbol)
		next.rank = noRank
		this.next = next.next
		if int(this.next) < len(c.links) {
			c.links[this.next].prev = at
		}
		left--
		c.propose(merges, at)
		if this.prev >= 0 {
			c.propose(merges, this.prev)
		}
	}
	return left
}

// propose queues the merge of a symbol with the next one.
func (c *chain) propose(merges *merges, at int32) {
	this := &c.links[at]
	this.rank = noRank
	if int(this.next) < len(c.links) {
		this.rank, _ = merges.find(this.symbol, c.links[this.next].symbol)
	}
	if this.rank != noRank {
		c.queue.push(this.rank, at)
	}
}

// merges is a hash table from pairs of symbols to the rank of their merge and the symbol they become: open addressing,
// at most half full.
type merges struct {
	slots []merge
	shift int
}

type merge struct {
	pair   uint64
	rank   uint32 // plus one; 0: the slot is free
	symbol int32
}

func newMerges(n int) merges {
	width := bits.Len(uint(2*n | 1))
	return merges{slots: make([]merge, 1<<width), shift: 64 - width}
}

// slot returns the slot where a pair is, or would be.
func (m *merges) slot(pair uint64) *merge {
	for i := int((pair * golden) >> m.shift); ; i++ {
		slot := &m.slots[i&(len(m.slots)-1)]
		if slot.rank == 0 || slot.pair == pair {
			return slot
		}
	}
}

// add adds a merge. If the pair has one already, it is replaced, as in the Python package.
func (m *merges) add(left, right int32, rank uint32, symbol int32) {
	pair := pairOf(left, right)
	*m.slot(pair) = merge{pair: pair, rank: rank + 1, symbol: symbol}
}

// find returns the rank of a pair's merge and the symbol that the pair becomes. The rank is noRank if it cannot be merged.
func (m *merges) find(left, right int32) (rank uint32, symbol int32) {
	slot := m.slot(pairOf(left, right))
	return slot.rank - 1, slot.symbol
}

func pairOf(left, right int32) uint64 {
	return uint64(uint32(left))<<32 | uint64(uint32(right))
}

// A queue is a heap of places in a chain: lowest rank first, then leftmost.
type queue []uint64

func (q *queue) push(rank uint32, at int32) {
	*q = append(*q, uint64(rank)<<32|uint64(at))
	heap := *q
	for i := len(heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if heap[parent] <= heap[i] {
			return
		}
		heap[parent], heap[i] = heap[i], heap[parent]
		i = parent
	}
}

func (q *queue) pop() (rank uint32, at int32) {
	heap := *q
	top := heap[0]
	heap[0] = heap[len(heap)-1]
	heap = heap[:len(heap)-1]
	*q = heap
	for i := 0; ; {
		least := 2*i + 1
		if least >= len(heap) {
			break
		}
		if least+1 < len(heap) && heap[least+1] < heap[least] {
			least++
		}
		if heap[i] <= heap[least] {
			break
		}
		heap[i], heap[least] = heap[least], heap[i]
		i = least
	}
	return uint32(top >> 32), int32(uint32(top))
}
