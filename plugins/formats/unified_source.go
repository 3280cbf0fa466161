package formats

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/ftprep/ftprep/sdk"
)

// unifiedSource reads back what the unified format wrote.
type unifiedSource struct {
	lines *sdk.LineDecoder[[]unifiedLine]
}

func newUnifiedSource(sdk.Setup, struct{}) (sdk.Source, error) {
	return &unifiedSource{sdk.NewLineDecoder(unifiedLines)}, nil
}

// A unifiedLine is what stands on one line: an example, or what is wrong.
type unifiedLine struct {
	number  int
	size    int
	example *sdk.Example
	err     error
}

// unifiedEndings are those of the files that the unified format's rows may be in.
var unifiedEndings = []string{".jsonl", ".jsonl.gz", ".jsonl.zst"}

// Units makes every file a unit of its own.
func (s *unifiedSource) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	units, err := sdk.ListUnits(paths, func(base string) bool {
		base = strings.ToLower(base)
		return slices.ContainsFunc(unifiedEndings, func(known string) bool { return strings.HasSuffix(base, known) })
	})
	for _, unit := range units {
		if ending(unit.ID) == ".parquet" {
			return nil, fmt.Errorf("%s is a table: unified rows are read from %s", unit.ID, strings.Join(unifiedEndings, ", "))
		}
	}
	return units, err
}

// Read reads one file.
func (s *unifiedSource) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	file, err := unit.Files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	content, err := unpack(file)
	if err != nil {
		return err
	}
	defer content.Close()
	return s.lines.Read(ctx, content, func(lines []unifiedLine) error {
		for _, line := range lines {
			if err := line.emit(emitter); err != nil {
				return err
			}
		}
		return nil
	})
}

func unifiedLines(lines iter.Seq2[sdk.Line, error]) []unifiedLine {
	var read []unifiedLine
	known := toolsets{}
	for line, err := range lines {
		l := unifiedLine{number: line.Number, size: len(line.Text) + 1, err: err}
		if text := bytes.TrimSpace(line.Text); err == nil && len(text) > 0 {
			l.example, l.err = restored(text, known)
		}
		read = append(read, l)
	}
	return read
}

func restored(row []byte, known toolsets) (*sdk.Example, error) {
	r, err := parseUnified(row)
	if err != nil {
		return nil, err
	}
	return r.example(known)
}

func (l unifiedLine) emit(emitter *sdk.Emitter) error {
	if err := emitter.Progress(int64(l.size)); err != nil {
		return err
	}
	switch {
	case l.err != nil:
		return emitter.Reject(sdk.Reject{Line: l.number, Cause: l.err.Error()})
	case l.example == nil:
		emitter.Ignore("empty line", 1)
		return nil
	}
	return emitter.Restore(l.example, l.number)
}

// packed is a compressed file whose read errors name it.
type packed struct {
	io.Reader
	path string
}

// unpack reads a file that may be compressed, as the ending of its name says.
func unpack(file *os.File) (io.ReadCloser, error) {
	var content io.Reader
	var err error
	switch ending(file.Name()) {
	case ".gz":
		content, err = gzip.NewReader(file)
	case ".zst":
		content, err = zstd.NewReader(file, zstd.WithDecoderConcurrency(1))
	default:
		return file, nil
	}
	if err != nil {
		return nil, &fs.PathError{Op: "unpack", Path: file.Name(), Err: err}
	}
	return packed{content, file.Name()}, nil
}

func (p packed) Read(buffer []byte) (int, error) {
	n, err := p.Reader.Read(buffer)
	if err != nil && err != io.EOF {
		err = &fs.PathError{Op: "unpack", Path: p.path, Err: err}
	}
	return n, err
}

func (p packed) Close() error {
	if z, ok := p.Reader.(*zstd.Decoder); ok {
		z.Close()
	}
	return nil
}
