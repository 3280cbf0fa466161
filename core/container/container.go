// Package container frames rows as files and reads them back. A row is a JSON object without a line end; the path's ending
// says what is made of it: a line of JSONL, compressed or not, or a row of a Parquet table.
//
// The bytes depend on the rows alone: they hold no time and no name, and one goroutine compresses them.
//
// The files:
//
//	container, lines             rows as lines, compressed or not
//	table, shape, values, schema rows as a table: its columns, their shapes, and the values of a row in them
//	walk                         the members of a row
//	rows                         files of any kind read back; tables by package tables
//	shard                        names of files that belong together
package container

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A Kind is a way to keep rows in a file.
type Kind string

const (
	Lines    Kind = ".jsonl"     // a line each
	Gzip     Kind = ".jsonl.gz"  // lines, compressed
	Zstd     Kind = ".jsonl.zst" // lines, compressed better and faster
	Parquet  Kind = ".parquet"   // a table whose columns the first rows decide
	endings       = string(Lines + ", " + Gzip + ", " + Zstd + " or " + Parquet)
	wayOut        = "write " + string(Lines) + " or " + string(Zstd) + ", which take any row"
	noEnding      = "rows cannot be kept in a %s file; use " + endings
)

// unsupported are the endings of archives, compressions and tables that nothing here writes or reads. A file of lines under
// such a name would fail much later, in the trainer.
var unsupported = []string{
	".7z", ".arrow", ".avro", ".br", ".bz2", ".csv", ".feather", ".gzip", ".lz", ".lz4", ".lzma", ".orc", ".parq", ".pq",
	".snappy", ".sz", ".tgz", ".tsv", ".xls", ".xlsx", ".xz", ".z", ".zip", ".zstd",
}

// KindOf returns how the file at a path keeps rows, by the path's ending. A name that promises nothing else, such as
// chatml.txt, means lines; an ending that promises a kind not supported here is an error.
func KindOf(path string) (Kind, error) {
	switch ending := strings.ToLower(filepath.Ext(path)); {
	case ending == ".gz":
		return Gzip, nil
	case ending == ".zst":
		return Zstd, nil
	case ending == ".parquet":
		return Parquet, nil
	case slices.Contains(unsupported, ending):
		return "", fmt.Errorf(noEnding, ending)
	}
	return Lines, nil
}

// A Writer frames rows.
type Writer interface {
	// Write adds a row, which it does not keep. After an error the file cannot be finished.
	Write(row []byte) error
	// Close finishes the file.
	Close() error
}

// New returns a writer that makes a file of a kind. It does not close out.
func New(kind Kind, out io.Writer) Writer {
	if kind == Parquet {
		return newTable(out)
	}
	return newLines(kind, out)
}
