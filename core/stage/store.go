package stage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// mostInMemory is how many bytes of waiting examples a store keeps before it turns to the disk.
const mostInMemory = 16 << 20

// A Store keeps frames of examples as long as stages need them: in memory up to a limit, the others in a file. All stages
// that follow one reading share it. Putting, getting and narrowing are safe for several goroutines.
type Store struct {
	folder string // where the file is made

	mu     sync.Mutex
	held   int // bytes in memory
	file   *os.File
	end    int64
	buffer []byte // reused for encoding
}

// A Chunk is a frame of one unit in a store, or those of its examples that are still in the run.
type Chunk struct {
	count  int          // how many examples it has
	stored int          // how many the store has for it: some may have left since they were put
	keep   []bool       // whether each stored example is still the chunk's; nil: all are
	splits []typedSplit // of its examples
	items  []sdk.Item   // the stored examples if they wait in memory, or
	offset int64        // where they are in the file
	length int
}

// typedSplit is a split that examples of a type belong to.
type typedSplit struct {
	split string
	typ   sdk.Type
}

// splitsOf lists the splits of examples by type.
func splitsOf(items []sdk.Item) []typedSplit {
	var all []typedSplit
	for _, item := range items {
		if item.Split != "" && !slices.Contains(all, typedSplit{item.Split, item.Type}) {
			all = append(all, typedSplit{strings.Clone(item.Split), sdk.Type(strings.Clone(string(item.Type)))})
		}
	}
	return all
}

// NewStore returns a store that makes its file in a folder once it needs one.
func NewStore(folder string) *Store { return &Store{folder: folder} }

// Put keeps examples.
func (s *Store) Put(items []sdk.Item) (Chunk, error) { return s.PutEncoded(items, nil) }

// PutEncoded keeps examples whose encoding is known: what [sdk.AppendItems] would append for them. The examples lie in the
// encoding, which must not change any more. nil: it is not known.
func (s *Store) PutEncoded(items []sdk.Item, encoding []byte) (Chunk, error) {
	c := Chunk{count: len(items), stored: len(items), splits: splitsOf(items)}
	bytes := 0
	for _, item := range items {
		bytes += len(item.Example)
	}
	s.mu.Lock()
	fits := s.held+bytes <= mostInMemory
	if fits {
		s.held += bytes
	}
	s.mu.Unlock()
	if fits {
		c.items = items
		if encoding == nil { // they may be a few of a frame, all of which would stay in memory with them
			c.items = slices.Clone(items)
			for i, item := range items {
				c.items[i].Example = slices.Clone(item.Example)
			}
		}
		return c, nil
	}
	err := s.write(&c, items, encoding)
	return c, err
}

// write puts examples into the file.
func (s *Store) write(c *Chunk, items []sdk.Item, encoding []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		var err error
		if s.file, err = temporary(s.folder); err != nil {
			return fmt.Errorf("create a temporary file for examples: %w", err)
		}
	}
	if encoding == nil {
		s.buffer = sdk.AppendItems(s.buffer[:0], items)
		encoding = s.buffer
	}
	if _, err := s.file.WriteAt(encoding, s.end); err != nil {
		return fmt.Errorf("write examples to a temporary file: %w", err)
	}
	c.offset, c.length = s.end, len(encoding)
	s.end += int64(len(encoding))
	return nil
}

// temporary makes a file that nobody else can read and that is gone when this process is, if the system allows it. Where the
// system does not, temporary removes what killed processes have left; what is in use cannot be removed there.
func temporary(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("%w; copy the pipeline to a folder that you can write to", err)
	}
	left, _ := os.ReadDir(folder)
	for _, entry := range left {
		if strings.HasPrefix(entry.Name(), waitingPrefix) {
			_ = os.Remove(filepath.Join(folder, entry.Name()))
		}
	}
	file, err := os.CreateTemp(folder, waitingPrefix+"*")
	if err == nil && runtime.GOOS != "windows" {
		if err = os.Remove(file.Name()); errors.Is(err, fs.ErrNotExist) { // another process has removed it
			err = nil
		}
	}
	return file, err
}

// waitingPrefix begins the names of such files.
const waitingPrefix = "waiting-"

// Get returns the examples of a chunk, which nobody may change.
func (s *Store) Get(c Chunk) (items []sdk.Item, err error) {
	switch {
	case c.count == 0:
		return nil, nil
	case c.items != nil:
		items = c.items
	default:
		data := make([]byte, c.length)
		if _, err := s.file.ReadAt(data, c.offset); err != nil {
			return nil, fmt.Errorf("read examples from a temporary file: %w", err)
		}
		if items, err = sdk.ParseItems(data); err != nil || len(items) != c.stored { // something else wrote to it
			return nil, errors.Join(errors.New("the temporary file of examples is damaged"), err)
		}
	}
	if c.keep == nil {
		return items, nil
	}
	return kept(items, c.keep), nil
}

// Narrow returns a chunk without some of its examples. items is what Get returned for the chunk; keep says of each whether it
// stays. If most of what is read from the file would be thrown away, those that stay are put into the store anew.
func (s *Store) Narrow(c Chunk, items []sdk.Item, keep []bool) (Chunk, error) {
	if !slices.Contains(keep, false) {
		return c, nil
	}
	rest := kept(items, keep)
	if c.items == nil && 2*len(rest) < c.stored {
		return s.Put(rest)
	}
	keeps := make([]bool, c.stored)
	next := 0
	for i := range keeps {
		if c.keep == nil || c.keep[i] {
			keeps[i] = keep[next]
			next++
		}
	}
	c.keep, c.count, c.splits = keeps, len(rest), splitsOf(rest)
	return c, nil
}

// kept returns the items that stay.
func kept(items []sdk.Item, keep []bool) []sdk.Item {
	var rest []sdk.Item
	for i, item := range items {
		if keep[i] {
			rest = append(rest, item)
		}
	}
	return rest
}

// A Mark is a state of a store, to which it can be set back.
type Mark struct {
	held int
	end  int64
}

// Mark returns the present state. Nobody else may use the store meanwhile.
func (s *Store) Mark() Mark { return Mark{s.held, s.end} }

// Rewind forgets what was put since the mark; its chunks must not be used any more. Nobody else may use the store meanwhile.
func (s *Store) Rewind(m Mark) { s.held, s.end = m.held, m.end }

// Close frees the file. Nobody else may use the store any more.
func (s *Store) Close() {
	if s.file == nil {
		return
	}
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // on systems that cannot remove an open file
}
