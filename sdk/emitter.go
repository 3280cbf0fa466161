package sdk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
)

// An Emitter takes what a source finds in one unit. It is used from one goroutine.
//
// Records are what the log is made of: lines, messages, entries. Every record that a source meets ends in one of four
// ways: it belongs to an example, it is ignored, it is unread, or it is rejected. The sums are checked at the end of
// every run.
type Emitter struct {
	plugin, version string
	unit            Unit
	selection       *Selection
	send            func(*Example) error // takes a complete example; nothing of it may change afterwards
	reject          func(Reject) error
	progress        func(bytes int64) error

	observer   observer
	tally      Tally
	unreadable int // files that could not be read, each a record that the source did not count
	ids        map[string]int
}

// A Tally says what became of a unit's records.
type Tally struct {
	Read       int            // records met
	InExamples int            // records that belong to an emitted example
	Ignored    map[string]int // records that teach nothing, by kind
	Unread     int            // records ruled out by a byte search
	Rejected   int            // records that could not be read
	Examples   int
}

// A Reject is a record that could not be read.
type Reject struct {
	File  string // as [File.Name]
	Line  int    // 1-based; 0 where unknown
	Cause string // what is wrong, in lower case
}

// notSelected is the kind under which records of turns without a selected call are ignored.
const notSelected = "turn without a selected tool"

// Example emits one example, made of example.Provenance.Records records (at least one). The example belongs to the
// emitter afterwards. Selection (the source's tools and keep options) may leave it out.
func (e *Emitter) Example(example *Example) error {
	records := max(example.Provenance.Records, 1)
	example.Provenance.Records = records
	if !e.selection.Apply(example) {
		e.Ignore(notSelected, records)
		return nil
	}
	e.complete(example)
	if err := example.check(); err != nil {
		return e.unfit(example, err.Error())
	}
	e.observer.example(example)
	e.tally.Examples++
	e.tally.InExamples += records
	return e.send(example)
}

// unfit rejects an example that cannot be sent: one record stands for it, the others are ignored.
func (e *Emitter) unfit(example *Example, cause string) error {
	p := example.Provenance
	if p.Records > 1 {
		e.Ignore("record of a rejected example", p.Records-1)
	}
	return e.Reject(Reject{File: p.File, Line: p.FirstLine, Cause: cause})
}

// Records says how many records the source has met since it last said so. A source that never does is taken to have met
// those that it emitted, ignored and rejected.
func (e *Emitter) Records(n int) { e.tally.Read += n }

// Ignore counts records that hold nothing to learn from, by kind: a short phrase such as "file history".
func (e *Emitter) Ignore(kind string, n int) {
	if e.tally.Ignored == nil {
		e.tally.Ignored = map[string]int{}
	}
	e.tally.Ignored[kind] += n
}

// Unread counts records that a search of the bytes ruled out, so that they were never parsed.
func (e *Emitter) Unread(n int) { e.tally.Unread += n }

// Reject reports a record that could not be read. An empty file stands for the unit's first.
func (e *Emitter) Reject(reject Reject) error {
	if reject.File == "" && len(e.unit.Files) > 0 {
		reject.File = e.unit.Files[0].Name
	}
	e.tally.Rejected++
	return e.reject(reject)
}

// Progress tells how many bytes of the unit have been read since it was last told. A source that works for long without
// emitting anything calls it, so that the host does not take it for dead.
func (e *Emitter) Progress(bytes int64) error { return e.progress(bytes) }

// complete fills in what the source left open.
func (e *Emitter) complete(example *Example) {
	p := &example.Provenance
	p.Plugin, p.PluginVersion, p.Unit = e.plugin, e.version, e.unit.ID
	if example.Source == "" {
		example.Source = e.plugin
	}
	if example.SourceFile == "" && len(e.unit.Files) > 0 {
		example.SourceFile = e.unit.Files[0].Name
	}
	if p.File == "" {
		p.File = example.SourceFile
	}
	example.complete()
	if e.ids == nil {
		e.ids = map[string]int{}
	}
	e.ids[example.ID]++
	if n := e.ids[example.ID]; n > 1 { // the same words twice in one file are still two examples
		example.ID = hash(example.ID, fmt.Sprint(n))
	}
}

// RejectFile rejects a file of the unit that err, an error of opening or reading it, is about: it counts as one record.
// Any other error is returned. A source of one file need not call it: what Read returns goes through it.
func (e *Emitter) RejectFile(err error) error {
	var fault *fs.PathError
	if !errors.As(err, &fault) {
		return err
	}
	for _, file := range e.unit.Files {
		if file.Path == fault.Path {
			e.unreadable++
			return e.Reject(Reject{File: file.Name, Cause: fmt.Sprintf("cannot %s the file: %v", fault.Op, fault.Err)})
		}
	}
	return err
}

// finish closes the tally of a unit after Read returned err.
func (e *Emitter) finish(err error) (Tally, error) {
	err = e.RejectFile(err)
	tally := e.tally
	tally.Ignored = maps.Clone(tally.Ignored)
	if tally.Read == 0 {
		tally.Read = tally.Sum()
	} else {
		tally.Read += e.unreadable
	}
	return tally, err
}

// Sum is the number of records that are accounted for; law: it equals Read.
func (t Tally) Sum() int {
	sum := t.InExamples + t.Unread + t.Rejected
	for _, n := range t.Ignored {
		sum += n
	}
	return sum
}

// Add adds another unit's tally.
func (t *Tally) Add(other Tally) {
	t.Read += other.Read
	t.InExamples += other.InExamples
	t.Unread += other.Unread
	t.Rejected += other.Rejected
	t.Examples += other.Examples
	for kind, n := range other.Ignored {
		if t.Ignored == nil {
			t.Ignored = map[string]int{}
		}
		t.Ignored[kind] += n
	}
}
