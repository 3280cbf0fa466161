// Package dataset checks files of training data, whoever wrote them: what a trainer would refuse, drop, trim or misread,
// with the line.
//
// A row is strict JSON (strict.go); its format, in a plugin, reads it back and says what its reader would not take; what
// it holds has to be a conversation that teaches what it should (conversation.go) and to be short enough (length.go); and
// all rows together must let a reader infer a schema (columns.go).
package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// Settings say how a file is checked.
type Settings struct {
	Tokenizer *tokens.Tokenizer // nil: lengths are not checked
	MaxLength int               // in tokens, at which the trainer cuts; 0: lengths are only counted
	Records   bool              // the format keeps records, which need not be fit to train on
	LastOnly  bool              // only the last message of a row is trained
	Bare      bool              // the format leaves results out, so that calls have none
	Keep      int               // how many findings the report shows; the others are only counted
}

// A Finding is something that is wrong, or odd, in a file.
type Finding struct {
	Line    int    `json:"line"` // of the file; in Parquet the row; 0: the file as a whole
	Text    string `json:"text"`
	Warning bool   `json:"warning,omitempty"` // a trainer takes it, perhaps not as it is meant
}

// A Report says what was found.
type Report struct {
	Rows     int            `json:"rows"`
	Bad      int            `json:"bad"` // rows with a problem
	Problems map[string]int `json:"problems"`
	Warnings map[string]int `json:"warnings"`
	Findings []Finding      `json:"findings"` // the first ones, by line
	Lengths  *Lengths       `json:"lengths,omitempty"`
}

// Lengths say how long rows are, and what a trainer that cuts at a length would do to them.
type Lengths struct {
	Total     int `json:"total"`
	Longest   int `json:"longest"`
	MaxLength int `json:"max_length,omitempty"`
	Trimmed   int `json:"trimmed"`   // rows that lose their end, or are dropped for their length
	Untrained int `json:"untrained"` // of those, rows that have nothing left to train on
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

// A Decoder reads rows back; [sdk.Decoding] is one over the wire.
type Decoder interface {
	Rows(rows [][]byte) ([]sdk.Decoded, error)
}

// Bounds of what is read back at a time.
const (
	batchRows  = 256
	batchBytes = 1 << 20
)

// Check checks a file. The error is about reading it or about the plugin; what is wrong with the rows is in the report.
func Check(ctx context.Context, path string, decoder Decoder, settings Settings) (*Report, error) {
	c := &checker{decoder: decoder, settings: settings, report: &Report{Problems: map[string]int{}, Warnings: map[string]int{}, Findings: []Finding{}}}
	if settings.Tokenizer != nil {
		c.report.Lengths = &Lengths{MaxLength: settings.MaxLength}
	}
	if marked(path) {
		c.problem(1, "a byte order mark")
	}
	for row, err := range container.Rows(path) {
		if err == nil {
			err = context.Cause(ctx)
		}
		switch {
		case errors.Is(err, sdk.ErrLongLine):
			err = c.longLine(row.Number, err)
		case err == nil:
			err = c.add(row)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := c.checkBatch(); err != nil {
		return nil, err
	}
	c.whole()
	return c.report, nil
}

// A checker checks one file.
type checker struct {
	batch     []container.Row // rows that were read and not checked yet
	batchSize int             // bytes of these rows

	decoder   Decoder
	settings  Settings
	report    *Report
	columns   columns
	firstSeen firstSeen
	judged    map[bool]int // rows by their judgement
	last      int          // the last row with a problem
}

func (c *checker) problem(line int, format string, args ...any) {
	c.addFinding(c.report.Problems, Finding{Line: line, Text: fmt.Sprintf(format, args...)})
	if line > c.last {
		c.report.Bad++
		c.last = line
	}
}

func (c *checker) warn(line int, format string, args ...any) {
	c.addFinding(c.report.Warnings, Finding{Line: line, Text: fmt.Sprintf(format, args...), Warning: true})
}

// mostKinds is how many kinds of findings are told apart at most.
const mostKinds = 1000

func (c *checker) addFinding(counts map[string]int, f Finding) {
	if _, known := counts[f.Text]; known || len(counts) < mostKinds {
		counts[f.Text]++
	} else {
		counts["others"]++
	}
	if len(c.report.Findings) < c.settings.Keep {
		c.report.Findings = append(c.report.Findings, f)
	}
}

// add adds a row to the batch, and checks the batch when it is full.
func (c *checker) add(row container.Row) error {
	row.Text = slices.Clone(row.Text) // the next row overwrites it
	c.batch = append(c.batch, row)
	c.batchSize += len(row.Text)
	if len(c.batch) < batchRows && c.batchSize < batchBytes {
		return nil
	}
	return c.checkBatch()
}

// longLine reports a line that is too long to be read. The rows before it are checked first, since findings come in the order
// of the lines.
func (c *checker) longLine(line int, fault error) error {
	if err := c.checkBatch(); err != nil {
		return err
	}
	c.report.Rows++
	c.problem(line, "%v", fault)
	return nil
}

// checkBatch checks the rows of the batch and empties it. Those that are sound JSON are read back.
func (c *checker) checkBatch() error {
	batch := c.batch
	c.batch, c.batchSize = c.batch[:0], 0
	unsound := make([]error, len(batch))
	var sound [][]byte
	for i, row := range batch {
		if unsound[i] = strict(row.Text); unsound[i] == nil {
			sound = append(sound, row.Text)
		}
	}
	decoded, err := c.decode(sound)
	if err != nil {
		return err
	}
	for i, row := range batch {
		c.report.Rows++
		if unsound[i] != nil {
			c.problem(row.Number, "%v", unsound[i])
			continue
		}
		c.columns.add(c, row)
		c.row(row.Number, len(row.Text), decoded[0])
		decoded = decoded[1:]
	}
	return nil
}

func (c *checker) decode(rows [][]byte) ([]sdk.Decoded, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	decoded, err := c.decoder.Rows(rows)
	if err != nil {
		return nil, fmt.Errorf("read rows back: %w", err)
	}
	return decoded, nil
}

func (c *checker) row(line, bytes int, d sdk.Decoded) {
	for _, problem := range d.Problems {
		c.problem(line, "%s", problem)
	}
	if d.Example == nil {
		return
	}
	c.firstSeen.add(d.Example, bytes)
	if d.Example.Good != nil {
		if c.judged == nil {
			c.judged = map[bool]int{}
		}
		c.judged[*d.Example.Good]++
	}
	if !d.Example.Detailed() && !c.settings.Records {
		c.conversation(line, d.Example)
	}
	c.length(line, d.Example)
}

// whole checks what only all rows together show.
func (c *checker) whole() {
	switch {
	case c.report.Rows == 0:
		c.problem(0, "no rows")
	case c.judged != nil && (c.judged[true] == 0 || c.judged[false] == 0):
		c.problem(0, "every row has the same judgement: trainers need both good and bad examples")
	}
	c.columns.whole(c)
	c.firstSeen.whole(c)
}
