package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// A Reading is what a source has made of everything below its paths.
type Reading struct {
	Units    []sdk.Unit
	Examples []*sdk.Example
	Rejects  []sdk.Reject
	Tally    sdk.Tally // of all units

	toolsets map[string]*sdk.Toolset // by hash
}

// Read runs a source over setup.Paths. It is also an error if the records do not add up.
func Read(ctx context.Context, client *sdk.Client, source string, setup sdk.Setup, options string) (Reading, error) {
	handle, err := client.Open(ctx, sdk.Step{Kind: sdk.KindSource, Type: source}, setup, []byte(options))
	if err != nil {
		return Reading{}, err
	}
	units, err := client.Units(ctx, handle)
	if err != nil {
		return Reading{}, err
	}
	reading := Reading{Units: units}
	err = reading.units(ctx, client, handle, units)
	return reading, err
}

// units reads units and adds what they give.
func (r *Reading) units(ctx context.Context, client *sdk.Client, handle sdk.Handle, units []sdk.Unit) error {
	for _, unit := range units {
		if err := client.Read(ctx, handle, []sdk.Unit{unit}, r.take); err != nil {
			return fmt.Errorf("unit %s: %w", unit.ID, err)
		}
	}
	return nil
}

func (r *Reading) take(frame sdk.ReadFrame) error {
	if r.toolsets == nil {
		r.toolsets = map[string]*sdk.Toolset{}
	}
	for _, set := range frame.Toolsets {
		r.toolsets[set.Hash()] = set
	}
	for _, item := range frame.Items {
		example, err := item.Decode()
		if err != nil {
			return err
		}
		example.Toolset = r.toolsets[item.Toolset]
		r.Examples = append(r.Examples, example)
	}
	r.Rejects = append(r.Rejects, frame.Rejects...)
	if frame.Tally == nil {
		return nil
	}
	if err := frame.Tally.Check(); err != nil {
		return fmt.Errorf("it miscounted: %w", err)
	}
	r.Tally.Add(*frame.Tally)
	if frame.Tally.Read != frame.Tally.Sum() {
		return fmt.Errorf("it read %d records but accounts for %d: %+v", frame.Tally.Read, frame.Tally.Sum(), *frame.Tally)
	}
	for file, tally := range frame.Tally.Files {
		if tally.Read != tally.Sum() {
			return fmt.Errorf("it read %d records of %s but accounts for %d: %+v", tally.Read, file, tally.Sum(), tally)
		}
	}
	return nil
}

// An Applied is what a filter has made of one example.
type Applied struct {
	Decisions []sdk.Decision
	Examples  []*sdk.Example // none if the example was dropped
}

// Apply runs a filter over frames of examples. It is an error if the filter changes an example without saying so.
func Apply(ctx context.Context, client *sdk.Client, filter string, setup sdk.Setup, options string, frames ...[]*sdk.Example) ([]Applied, error) {
	handle, err := client.Open(ctx, sdk.Step{Kind: sdk.KindFilter, Type: filter}, setup, []byte(options))
	if err != nil {
		return nil, err
	}
	return apply(ctx, client, handle, frames...)
}

