package run

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// encoder runs one output: it selects, shapes, encodes and writes.
type encoder struct {
	x       *execution
	sources []string     // their addresses
	tools   *sdk.Toolset // complete
	step    *outputStep
	shaper  *shape.Shaper
	rows    *rowFiles    // that the format's rows go to
	files   []outputFile // sealed and not yet in their places: those of rows, then companions

	leaders  map[string]*leaders // by split
	leading  []position          // the leaders, found before the sending begins
	portions chan portion        // all that the filters left, whether the output selects it or not

	mu     sync.Mutex // sending and receiving both count
	counts *record.OutputCounts
}

// outputFile is a file that an output makes.
type outputFile struct {
	*whole.File
	split     string         // whose rows it holds; empty: those to train on, or none
	companion *sdk.Companion // that it holds; nil: it holds rows
	list      *sharedList    // of a companion: its entries in a list that outputs share; nil: the file is the output's own
}

// newEncoder makes the encoder of an output, whose counts stand in the summary from now on.
func (x *execution) newEncoder(step *outputStep, tools *sdk.Toolset) *encoder {
	counts := &record.OutputCounts{Output: step.output.Address(), Path: step.output.Path}
	x.summary.Outputs = append(x.summary.Outputs, counts)
	if step.tokenizer != nil {
		counts.Tokens = &record.TokenCounts{Histogram: []int{}}
	}
	sources := make([]string, len(x.sources))
	for i, source := range x.sources {
		sources[i] = source.block.Address()
	}
	return &encoder{
		x: x, sources: sources, tools: tools, step: step, counts: counts,
		leaders: map[string]*leaders{}, portions: make(chan portion, mostAhead),
		shaper: shape.New(step.output.Shape, step.handle.Holds, tools, step.tokenizer),
		rows: &rowFiles{
			path: step.file, kind: step.kind, framing: step.handle.Framing, trusted: step.plugin.Client().Trusted(), most: step.output.ShardSize,
		},
	}
}

// selects reports whether an item of a source goes to the output.
func (s *outputStep) selects(address string, item sdk.Item) bool {
	output := s.output
	return (output.Sources == nil || slices.Contains(output.Sources, address)) &&
		(output.Types == nil || slices.Contains(output.Types, item.Type))
}

// encode sends all examples to the format and writes what it answers.
func (e *encoder) encode(ctx context.Context, from stage) error {
	if err := e.stream(ctx, from); err != nil {
		return fmt.Errorf("%s: %w", e.counts.Output, err)
	}
	if err := e.counts.Check(); err != nil {
		return fmt.Errorf("%s: %w", e.counts.Output, err)
	}
	return e.verify(ctx)
}

