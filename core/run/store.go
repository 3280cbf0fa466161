package run

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// mostInMemory is how many bytes of waiting examples a store keeps before it turns to the disk.
const mostInMemory = 16 << 20

// store keeps frames of examples until the next stage takes them: in memory up to a limit, the others in a file.
// It is safe for several goroutines.
type store struct {
	folder string // where the file is made

	mu     sync.Mutex
	held   int64 // bytes in memory
	file   *os.File
	end    int64
	buffer []byte // for what is being written
}

// chunk is a place in a store: one frame of one unit.
type chunk struct {
	count  int // how many examples
	bytes  int64
	items  []sdk.Item // in memory, or
	offset int64      // in the file
	length int
}

func newStore(folder string) *store { return &store{folder: folder} }

// put keeps a frame.
func (s *store) put(items []sdk.Item) (chunk, error) {
	c := chunk{count: len(items)}
	for _, item := range items {
		c.bytes += int64(len(item.Example))
	}
	s.mu.Lock()
	fits := s.held+c.bytes <= mostInMemory
	if fits {
		s.held += c.bytes
	}
	s.mu.Unlock()
	if fits {
		for i := range items { // what is left of a frame must not keep the rest of it in memory
			items[i].Example = bytes.Clone(items[i].Example)
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

// get gives a frame back.
func (s *store) get(c chunk) ([]sdk.Item, error) {
	if c.items != nil || c.count == 0 {
		return c.items, nil
	}
	data := make([]byte, c.length)
	if _, err := s.file.ReadAt(data, c.offset); err != nil {
		return nil, fmt.Errorf("read examples that wait: %w", err)
	}
	return readItems(data, c.count)
}

// close frees the file.
func (s *store) close() {
	if s.file == nil {
		return
	}
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // on systems that cannot remove an open file
}