func apply(ctx context.Context, client *sdk.Client, handle sdk.Handle, frames ...[]*sdk.Example) ([]Applied, error) {
	stream, err := client.ApplyStrictly(ctx, []sdk.Handle{handle})
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	var applied []Applied
	toolsets := map[string]*sdk.Toolset{}
	for _, example := range slices.Concat(frames...) {
		toolsets[example.Toolset.Hash()] = example.Toolset
	}
	err = exchange(stream, frames, "verdicts", func(items []sdk.Item, outcomes []sdk.Outcome) error {
		for i, outcome := range outcomes {
			one := Applied{Decisions: outcome.Decisions}
			for _, set := range outcome.Toolsets {
				toolsets[set.Hash()] = set
			}
			for _, item := range outcome.Items(items[i]) {
				example, err := item.Decode()
				if err != nil {
					return err
				}
				example.Toolset = toolsets[item.Toolset]
				one.Examples = append(one.Examples, example)
			}
			applied = append(applied, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return applied, sdk.EndStream(stream)
}

// Keys asks a [sdk.Keyer] for the keys of frames of examples.
func Keys(ctx context.Context, client *sdk.Client, filter, options string, frames ...[]*sdk.Example) ([][]string, error) {
	handle, err := client.Open(ctx, sdk.Step{Kind: sdk.KindFilter, Type: filter}, sdk.Setup{Block: "test"}, []byte(options))
	if err != nil {
		return nil, err
	}
	return keys(ctx, client, handle, frames...)
}

func keys(ctx context.Context, client *sdk.Client, handle sdk.Handle, frames ...[]*sdk.Example) ([][]string, error) {
	stream, err := client.Keys(ctx, handle)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	var all [][]string
	err = exchange(stream, frames, "lists of keys", func(_ []sdk.Item, keys [][]string) error {
		all = append(all, keys...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, sdk.EndStream(stream)
}

// An Encoding is what a format has made of examples.
type Encoding struct {
	Framing    sdk.Framing
	Encoded    []sdk.Encoded // one for each example
	Companions []sdk.Companion
}

// Encode runs a format over frames of examples as they are, without the host's shaping.
func Encode(ctx context.Context, client *sdk.Client, format string, setup sdk.Setup, options string, frames ...[]*sdk.Example) (Encoding, error) {
	handle, err := client.Open(ctx, sdk.Step{Kind: sdk.KindFormat, Type: format}, setup, []byte(options))
	if err != nil {
		return Encoding{}, err
	}
	stream, err := client.Encode(ctx, handle, sdk.Dataset{Tools: setup.Tools})
	if err != nil {
		return Encoding{}, err
	}
	defer stream.Close()
	encoding, rows := Encoding{Framing: handle.Framing}, 0
	err = exchange(&stream.Stream, frames, "answers", func(_ []sdk.Item, encoded []sdk.Encoded) error {
		for _, one := range encoded {
			rows += len(one.Rows)
		}
		encoding.Encoded = append(encoding.Encoded, encoded...)
		return nil
	})
	if err != nil {
		return encoding, err
	}
	encoding.Companions, err = stream.Finish([]sdk.WrittenFile{{Name: "out.jsonl", Rows: rows}})
	return encoding, err
}

// exchange sends frames one by one and passes the answer to each to take. An answer has one element for each example.
func exchange[A any](stream *sdk.Stream[[]A], frames [][]*sdk.Example, elements string, take func([]sdk.Item, []A) error) error {
	sent := map[string]bool{}
	for _, frame := range frames {
		items, tools := frameOf(frame, sent)
		if err := stream.Send(items, tools); err != nil {
			return err
		}
		answer, err := stream.Receive()
		for err == nil && len(answer) == 0 && len(items) > 0 { // a sign of life
			answer, err = stream.Receive()
		}
		if errors.Is(err, io.EOF) {
			err = errors.New("it ended the stream before it had answered everything")
		}
		if err != nil {
			return fmt.Errorf("examples %s: %w", ids(frame), err)
		}
		if len(answer) != len(items) {
			return fmt.Errorf("it answered %d examples with %d %s", len(items), len(answer), elements)
		}
		if err := take(items, answer); err != nil {
			return err
		}
	}
	return nil
}

// frameOf returns a frame of examples, with the toolsets that have not been sent on the stream yet.
func frameOf(examples []*sdk.Example, sent map[string]bool) (items []sdk.Item, tools map[string]*sdk.Toolset) {
	tools = map[string]*sdk.Toolset{}
	for _, example := range examples {
		item := sdk.NewItem(example)
		items = append(items, item)
		if example.Toolset != nil && !sent[item.Toolset] {
			sent[item.Toolset] = true
			tools[item.Toolset] = example.Toolset
		}
	}
	return items, tools
}

func ids(examples []*sdk.Example) []string {
	var all []string
	for _, example := range examples {
		all = append(all, example.ID)
	}
	return all
}

// OneByOne returns a frame for each example.
func OneByOne(examples []*sdk.Example) [][]*sdk.Example {
	return slices.Collect(slices.Chunk(examples, 1))
}
