package cache

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"sync"
)

// A File is a file of a program in the state in which it was started.
type File struct {
	path    string
	state   string
	lasting bool // the state will not come again with another content
}

// Look notes the state of a file. One that cannot be looked at has no hash.
func Look(path string) File {
	f := File{path: path}
	f.state, f.lasting = stateOf(path)
	return f
}

// Path returns the path of the file.
func (f File) Path() string { return f.path }

// Hash returns the sha256 of a file's content, from the cache if it knows the state. It fails if the file is in another state by
// now, since then nobody knows what was started.
func (c *Cache) Hash(f File) ([]byte, error) {
	once, _ := c.hashes.LoadOrStore(f, sync.OnceValues(func() ([]byte, error) { return c.hash(f) }))
	return once.(func() ([]byte, error))() // all built-in plugins are one file
}

func (c *Cache) hash(f File) ([]byte, error) {
	key := Key(sha256.Sum256([]byte("program\n" + f.path + "\n" + f.state)))
	if sum := c.recall(f, key); sum != nil {
		return sum, nil
	}
	sum, err := HashFile(f.path)
	if err != nil {
		return nil, err
	}
	if state, _ := stateOf(f.path); state != f.state || state == "" {
		return nil, fmt.Errorf("%s was replaced while it ran", f.path)
	}
	if f.lasting {
		draft := c.Draft(key, "")
		draft.Add(record(sum))
		draft.Keep()
	}
	return sum, nil
}

func (c *Cache) recall(f File, key Key) (sum []byte) {
	if !f.lasting {
		return nil
	}
	entry := c.Get(key)
	if entry == nil {
		return nil
	}
	defer entry.Close()
	if entry.Each(func(record []byte) error { sum = append(sum, record...); return nil }) != nil || len(sum) != sha256.Size {
		return nil
	}
	return sum
}

// record is a record that is bytes already.
type record []byte

func (r record) AppendBinary(data []byte) ([]byte, error) { return append(data, r...), nil }

// HashFile returns the sha256 of a file's content as it is now.
func HashFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return nil, err
	}
	return sum.Sum(nil), nil
}
