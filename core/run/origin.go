package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/sdk"
)

// origin is all that the frames of a source's units depend on besides the units.
type origin struct {
	program string   // the digest of the plugin's program
	setup   [32]byte // the digest of what the source was opened with
	files   []string // that options name
}

// newOrigin returns the origin of what a source gives. It fails if an option names a folder.
func newOrigin(source *step, known *cache.Cache) (*origin, error) {
	program, err := source.plugin.Digest(known)
	if err != nil {
		return nil, err
	}
	files := optionFiles(source.block.Step.Options, source.block.Options)
	for _, path := range files {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return nil, fmt.Errorf("an option of %s names the folder %s, whose changes cannot be noticed without reading all of it: name files instead", source.block.Address(), path)
		}
	}
	return &origin{program: program, setup: source.handle.Digest, files: files}, nil
}

// key returns the key of what reading the unit gives, with its files as they are at present. It fails if the unit has no files,
// or if there is one that cannot be stamped, such as a folder: then nobody knows whether anything has changed.
func (o *origin) key(unit sdk.Unit) (cache.Key, error) {
	if len(unit.Files) == 0 {
		return cache.Key{}, errors.New("the unit has no files")
	}
	data := appendField(nil, o.program)
	data = appendField(data, o.setup[:])
	data = appendField(data, unit.ID)
	data = binary.AppendUvarint(data, uint64(len(unit.Files)))
	var err error
	for _, file := range unit.Files {
		data = appendField(data, file.Name)
		data = binary.AppendVarint(data, file.Size)
		data = binary.AppendVarint(data, file.Modified.UnixNano())
		if data, err = appendStamp(data, file.Path); err != nil {
			return cache.Key{}, err
		}
	}
	for _, path := range o.files {
		if data, err = appendStamp(data, path); err != nil {
			return cache.Key{}, err
		}
	}
	return sha256.Sum256(data), nil
}

// appendField appends a text with its length before it.
func appendField[T ~string | ~[]byte](data []byte, field T) []byte {
	return append(binary.AppendUvarint(data, uint64(len(field))), field...)
}

// stampBytes is how much of a file's beginning and end goes into its stamp.
const stampBytes = 4 << 10

// appendStamp appends what tells one state of a file from another without reading all of it: the path, the size, when it
// was last changed, and its first and last bytes.
func appendStamp(data []byte, path string) ([]byte, error) {
	file, err := sdk.File{Path: path}.Open() // which does not wait for a pipe
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	data = appendField(data, path)
	data = binary.AppendVarint(data, info.Size())
	data = binary.AppendVarint(data, info.ModTime().UnixNano())
	var piece [stampBytes]byte
	for _, offset := range []int64{0, max(0, info.Size()-stampBytes)} {
		n, err := file.ReadAt(piece[:], offset)
		if err != nil && err != io.EOF {
			return nil, err
		}
		data = appendField(data, piece[:n])
	}
	return data, nil
}

// optionFiles lists the paths among the values of options, including those in blocks.
func optionFiles(options []sdk.Option, values json.RawMessage) []string {
	var object map[string]json.RawMessage
	if json.Unmarshal(values, &object) != nil {
		return nil
	}
	var paths []string
	for _, option := range options {
		value, ok := object[option.Name]
		if !ok {
			continue
		}
		switch option.Type {
		case sdk.OptionPath:
			var path string
			if json.Unmarshal(value, &path) == nil && path != "" {
				paths = append(paths, path)
			}
		case sdk.OptionPaths:
			var several []string
			_ = json.Unmarshal(value, &several)
			paths = append(paths, several...)
		case sdk.OptionBlock:
			var blocks []json.RawMessage
			_ = json.Unmarshal(value, &blocks)
			for _, block := range blocks {
				paths = append(paths, optionFiles(option.Options, block)...)
			}
		}
	}
	return paths
}
