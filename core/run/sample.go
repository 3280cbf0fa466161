package run

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
)

// enterSample enters the sample into the record, with what the filters made of the examples that they left.
func (x *execution) enterSample(left stage.Stage) error {
	if err := x.findSampled(left); err != nil {
		return err
	}
	for _, choice := range x.sample.Chosen() {
		sampled := x.sampledAs[choice.ID]
		if sampled == nil { // it left before anything was redacted
			continue
		}
		if mask := x.options.Mask; mask != nil {
			sampled.Unit, sampled.File = mask(sampled.Unit), mask(sampled.File)
		}
		if err := x.withhold(sampled); err != nil {
			return err
		}
		x.record.Sampled(sampled)
	}
	return nil
}

// findSampled finds the examples of the sample in a stage, whose pieces are the frames that were read.
func (x *execution) findSampled(from stage.Stage) error {
	type frame struct {
		source int
		unit   string
		number int
	}
	wanted := map[frame][]string{}
	for _, c := range x.sample.Chosen() {
		at := frame{c.Source, c.Unit, c.Frame}
		wanted[at] = append(wanted[at], c.ID)
	}
	var at frame
	for _, p := range from.Pieces {
		if p.Source != at.source || p.Unit != at.unit {
			at = frame{p.Source, p.Unit, 0}
		}
		if ids := wanted[at]; ids != nil {
			if err := x.sampleFrom(from, p, ids); err != nil {
				return err
			}
		}
		at.number++
	}
	return nil
}

// sampleFrom finds examples in a piece.
func (x *execution) sampleFrom(from stage.Stage, p stage.Piece, ids []string) error {
	items, err := from.Store.Get(p.Chunk)
	if err != nil {
		return err
	}
	for _, item := range items {
		if !slices.Contains(ids, item.ID) {
			continue
		}
		example, err := item.Decode()
		if err != nil {
			return err
		}
		x.sampledAs[item.ID] = record.NewSampled(x.sources[p.Source].block.Address(), p.Unit, example)
	}
	return nil
}

// withhold takes the texts out of an example of the sample in which something is left that should have been redacted: it
// may have been dropped, and then no output is searched for it.
func (x *execution) withhold(s *record.Sampled) error {
	if x.options.Verify == nil {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the record of the run: %w", err)
	}
	if len(x.options.Verify(append(text, '\n'))) > 0 {
		s.Parts, s.More, s.Tags, s.Labels, s.Withheld = nil, 0, nil, nil, true
	}
	return nil
}
