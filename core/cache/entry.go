package cache

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/s2"
)

// An entry's file holds, in this order,
//
//	magic    says what it is, and in which version of this layout
//	key      32 bytes
//	label    the length, a byte, and the name of the plugin that the records come from
//	records  each the length of what follows, a varint, and the record as a block of S2: half as expensive
//	         to write as zstd's fastest level, and a third larger
//	sum      CRC-32C of all before it, 4 bytes, little-endian
const magic = "ftprep unit 1\n"

const (
	sumSize  = 4
	headSize = len(magic) + len(Key{}) + 1 // with the label's length
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// bufferSize is for reading entries.
const bufferSize = 128 << 10

// An Entry is an entry that is open for reading. Its content stays as it is, whatever happens to the file meanwhile.
type Entry struct {
	file    *os.File
	records *io.SectionReader
}

// Get returns the entry of a key, or nil if there is none. It removes a damaged one.
func (c *Cache) Get(key Key) *Entry {
	if c == nil {
		return nil
	}
	path := c.path(key)
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	size, start, err := verify(file, key)
	if err != nil {
		_ = file.Close()
		_ = os.Remove(path)
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // another process may have removed it just now
	c.used.Add(size)
	return &Entry{file: file, records: io.NewSectionReader(file, start, size-sumSize-start)}
}

// errDamaged says that a file is not what was written.
var errDamaged = errors.New("the entry is damaged")

// verify reads an entry's file to its end and returns its size and where its records start.
func verify(file *os.File, key Key) (size, start int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	head, label, err := readHead(file)
	if err != nil {
		return 0, 0, err
	}
	size, start = info.Size(), int64(headSize+len(label))
	if head != key || size < start+sumSize {
		return 0, 0, errDamaged
	}
	sum := crc32.New(castagnoli)
	if _, err := io.CopyBuffer(sum, io.NewSectionReader(file, 0, size-sumSize), make([]byte, min(size, bufferSize))); err != nil {
		return 0, 0, err
	}
	var written [sumSize]byte
	if _, err := file.ReadAt(written[:], size-sumSize); err != nil {
		return 0, 0, err
	}
	if binary.LittleEndian.Uint32(written[:]) != sum.Sum32() {
		return 0, 0, errDamaged
	}
	return size, start, nil
}

// readHead reads what stands before an entry's records.
func readHead(file *os.File) (key Key, label string, err error) {
	var head [headSize + 255]byte
	n, err := file.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return Key{}, "", err
	}
	end := headSize + int(head[headSize-1])
	if n < end || string(head[:len(magic)]) != magic {
		return Key{}, "", errDamaged
	}
	return Key(head[len(magic):]), string(head[headSize:end]), nil
}

// Each hands over the records in order. A record is only valid until the next.
func (e *Entry) Each(take func(record []byte) error) error {
	in := bufio.NewReaderSize(e.records, int(min(e.records.Size(), bufferSize)))
	var packed, record []byte
	for {
		length, err := binary.ReadUvarint(in)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			packed, err = readFull(in, packed, length)
		}
		if err == nil {
			record, err = s2.Decode(record[:cap(record)], packed)
		}
		if err != nil { // the disk's fault: the checksum was right
			return fmt.Errorf("read the cache (--no-cache runs without it): %w", err)
		}
		if err := take(record); err != nil {
			return err
		}
	}
}

func readFull(in io.Reader, buffer []byte, length uint64) ([]byte, error) {
	if uint64(cap(buffer)) < length {
		buffer = make([]byte, length)
	}
	buffer = buffer[:length]
	_, err := io.ReadFull(in, buffer)
	return buffer, err
}

// Close ends reading.
func (e *Entry) Close() { _ = e.file.Close() }
