package sdk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// completerVersion must change when the host changes how it completes the frames of sources that are not made with the
// SDK, so that cached frames of them are not used any more.
const completerVersion = "6"

// completer returns what the host does with the frames of a unit before anyone sees them. Frames of a plugin made with
// the SDK are complete and at most checked. In either case the items name toolsets by the hash of their content
// afterwards.
func (c *Client) completer(ctx context.Context, source Handle, unit Unit) (func(*ReadFrame) error, error) {
	if source.complete {
		aliases := aliases{}
		return func(frame *ReadFrame) error {
			aliases.resolve(frame)
			if c.distrust {
				return checkFrame(frame)
			}
			return nil
		}, nil
	}
	if c.described.Load() == nil {
		if _, err := c.Describe(ctx); err != nil {
			return nil, err
		}
	}
	plugin := c.described.Load()
	completion := &completion{known: newToolsets(), files: map[string]bool{}}
	for _, file := range unit.Files {
		completion.files[file.Name] = true
	}
	completion.emitter = Emitter{
		plugin: plugin.Name, version: plugin.Version, unit: unit, selection: source.setup.Selection, tallies: tallies{},
		send: completion.send, reject: completion.reject,
	}
	completion.emitter.turnTo(unit.first())
	return completion.frame, nil
}

// A completion does for a source what the SDK does inside a plugin: it applies the selection, derives what the source
// left open, rejects invalid examples, counts, and observes calls.
type completion struct {
	emitter Emitter
	known   *toolsets
	files   map[string]bool // the names of the unit's files
	out     *ReadFrame      // replaces the current frame

	sent, records int // how many examples came from the plugin, and of how many records
}

func (c *completion) frame(frame *ReadFrame) error {
	if err := checkToolsets(frame.Toolsets); err != nil {
		return err
	}
	c.out = &ReadFrame{Toolsets: frame.Toolsets, Progress: frame.Progress}
	for i, set := range frame.Toolsets {
		c.known.add(frame.names[i], set)
	}
	if err := checkRejects(frame.Rejects); err != nil {
		return err
	}
	for _, reject := range frame.Rejects {
		c.turnTo(reject.File)
		if err := c.emitter.Reject(reject); err != nil {
			return err
		}
	}
	for _, item := range frame.Items {
		if err := c.item(item); err != nil {
			return err
		}
	}
	if frame.Tally != nil {
		if err := c.tally(*frame.Tally); err != nil {
			return err
		}
	}
	*frame = *c.out
	return nil
}

func (c *completion) item(item Item) error {
	example, err := item.Decode()
	if err != nil {
		return fmt.Errorf("the plugin sent an example that cannot be decoded: %w", err)
	}
	if example.Type != "" {
		if err := example.checkType(); err != nil {
			return err
		}
	}
	if example.Toolset, err = c.known.namedBy(item); err != nil {
		return fmt.Errorf("the plugin sent %w", err)
	}
	c.sent++
	c.records += max(example.Provenance.Records, 1)
	c.turnTo(example.SourceFile)
	return c.emitter.Example(example)
}

// turnTo makes the emitter count for a file of the unit. Anything about another file counts for the unit's first.
func (c *completion) turnTo(file string) {
	if !c.files[file] {
		file = c.emitter.unit.first()
	}
	c.emitter.turnTo(file)
}

func (c *completion) send(example *Example) error {
	item := NewItem(example)
	if len(item.Example) > maxExample {
		return oversize(len(item.Example))
	}
	c.emitter.observer.example(example)
	c.out.Items = append(c.out.Items, item)
	return nil
}

func (c *completion) reject(reject Reject) error {
	c.out.Rejects = append(c.out.Rejects, reject)
	return nil
}

// tally adds what only the plugin can count, the records that are in no example, to the host's counts.
func (c *completion) tally(theirs Tally) error {
	if theirs.Examples != 0 && theirs.Examples != c.sent || theirs.InExamples != 0 && theirs.InExamples != c.records {
		return fmt.Errorf("the plugin counted %d examples of %d records, but sent %d of %d",
			theirs.Examples, theirs.InExamples, c.sent, c.records)
	}
	if err := theirs.Check(); err != nil { // a wrong count would not show in the sum with the host's
		return fmt.Errorf("the plugin miscounted: %w", err)
	}
	if len(theirs.Files) == 0 {
		c.add(c.emitter.unit.first(), theirs)
	}
	for file, tally := range theirs.Files {
		c.add(file, tally)
	}
	c.out.Tally, c.out.Observed = new(c.emitter.tallies.close(c.emitter.unit.first())), &c.emitter.observer.Observations
	return nil
}

// add adds the plugin's counts for a file of the unit. The plugin's Read includes unreadable files. A source in Go does
// not count these, so close adds them to Read; here they are subtracted, or they would count twice.
func (c *completion) add(file string, theirs Tally) {
	tally := c.emitter.tallies.forFile(file)
	if theirs.Read > 0 {
		tally.Read += theirs.Read - theirs.Unreadable
	}
	tally.Unread += theirs.Unread
	tally.Unreadable += theirs.Unreadable
	for kind, n := range theirs.Ignored {
		tally.ignore(kind, n)
	}
}

// checkFrame checks a frame of a source that is not trusted.
func checkFrame(frame *ReadFrame) error {
	if err := checkToolsets(frame.Toolsets); err != nil {
		return err
	}
	if err := checkRejects(frame.Rejects); err != nil {
		return err
	}
	return checkItems(frame.Items)
}

// checkToolsets returns an error if a schema is not JSON, for it would be part of every row that offers the tool.
func checkToolsets(sets []*Toolset) error {
	for _, set := range sets {
		for _, tool := range set.Tools {
			if len(tool.Schema) > 0 && !isJSON(tool.Schema) {
				return fmt.Errorf("the plugin sent the tool %q with a schema that is not valid JSON", tool.FullName())
			}
		}
	}
	return nil
}

func checkRejects(rejects []Reject) error {
	for _, reject := range rejects {
		if reject.Cause == "" {
			return fmt.Errorf("the plugin rejected a record of %s without a cause", cmp.Or(reject.File, "the unit"))
		}
	}
	return nil
}

func (e *Example) checkType() error {
	if !slices.Contains(Types(), e.Type) {
		return fmt.Errorf("the plugin sent an example %q of the type %q, which is not one of %q", e.ID, e.Type, Types())
	}
	return nil
}

// checkItems checks items of a plugin that is not trusted: their examples can be decoded and are valid, and the fields by
// which items are routed are those of the examples.
func checkItems(items []Item) error {
	for _, item := range items {
		example, err := item.Decode()
		if err != nil {
			return fmt.Errorf("the plugin sent an example that cannot be decoded: %w", err)
		}
		if example.ID == "" || example.ID != item.ID || example.Type != item.Type || example.Source != item.Source || example.Split != item.Split {
			return fmt.Errorf("the plugin sent an example %q of type %q in an item that says %q of type %q", example.ID, example.Type, item.ID, item.Type)
		}
		if shownScore(example.Quality) != shownScore(item.Quality) { // by the score the host decides which of several equal examples stays
			return fmt.Errorf("the plugin sent example %s with the quality %s in an item that says %s", example.ID, shownScore(example.Quality), shownScore(item.Quality))
		}
		if err := example.checkType(); err != nil {
			return err
		}
		if err := example.Check(); err != nil {
			return fmt.Errorf("the plugin sent an invalid example: example %s: %w", example.ID, err)
		}
	}
	return nil
}
