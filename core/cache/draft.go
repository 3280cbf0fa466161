package cache

import (
	"bufio"
	"cmp"
	"encoding"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io/fs"
	"os"

	"github.com/klauspost/compress/s2"
)

// A Draft is an entry in the making. It reports no errors: the cache keeps the first one, and the draft is discarded. A nil
// Draft takes everything and keeps nothing.
type Draft struct {
	cache *Cache
	key   Key
	file  *os.File // nil when the draft has come to its end
	out   *bufio.Writer
	sum   hash.Hash32
	size  int64

	record, packed []byte // buffers
}

// Draft begins an entry. The label is the name of the plugin that its records come from.
func (c *Cache) Draft(key Key, label string) *Draft {
	if c == nil || c.broken.Load() {
		return nil
	}
	file, err := os.CreateTemp(c.folder, "*"+draftEnding) // only the user can read it
	if err != nil {
		c.fail(err)
		return nil
	}
	d := &Draft{cache: c, key: key, file: file, out: bufio.NewWriterSize(file, 16<<10), sum: crc32.New(castagnoli)}
	label = label[:min(len(label), 255)]
	d.write([]byte(magic), key[:], []byte{byte(len(label))}, []byte(label))
	return d
}

// Add adds a record.
func (d *Draft) Add(record encoding.BinaryAppender) {
	if d == nil || d.file == nil {
		return
	}
	var err error
	if d.record, err = record.AppendBinary(d.record[:0]); err != nil {
		d.fail(err)
		return
	}
	d.packed = s2.Encode(d.packed[:cap(d.packed)], d.record)
	var length [binary.MaxVarintLen64]byte
	d.write(length[:binary.PutUvarint(length[:], uint64(len(d.packed)))], d.packed)
}

// write writes pieces. If this process has filled the cache already, it discards the draft instead: what is beyond the bound
// would push out other entries that the process needs.
func (d *Draft) write(pieces ...[]byte) {
	for _, piece := range pieces {
		if d.file == nil {
			return
		}
		d.size += int64(len(piece))
		if d.cache.used.Add(int64(len(piece))) > d.cache.bound {
			d.Discard()
			return
		}
		_, _ = d.sum.Write(piece) // never fails
		if _, err := d.out.Write(piece); err != nil {
			d.fail(err)
		}
	}
}

// Keep puts the entry in its place. It does not wait for the disk, since the checksum shows what is lost when the machine
// fails.
func (d *Draft) Keep() {
	if d == nil || d.file == nil {
		return
	}
	d.write(binary.LittleEndian.AppendUint32(nil, d.sum.Sum32()))
	if d.file == nil {
		return
	}
	err := cmp.Or(d.out.Flush(), d.file.Close())
	if err == nil {
		err = d.place()
	}
	if err != nil {
		d.fail(err)
		return
	}
	d.cache.stored.Store(true)
	d.file = nil
}

func (d *Draft) place() error {
	err := os.Rename(d.file.Name(), d.cache.path(d.key))
	switch {
	case errors.Is(err, fs.ErrNotExist): // another process has emptied the cache
		return nil
	case inUse(err): // somebody reads the entry that is there, which holds the same
		_ = os.Remove(d.file.Name())
		return nil
	}
	return err
}

func (d *Draft) fail(err error) {
	d.cache.fail(err)
	d.Discard()
}

// Discard gives the entry up, unless it was kept.
func (d *Draft) Discard() {
	if d == nil || d.file == nil {
		return
	}
	_ = d.file.Close()
	_ = os.Remove(d.file.Name())
	d.cache.used.Add(-d.size)
	d.file = nil
}
