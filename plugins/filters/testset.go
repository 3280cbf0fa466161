package filters

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// A testSet finds texts of a test set. Of them it has hashes only: those of all sequences of words, and of each text that is
// shorter.
type testSet struct {
	words  int
	files  []testFile
	hashes []uint64 // sorted
	rows   []uint32 // of each hash, the first row that has it
	marks  []uint64 // bits, of which each hash sets one: nearly all that are looked for are not there, which these tell at once
	shift  int      // leaves as many bits of a hash as name one of them
}

// A testFile has some of the rows.
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

// A testBuilder gathers entries apart by the first bits of their hashes, so that few are sorted at a time.
type testBuilder struct {
	words   int
	files   []testFile
	rows    uint32 // of all files
	entries [1 << 12][]entry
}

// keep adds a hash that the current row has.
func (b *testBuilder) keep(hash uint64, ok bool) {
	if ok {
		part := &b.entries[hash>>52]
		*part = append(*part, entry{hash, b.rows})
	}
}

// build makes the set of what was gathered, which is given up.
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

// add keeps the first entry of each hash, of those that tell a row from others.
func (s *testSet) add(sorted []entry) {
	for len(sorted) > 0 {
		same := 1
		for same < len(sorted) && sorted[same].hash == sorted[0].hash {
			same++
		}
		if row, ok := s.telling(sorted[:same]); ok {
			s.hashes, s.rows = append(s.hashes, sorted[0].hash), append(s.rows, row)
		}
		sorted = sorted[same:]
	}
}

// leastRows is how many rows of a file show what they share, such as a prompt or a schema: what more than half of them have is
// no test.
const leastRows = 10

// telling is the first row that has a hash, of those files whose rows do not share it.
func (s *testSet) telling(same []entry) (row uint32, ok bool) {
	for len(same) > 0 {
		file := s.file(same[0].row)
		here := 0
		for here < len(same) && same[here].row < file.first+file.rows {
			here++
		}
		if file.rows < leastRows || here <= int(file.rows)/2 {
			return same[0].row, true
		}
		same = same[here:]
	}
	return 0, false
}

// mark is the bit of a hash: there are about a dozen for each.
func (s *testSet) mark(hash uint64) (mark *uint64, bit uint64) {
	at := hash >> s.shift
	return &s.marks[at>>6], 1 << (at & 63)
}

// find finds the row that has a hash.
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

// name names a row: the file, and which of its rows it is.
func (s *testSet) name(row uint32) string {
	file := s.file(row)
	return fmt.Sprintf("%s:%d", file.name, row-file.first+1)
}
