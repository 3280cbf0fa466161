package filters

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// A testSet finds texts of a test set. It has only hashes: those of all sequences of words, and of each text that is shorter
// than a sequence.
type testSet struct {
	words  int
	files  []testFile
	hashes []uint64 // sorted
	rows   []uint32 // for each hash, the first row that has it
	marks  []uint64 // bits, one set by each hash: most hashes looked up are not there, which the bits tell at once
	shift  int      // by which a hash is shifted to give the number of its bit
}

// A testFile is a file of the test set and which rows it has.
type testFile struct {
	name        string
	first, rows uint32
}

// An entry is a hash and a row that has it.
type entry struct {
	hash uint64
	row  uint32
}

func (e entry) compare(other entry) int {
	if e.hash != other.hash {
		return cmp.Compare(e.hash, other.hash)
	}
	return cmp.Compare(e.row, other.row)
}

// A testBuilder gathers entries in parts by the first bits of their hashes, so that few are sorted at a time.
type testBuilder struct {
	words   int
	files   []testFile
	rows    uint32 // of all files
	entries [1 << 12][]entry
}

// keep adds a hash that the current row has, if ok is true.
func (b *testBuilder) keep(hash uint64, ok bool) {
	if ok {
		part := &b.entries[hash>>52]
		*part = append(*part, entry{hash, b.rows})
	}
}

// build makes the set of the entries that were gathered, and gives these up.
func (b *testBuilder) build() *testSet {
	s := &testSet{words: b.words, files: b.files}
	for i, part := range b.entries[:] {
		slices.SortFunc(part, entry.compare)
		s.add(slices.Compact(part))
		b.entries[i] = nil
	}
	size := 9 + bits.Len(uint(len(s.hashes)>>6))
	s.shift, s.marks = 64-size, make([]uint64, 1<<(size-6))
	for _, hash := range s.hashes {
		mark, bit := s.mark(hash)
		*mark |= bit
	}
	return s
}

// add adds each hash that tells a row from others, with the first such row.
func (s *testSet) add(sorted []entry) {
	for len(sorted) > 0 {
		same := 1
		for same < len(sorted) && sorted[same].hash == sorted[0].hash {
			same++
		}
		if row, ok := s.firstTellingRow(sorted[:same]); ok {
			s.hashes, s.rows = append(s.hashes, sorted[0].hash), append(s.rows, row)
		}
		sorted = sorted[same:]
	}
}

// leastRows is how many rows a file needs to show what they share: what more than half of them have, such as a prompt or a
// schema, is no test.
const leastRows = 10

// firstTellingRow returns the first row that has a hash in a file whose rows do not share it. same holds all entries of the
// hash.
func (s *testSet) firstTellingRow(same []entry) (row uint32, ok bool) {
	for len(same) > 0 {
		file := s.file(same[0].row)
		having := 0 // the rows of the file that have the hash
		for having < len(same) && same[having].row < file.first+file.rows {
			having++
		}
		if shared := file.rows >= leastRows && having > int(file.rows)/2; !shared {
			return same[0].row, true
		}
		same = same[having:]
	}
	return 0, false
}

// mark returns the bit of a hash. There are about a dozen bits for each hash.
func (s *testSet) mark(hash uint64) (mark *uint64, bit uint64) {
	at := hash >> s.shift
	return &s.marks[at>>6], 1 << (at & 63)
}

// find returns the row that has a hash.
func (s *testSet) find(hash uint64) (row uint32, ok bool) {
	if mark, bit := s.mark(hash); *mark&bit == 0 {
		return 0, false
	}
	at, ok := slices.BinarySearch(s.hashes, hash)
	if !ok {
		return 0, false
	}
	return s.rows[at], true
}

func (s *testSet) file(row uint32) testFile {
	behind, _ := slices.BinarySearchFunc(s.files, row+1, func(f testFile, row uint32) int { return cmp.Compare(f.first, row) })
	return s.files[behind-1]
}

// name returns a row's file and its number there, from 1.
func (s *testSet) name(row uint32) string {
	file := s.file(row)
	return fmt.Sprintf("%s:%d", file.name, row-file.first+1)
}
