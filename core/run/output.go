package run

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// encoder runs one output: it selects, shapes, encodes and writes.
type encoder struct {
	x      *execution
	tools  *sdk.Toolset // complete
	step   *outputStep
	shaper *shaper
	counts *OutputCounts
	files  []*outputFile // the output's own first, then its companions

	mu sync.Mutex // of the refusals: shaping and encoding both refuse
}

// selects reports whether an item of a source goes to the output.
func (s *outputStep) selects(address string, item sdk.Item) bool {
	output := s.output
	return (output.Sources == nil || slices.Contains(output.Sources, address)) &&
		(output.Types == nil || slices.Contains(output.Types, item.Type))
}

// encode sends all examples to the format, in order, and writes what it answers.
func (e *encoder) encode(ctx context.Context, from stage) error {
	if err := e.begin(e.step.output.Path); err != nil {
		return err
	}
	var encoding *sdk.Encoding
	open := func(ctx context.Context) (_ *sdk.Stream[[]sdk.Encoded], err error) {
		encoding, err = e.step.plugin.Client().Encode(ctx, e.step.handle, sdk.Dataset{Tools: e.tools})
		if err != nil {
			return nil, err
		}
		return &encoding.Stream, nil
	}
	finish := func(*sdk.Stream[[]sdk.Encoded]) error {
		companions, err := encoding.Finish([]sdk.WrittenFile{{Name: filepath.Base(e.step.output.Path), Rows: e.counts.Rows}})
		if err != nil {
			return err
		}
		return e.companions(companions)
	}
	if err := pump(ctx, e.x.tools, open, e.selected(from), e.take, finish); err != nil {
		return fmt.Errorf("%s: %w", e.step.output.Address(), explain(e.step.plugin, err))
	}
	if err := e.counts.check(); err != nil {
		return fmt.Errorf("%s: %w", e.step.output.Address(), err)
	}
	return e.seal()
}

// selected returns a function that gives the frames of what the output selects, shaped.
func (e *encoder) selected(from stage) func() (frame, bool, error) {
	i := 0
	return func() (frame, bool, error) {
		for i < len(from.pieces) {
			p := from.pieces[i]
			i++
			items, err := from.store.get(p.chunk)
			if err != nil {
				return frame{}, false, err
			}
			items, err = e.prepare(e.x.sources[p.source].block.Address(), items)
			if err != nil || len(items) > 0 {
				return frame{items: items}, true, err
			}
		}
		return frame{}, false, nil
	}
}

// prepare selects and shapes the items of one frame.
func (e *encoder) prepare(source string, items []sdk.Item) ([]sdk.Item, error) {
	ready := make([]sdk.Item, 0, len(items))
	for _, item := range items {
		if !e.step.selects(source, item) {
			continue
		}
		e.counts.Selected++
		shaped, refused, err := e.shaper.shape(item)
		if err != nil {
			return nil, err
		}
		if refused != "" {
			e.refuse(item.ID, refused)
			continue
		}
		ready = append(ready, shaped)
	}
	return ready, nil
}

// take writes the rows of one frame.
func (e *encoder) take(f frame, encoded []sdk.Encoded) error {
	if len(encoded) != len(f.items) {
		return fmt.Errorf("the plugin answered %d examples with %d", len(f.items), len(encoded))
	}
	for i, one := range encoded {
		if one.Refused != "" {
			e.refuse(f.items[i].ID, one.Refused)
			continue
		}
		e.counts.Encoded++
		for _, row := range one.Rows {
			if err := e.write(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *encoder) write(row []byte) error {
	e.counts.Rows++
	if e.step.handle.Framing != sdk.Bytes {
		if bytes.IndexByte(row, '\n') >= 0 {
			return fmt.Errorf("the plugin gave a row with a line end: %.80q", row)
		}
		row = append(row, '\n')
	}
	return e.files[0].write(row)
}

func (e *encoder) refuse(id, reason string) {
	e.mu.Lock()
	e.counts.refuse(reason)
	e.mu.Unlock()
	e.x.record.event(Event{ID: id, Step: e.counts.Output, Action: "refuse", Reason: reason})
}

// companions writes the format's files beside the output.
func (e *encoder) companions(companions []sdk.Companion) error {
	for _, companion := range companions {
		if companion.Name != filepath.Base(companion.Name) || companion.Name == filepath.Base(e.step.output.Path) {
			return fmt.Errorf("the plugin wants to write a file called %q; only names of other files beside the output are allowed", companion.Name)
		}
		path := filepath.Join(filepath.Dir(e.step.output.Path), companion.Name)
		if err := e.begin(path); err != nil {
			return err
		}
		if err := e.files[len(e.files)-1].write(companion.Content); err != nil {
			return err
		}
		e.counts.Beside = append(e.counts.Beside, companion.Name)
	}
	return nil
}

func (e *encoder) begin(path string) error {
	file, err := newOutputFile(path)
	if err != nil {
		return err
	}
	e.files = append(e.files, file)
	return nil
}

func (e *encoder) seal() error {
	for _, file := range e.files {
		if err := file.seal(); err != nil {
			return err
		}
	}
	e.counts.Bytes = e.files[0].bytes
	return nil
}

// place puts the files in their places. An earlier output that holds something is not replaced by an empty one, unless
// that is asked for.
func (e *encoder) place(allowEmpty bool) error {
	if earlier, err := os.Stat(e.step.output.Path); err == nil && earlier.Size() > 0 && e.counts.Rows == 0 && !allowEmpty {
		e.counts.Kept = true
		return nil
	}
	for _, file := range e.files {
		if err := file.place(); err != nil {
			return err
		}
	}
	e.files = nil
	return nil
}

// discard removes what was not placed.
func (e *encoder) discard() {
	for _, file := range e.files {
		file.discard()
	}
}
