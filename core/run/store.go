package run

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// mostInMemory is how many bytes of waiting examples a store keeps before it turns to the disk.
const mostInMemory = 16 << 20

// store keeps frames of examples until they are written: in memory up to a limit, the others in a file. All stages that
// follow one reading share it. It is safe for several goroutines.
type store struct {
	folder string // where the file is made

	mu     sync.Mutex
	held   int // bytes in memory
	file   *os.File
	end    int64
	buffer []byte // for what is being written
}

// chunk is what is left of a frame of one unit.
type chunk struct {
	count  int        // how many examples are left
	put    int        // how many were put into the store
	stay   []bool     // which of these are left; nil: all
	items  []sdk.Item // those that were put, in memory, or
	offset int64      // where they are in the file
	length int
}

// narrow is the chunk of those examples that stay.
func (c chunk) narrow(stays []bool) chunk {
	if !slices.Contains(stays, false) {
		return c
	}
	narrowed := make([]bool, c.put)
	next := 0
	for i := range narrowed {
		if c.stay == nil || c.stay[i] {
			narrowed[i] = stays[next]
			next++
		}
	}
	c.stay, c.count = narrowed, 0
	for _, stays := range narrowed {
		if stays {
			c.count++
		}
	}
	return c
}

func newStore(folder string) *store { return &store{folder: folder} }

// put keeps a frame.
func (s *store) put(items []sdk.Item) (chunk, error) {
	c := chunk{count: len(items), put: len(items)}
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
		for i := range items { // what is left of a frame must not keep the rest of it in memory
			items[i].Example = slices.Clone(items[i].Example)
		}
		c.items = items
		return c, nil
	}
	err := s.write(&c, items)
	return c, err
}

func (s *store) write(c *chunk, items []sdk.Item) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		var err error
		if s.file, err = temporary(s.folder); err != nil {
			return fmt.Errorf("make a file for examples that wait: %w", err)
		}
	}
	s.buffer = appendItems(s.buffer[:0], items)
	if _, err := s.file.WriteAt(s.buffer, s.end); err != nil {
		return fmt.Errorf("write examples that wait: %w", err)
	}
	c.offset, c.length = s.end, len(s.buffer)
	s.end += int64(len(s.buffer))
	return nil
}

// temporary makes a file that nobody else can read and that is gone when this process is, where the system allows it.
func temporary(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(folder, "waiting-*")
	if err == nil && runtime.GOOS != "windows" {
		err = os.Remove(file.Name())
	}
	return file, err
}

// get gives the examples of a chunk.
func (s *store) get(c chunk) (items []sdk.Item, err error) {
	switch {
	case c.count == 0:
		return nil, nil
	case c.items != nil:
		items = c.items
	default:
		data := make([]byte, c.length)
		if _, err := s.file.ReadAt(data, c.offset); err != nil {
			return nil, fmt.Errorf("read examples that wait: %w", err)
		}
		if items, err = readItems(data, c.put); err != nil {
			return nil, err
		}
	}
	if c.stay == nil {
		return items, nil
	}
	left := make([]sdk.Item, 0, c.count)
	for i, item := range items {
		if c.stay[i] {
			left = append(left, item)
		}
	}
	return left, nil
}

// close frees the file.
func (s *store) close() {
	if s.file == nil {
		return
	}
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // on systems that cannot remove an open file
}
