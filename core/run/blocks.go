package run

import (
	"bytes"
	"iter"

	"github.com/ftprep/ftprep/core/container"
)

// blockBytes is how much text is checked at once. A block of text begins with the last lines of the one before, so that what
// spans lines, such as a private key, is seen whole.
const (
	blockBytes   = 1 << 20
	overlapBytes = 16 << 10
)

// block is a piece of a file: a row of JSON, or lines of text.
type block struct {
	line int // number of the first one
	text []byte
}

// readBlocks forms blocks from the rows or lines of a file and hands them to take in batches.
func readBlocks(rows iter.Seq2[container.Row, error], take func([]block) error) error {
	r := &blockReader{take: take}
	for row, err := range rows {
		if err == nil {
			err = r.add(row)
		}
		if err != nil {
			return err
		}
	}
	if r.fresh {
		r.batch = append(r.batch, block{r.line, r.text})
	}
	return take(r.batch)
}

// blockReader makes blocks of rows and hands them over, several at a time.
type blockReader struct {
	take  func([]block) error
	batch []block
	bytes int

	text  []byte // lines that are not in a block yet, and the overlap
	line  int    // number of the first of these
	next  int    // number of the line after them
	fresh bool   // they are more than the overlap
}

// add adds a row: a JSON object is a block of its own, any other row is a line of text.
func (r *blockReader) add(row container.Row) error {
	if bytes.HasPrefix(row.Text, []byte("{")) {
		r.batch = append(r.batch, block{row.Number, bytes.Clone(row.Text)})
		r.bytes += len(row.Text)
	} else {
		r.addLine(row)
	}
	if r.bytes < blockBytes {
		return nil
	}
	batch := r.batch
	r.batch, r.bytes = nil, 0
	return r.take(batch)
}

// addLine adds a line of text, preceded by the blank lines that reading skipped, so that line numbers stay right.
func (r *blockReader) addLine(row container.Row) {
	if len(r.text) == 0 {
		r.line, r.next = row.Number, row.Number
	}
	for ; r.next < row.Number; r.next++ {
		r.text = append(r.text, '\n')
	}
	r.text, r.fresh = append(append(r.text, row.Text...), '\n'), true
	r.next++
	if len(r.text) >= blockBytes {
		r.cut()
	}
}

// cut makes a block of the lines so far. The last of them, as many whole ones as the overlap holds, also begin the next block.
func (r *blockReader) cut() {
	r.batch = append(r.batch, block{r.line, r.text})
	r.bytes += len(r.text)
	rest := r.text[len(r.text)-overlapBytes:]
	rest = rest[bytes.IndexByte(rest, '\n')+1:]
	r.line = r.next - bytes.Count(rest, []byte("\n"))
	r.text, r.fresh = bytes.Clone(rest), false
}
