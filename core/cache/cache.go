// Package cache keeps what units of sources gave, so that a later run need not read them again.
//
// An entry is a file named by its key, a hash of everything that its content depends on, so an entry is never out of
// date: what has changed has another key. Entries are written under another name and renamed when they are whole, and
// each carries a checksum; one that is damaged is as good as none. Several processes may therefore use a folder at once
// without a lock: where two make the same entry, the last one stays, and both are right.
//
// The least recently used entries are removed when all together exceed a bound. A failure to write does not fail a run: the
// run goes on without, and [Cache.Close] returns the error.
package cache

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// DefaultBound is how many bytes a cache holds unless the user says otherwise.
const DefaultBound = 10 << 30

// A Key names an entry.
type Key [32]byte

// A Cache keeps entries in a folder. A nil Cache has none and takes none. It is safe for several goroutines.
type Cache struct {
	folder string
	bound  int64

	used   atomic.Int64 // bytes of the entries that this process has read or written
	stored atomic.Bool
	hashes sync.Map    // of programs, by File
	broken atomic.Bool // nothing is written any more

	mu    sync.Mutex
	fault error // the first
}

// Open opens the cache in a folder, which only the user may look into, and makes the folder if it is missing. The cache
// holds at most bound bytes after [Cache.Close].
func Open(folder string, bound int64) (*Cache, error) {
	if err := private(folder); err != nil {
		return nil, fmt.Errorf("create the cache folder: %w", err)
	}
	return &Cache{folder: folder, bound: bound}, nil
}

// private makes a folder that only the user can look into, or makes an existing one so.
func private(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() == 0o700 {
		return err
	}
	return os.Chmod(folder, 0o700)
}

// Close removes what exceeds the bound, if something was stored or the bound is below the usual one, and returns the first
// thing that went wrong with the cache since it was opened.
func (c *Cache) Close() error {
	if c == nil {
		return nil
	}
	if c.stored.Load() || c.bound < DefaultBound {
		c.Complain(trim(c.folder, c.bound))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault
}

// Complain keeps an error because of which not everything is cached, for [Cache.Close] to return. Only the first is kept.
func (c *Cache) Complain(err error) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault == nil {
		c.fault = err
	}
}

// fail gives up writing.
func (c *Cache) fail(err error) {
	c.broken.Store(true)
	c.Complain(fmt.Errorf("write the cache: %w", err))
}

// Endings of names in the folder; a file with neither is not the cache's.
const (
	entryEnding = ".unit"
	draftEnding = ".part"
)

func (c *Cache) path(key Key) string {
	return filepath.Join(c.folder, hex.EncodeToString(key[:])+entryEnding)
}
