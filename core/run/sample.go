package run

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
)

// enterSample enters the sample into the record: examples that the filters left as they left them, others as redacted.
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

// findSampled finds the examples of the sample in a stage, each of whose pieces is a frame that was read.
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

// sampleFrom notes the examples of a piece that have one of the ids.
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

// withhold removes the texts from an example of the sample if something in it should have been redacted. The check of the
// outputs does not find that when the example was dropped.
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
