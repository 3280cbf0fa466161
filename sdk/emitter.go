package sdk

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
)

// An Emitter takes what a source finds in one unit. It is used from one goroutine at a time, and no longer than until Read
// returns: an example or a reject that comes later panics. An error of its methods says that the host wants no more; what does
// not hold is no error, but counted as rejected.
//
// Records are what the log is made of: lines, messages, entries. Every record that a source meets ends in one of four
// ways: it belongs to an example, it is ignored, it is unread, or it is rejected. The sums are checked at the end of
// every run.
type Emitter struct {
	plugin, version string
	unit            Unit
	selection       *Selection
	send            func(*Example) error // takes a complete example, which may not change afterwards, or returns an oversize
	reject          func(Reject) error
	progress        func(bytes int64) error

	ended    atomic.Pointer[error] // what Read returned; nil: it is at work
	observer observer
	file     string // the one whose records are counted
	tally    *Tally // of that file
	tallies  tallies
	ids      map[[hashBytes]byte]int32 // how often each came up; not as texts: a file may hold millions
}

// A Reject is a record that could not be read.
type Reject struct {
	File  string // as [File.Name]
	Line  int    // 1-based; 0 where unknown
	Cause string // what is wrong, in lower case
}

// Example emits one example, made of example.Provenance.Records records (at least one). The example belongs to the
// emitter afterwards. Selection (the source's since, until, tools and keep options) may leave it out.
func (e *Emitter) Example(example *Example) error {
	records := max(example.Provenance.Records, 1)
	example.Provenance.Records = records
	if id := &example.Identity; id.Opening != "" && id.Calls == nil { // before selection: a copy has what it leaves out
		id.Calls = example.Answered()
	}
	return e.emit(emission{example: example, records: records}, e.complete)
}

// Restore emits one example that an earlier run wrote into one record, which stands at a line of the file. Its id and
// provenance are what they were, and nothing that it leaves open is filled in. Selection may leave it out or narrow it.
func (e *Emitter) Restore(example *Example, line int) error {
	return e.emit(emission{example: example, records: 1, line: line}, (*Example).cleanText)
}

// emission is an example on its way out.
type emission struct {
	example *Example
	records int // that it is made of
	line    int // that it stands at, where it is restored
}

// oversize is the error of sending an example that no frame can carry: how many bytes it has.
type oversize int

func (o oversize) Error() string {
	return fmt.Sprintf("the example has %d MiB; examples may have %d MiB", o>>20, maxExample>>20)
}

// errEnded is what a goroutine hears that goes on when Read has returned.
var errEnded = errors.New("an emitter was used after Read had returned: Read has to wait for the goroutines that use it")

// late reports that Read has returned: by then what is behind the emitter serves for another unit.
func (e *Emitter) late() error {
	if e.ended.Load() != nil {
		return errEnded
	}
	return nil
}

// mayEmit is late where something would be emitted. Of a unit that was said to be read that would be lost without a word.
func (e *Emitter) mayEmit() error {
	err := e.late()
	if err != nil && *e.ended.Load() == nil {
		panic(err)
	}
	return err
}

func (e *Emitter) emit(m emission, complete func(*Example)) error {
	if err := e.mayEmit(); err != nil {
		return err
	}
	if kind := e.leftOut(m.example); kind != "" {
		e.Ignore(kind, m.records)
		return nil
	}
	complete(m.example)
	if err := m.example.Check(); err != nil {
		return e.unfit(m, err)
	}
	err := e.send(m.example)
	if size, ok := err.(oversize); ok {
		return e.unfit(m, size)
	}
	e.tally.Examples++
	e.tally.InExamples += m.records
	return err
}

// leftOut narrows an example as the source's options say. It is the kind under which one that they leave out is ignored.
func (e *Emitter) leftOut(example *Example) string {
	if kind := e.selection.outside(example.Provenance.Time); kind != "" {
		return kind
	}
	if !e.selection.Apply(example) {
		return notSelected
	}
	return ""
}

