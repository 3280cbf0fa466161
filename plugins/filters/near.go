package filters

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/ftprep/ftprep/sdk"
)

// near makes keys that examples with much the same words share, by MinHash with bands of rows. (A. Broder, On the
// resemblance and containment of documents, 1997; J. Leskovec, A. Rajaraman, J. Ullman, Mining of Massive Datasets,
// chapter 3.) If two examples share the part s of all their sequences of words, each of their least values is the same
// with probability s, so they share the key of some band with probability 1-(1-s^rows)^bands.
type near struct {
	rows  int
	seeds []uint64 // one for each least value of all bands
}

const (
	hashes   = 120 // least values at most, which make up the bands
	sequence = 3   // words
)

// newNear chooses the rows so that two examples of this similarity, between 0 and 1, share a key in about two of three
// cases.
func newNear(similarity float64) *near {
	rows, best := 1, math.Inf(1)
	for r := 1; r <= hashes; r++ {
		steep := math.Pow(1/math.Floor(hashes/float64(r)), 1/float64(r)) // the similarity at which the probability is about 0.65
		if distance := math.Abs(steep - similarity); distance < best {
			rows, best = r, distance
		}
	}
	n := &near{rows: rows, seeds: make([]uint64, hashes/rows*rows)}
	for i := range n.seeds {
		n.seeds[i] = mix(uint64(i + 1))
	}
	return n
}

// keys returns one key for each band. Examples of different types share none.
func (n *near) keys(ctx context.Context, kind sdk.Type, parts []string) ([]string, error) {
	least, err := n.least(ctx, sequences(wordHashes(parts)))
	if err != nil {
		return nil, err
	}
	var keys []string
	for band := range slices.Chunk(least, n.rows) {
		hash := combine(hashOf(string(kind)), uint64(len(keys)))
		for _, value := range band {
			hash = combine(hash, value)
		}
		keys = append(keys, fmt.Sprintf("%016x", hash))
	}
	return keys, nil
}

// least returns for each seed the least of the values that it makes of the hashes.
func (n *near) least(ctx context.Context, all iter.Seq[uint64]) ([]uint64, error) {
	least := slices.Repeat([]uint64{math.MaxUint64}, len(n.seeds))
	count := 0
	for hash := range all {
		if count++; count%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for i, seed := range n.seeds {
			least[i] = min(least[i], (hash^seed)*(seed|1))
		}
	}
	return least, nil
}

// sequences iterates over the hashes of all sequences of words. If the words are too few for one, it yields a single hash
// of all of them.
func sequences(words []uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for at := 0; at == 0 || at+sequence <= len(words); at++ {
			hash := uint64(0)
			for _, word := range words[at:min(at+sequence, len(words))] {
				hash = combine(hash, word)
			}
			if !yield(hash) {
				return
			}
		}
	}
}

// wordHashes returns the hashes of all words, in lower case.
func wordHashes(parts []string) []uint64 {
	var all []uint64
	for _, part := range parts {
		for word := range strings.FieldsFuncSeq(strings.ToLower(part), betweenWords) {
			all = append(all, hashOf(word))
		}
	}
	return all
}

func betweenWords(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
}

// hashOf hashes by FNV-1a, which is the same in every run, and mixes the bits.
func hashOf(word string) uint64 {
	hash := uint64(14695981039346656037)
	for i := range len(word) {
		hash = (hash ^ uint64(word[i])) * 1099511628211
	}
	return mix(hash)
}

func combine(hash, next uint64) uint64 { return mix(hash*31 + next) }

// mix spreads every bit over all of them, as the last step of SplitMix64 does. (G. Steele, D. Lea, C. Flood, Fast
// splittable pseudorandom number generators, 2014.)
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