// verify looks for leaks in the files, which have not taken their places yet.
func (e *encoder) verify(ctx context.Context) error {
	if e.x.options.Verify == nil {
		return nil
	}
	for _, file := range e.files {
		if err := verify(ctx, file.Part(), e.counts.Output, e.x.options.Verify); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) stream(ctx context.Context, from stage) error {
	encoding, err := e.step.plugin.Client().Encode(ctx, e.step.handle, sdk.Dataset{Tools: e.tools, Splits: from.splits()})
	if err != nil {
		return e.step.plugin.Explain(err)
	}
	finish := func() error {
		written, err := e.finishRows()
		if err != nil {
			return err
		}
		companions, err := encoding.Finish(written)
		if err != nil {
			return e.step.plugin.Explain(err)
		}
		return e.companions(companions)
	}
	p := pump[sdk.Encoded]{
		plugin: e.step.plugin, tools: e.x.tools, flight: e.x.flight, window: window, next: e.newSender(from).next, answer: e.take, finish: finish,
	}
	return p.run(ctx, &encoding.Stream)
}

// take writes the rows of one frame.
func (e *encoder) take(f frame, encoded []sdk.Encoded) error {
	var rows []record.Rows
	for i, one := range encoded {
		part := f.parts[i]
		outcome := part.outcome
		switch {
		case one.Refused != "":
			outcome.missing = append(outcome.missing, one.Refused)
		case len(one.Rows) == 0:
			outcome.missing = append(outcome.missing, "the format made no row and gave no reason")
		default:
			outcome.written = true
			e.count(part.tokens)
		}
		for _, row := range one.Rows {
			if err := e.rows.check(row); err != nil {
				return e.step.plugin.Explain(err)
			}
			file, err := e.rows.write(f.items[i].Split, row)
			if err != nil {
				return err
			}
			rows = e.note(rows, file, outcome)
		}
		if outcome.left--; outcome.left == 0 {
			e.settle(outcome)
		}
	}
	e.x.record.Rows(rows)
	return nil
}

// note adds to some rows the one that was just written, with its file and the example of which it was made.
func (e *encoder) note(rows []record.Rows, file int, o *outcome) []record.Rows {
	last := len(rows) - 1
	if last < 0 || rows[last].File != file || rows[last].Source != o.source {
		pieces := e.step.handle.Framing != sdk.FramingRows
		return append(rows, record.Rows{Output: e.counts.Output, File: file, Source: o.source, Pieces: pieces, IDs: []string{o.id}})
	}
	rows[last].IDs = append(rows[last].IDs, o.id)
	return rows
}

// part is what the host keeps about an item while a format encodes it.
type part struct {
	outcome *outcome     // of its example
	tools   *sdk.Toolset // that shaping made for the part
	tokens  int          // of the part, where they are counted
}

// outcome is what becomes of one example in an output: one part or several are sent, and each is written or refused.
type outcome struct {
	id      string
	source  string   // its address
	left    int      // parts without an answer
	written bool     // at least one was
	missing []string // why others are not there
}

// count counts the length of a part that was written, where lengths are counted.
func (e *encoder) count(tokens int) {
	if e.counts.Tokens == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.counts.Tokens.Add(tokens)
}

// settle counts an example when all of it is answered.
func (e *encoder) settle(o *outcome) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !o.written {
		e.counts.Refused.Add(o.missing[0], 1)
		e.x.record.Event(record.Event{ID: o.id, Step: e.counts.Output, Action: "refuse", Reason: o.missing[0]})
		return
	}
	e.counts.Encoded++
	for _, reason := range o.missing {
		e.counts.LeftOut.Add(reason, 1)
	}
}

// finishRows completes the files of rows and tells what they are.
func (e *encoder) finishRows() ([]sdk.WrittenFile, error) {
	files, err := e.rows.finish()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		e.files = append(e.files, outputFile{File: file.File, split: file.split})
		e.counts.Rows += file.rows
		e.counts.Bytes += file.Bytes()
		if file.split != "" {
			e.counts.AddSplit(file.split, file.Path, file.rows)
		}
		if len(files) > 1 || e.step.output.Folder || file.Path != e.step.file {
			e.counts.Files = append(e.counts.Files, file.Path)
		}
	}
	return written(files), nil
}

// companions writes the format's files beside the output or, where that is a folder, into it.
func (e *encoder) companions(companions []sdk.Companion) error {
	folder := filepath.Dir(e.step.file)
	if e.step.output.Folder {
		folder = e.step.output.Path
	}
	for _, companion := range companions {
		path := filepath.Join(folder, companion.Name)
		taken := slices.ContainsFunc(e.files, func(f outputFile) bool { return f.Path == path })
		if companion.Name != filepath.Base(companion.Name) || !filepath.IsLocal(companion.Name) || taken { // NUL is no file on Windows
			return e.step.plugin.Explain(
				fmt.Errorf("the plugin wants to write a file called %q; only names of other files beside the output are allowed", companion.Name))
		}
		var list *sharedList
		if companion.Shared {
			entries, err := parseSharedList(companion.Content)
			if err != nil {
				return e.step.plugin.Explain(fmt.Errorf("the plugin wants to put something else than members of an object into %s: %w", companion.Name, err))
			}
			list = &entries
		}
		file, err := whole.Sealed(path, companion.Content)
		if err != nil {
			return err
		}
		e.files = append(e.files, outputFile{File: file, companion: &companion, list: list})
		e.counts.Beside = append(e.counts.Beside, companion.Name)
	}
	return nil
}

// discard removes what was not placed.
func (e *encoder) discard() {
	e.rows.discard()
	for _, file := range e.files {
		file.Discard()
	}
}