// unfit rejects an example that cannot be sent: one record stands for it, the others are ignored.
func (e *Emitter) unfit(m emission, cause error) error {
	if m.line > 0 { // its provenance tells of another file
		return e.Reject(Reject{Line: m.line, Cause: cause.Error()})
	}
	if m.records > 1 {
		e.Ignore("record of a rejected example", m.records-1)
	}
	p := m.example.Provenance
	return e.Reject(Reject{File: p.File, Line: p.FirstLine, Cause: cause.Error()})
}

// File says which file of the unit the source turns to: what is emitted, ignored, rejected and otherwise counted from
// here on belongs to that one, until File is called again. A source that never calls it, such as one whose examples
// gather records of several files, counts everything for the unit's first file.
//
// The sums have to hold for every file by itself.
func (e *Emitter) File(file File) { e.turnTo(file.Name) }

func (e *Emitter) turnTo(file string) { e.file, e.tally = file, e.tallies.of(file) }

// Records says how many records the source has met since it last said so. A source that never does is taken to have met
// those that it emitted, ignored and rejected.
func (e *Emitter) Records(n int) { e.tally.Read += n }

// Ignore counts records that hold nothing to learn from, by kind: a short phrase such as "file history".
func (e *Emitter) Ignore(kind string, n int) { e.tally.ignore(kind, n) }

// Unread counts records that a search of the bytes ruled out, so that they were never parsed.
func (e *Emitter) Unread(n int) { e.tally.Unread += n }

// Reject reports a record that could not be read. An empty file stands for the one that the source turned to last.
func (e *Emitter) Reject(reject Reject) error {
	if err := e.mayEmit(); err != nil {
		return err
	}
	reject.File = cmp.Or(reject.File, e.file)
	e.tally.Rejected++
	return e.reject(reject)
}

// Progress tells how many bytes of the unit have been read since it was last told. A source that works for long without
// emitting anything calls it, so that the host does not take it for dead.
func (e *Emitter) Progress(bytes int64) error {
	if err := e.late(); err != nil {
		return err
	}
	return e.progress(bytes)
}

// complete fills in what the source left open.
func (e *Emitter) complete(example *Example) {
	p := &example.Provenance
	p.Plugin, p.PluginVersion, p.Unit = e.plugin, e.version, e.unit.ID
	example.Source = cmp.Or(example.Source, e.plugin)
	example.SourceFile = cmp.Or(example.SourceFile, e.file)
	p.File = cmp.Or(p.File, example.SourceFile)
	example.complete()
	if e.ids == nil {
		e.ids = map[[hashBytes]byte]int32{}
	}
	var id [hashBytes]byte
	_, _ = hex.Decode(id[:], []byte(example.ID)) // complete has just written it
	e.ids[id]++
	if n := e.ids[id]; n > 1 { // the same words twice in one file are still two examples
		example.ID = hash(example.ID, fmt.Sprint(n))
	}
}

// RejectFile rejects a file of the unit, which counts as one record: the one that err, an error of opening or reading it, is
// about; where err is an [ErrLongLine], what is left of the one that the source turned to last. Any other error is returned. A
// source of one file need not call it: what Read returns goes through it.
func (e *Emitter) RejectFile(err error) error {
	if errors.Is(err, ErrLongLine) {
		line, _ := errors.AsType[longLine](err)
		return e.unreadable(Reject{Line: int(line), Cause: ErrLongLine.Error() + ", and the file was not read beyond it"})
	}
	fault, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return err
	}
	for _, file := range e.unit.Files {
		if file.Path == fault.Path {
			defer e.turnTo(e.file)
			e.File(file)
			return e.unreadable(Reject{Cause: fmt.Sprintf("cannot %s the file: %v", fault.Op, fault.Err)})
		}
	}
	return err
}

// unreadable rejects what the source could not count as a record.
func (e *Emitter) unreadable(reject Reject) error {
	e.tally.Unreadable++
	return e.Reject(reject)
}
