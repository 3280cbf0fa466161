package sdk

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
)

// An Emitter takes what a source finds in one unit. It may be used by one goroutine at a time, and only until Read
// returns: after a successful Read, emitting an example or a reject panics. An error from one of its methods says that
// the host does not want more. An example that is not valid (see [Example]) is no error: it is counted as rejected.
//
// Records are what the log is made of: lines, messages, entries. Every record that a source meets ends in one of four
// ways: it belongs to an example, it is ignored, it is unread, or it is rejected. The sums are checked at the end of
// every run.
type Emitter struct {
	plugin, version string
	unit            Unit
	selection       *Selection
	send            func(*Example) error // sends a complete example, which must not change afterwards; the error may be an oversize
	reject          func(Reject) error
	progress        func(bytes int64) error

	ended    atomic.Pointer[error] // what Read returned; nil while it is at work
	observer observer
	file     string // the one whose records are being counted
	tally    *Tally // of that file
	tallies  tallies
	ids      map[[hashBytes]byte]int32 // how often each was derived; bytes instead of strings because a file may hold millions
}

// A Reject is a record that could not be read.
type Reject struct {
	File  string // as [File.Name]
	Line  int    // 1-based; 0 if unknown
	Cause string // what is wrong, in lower case
}

// Example emits one example, made of example.Provenance.Records records (at least one). The example belongs to the
// emitter afterwards. The source's [Selection], which is its since, until, tools and keep options, may narrow the example
// or leave it out.
func (e *Emitter) Example(example *Example) error {
	records := max(example.Provenance.Records, 1)
	example.Provenance.Records = records
	if id := &example.Identity; id.Opening != "" && id.Calls == nil { // before selection, because copies have the calls that it removes
		id.Calls = example.Answered()
	}
	return e.emit(emission{example: example, records: records}, e.complete)
}

// Restore emits one example that an earlier run wrote as one record, at the given line of the file. It keeps its id and
// provenance, and nothing that it leaves open is filled in. The source's [Selection] may narrow it or leave it out.
func (e *Emitter) Restore(example *Example, line int) error {
	return e.emit(emission{example: example, records: 1, line: line}, (*Example).cleanText)
}

// An emission is an example on its way out.
type emission struct {
	example *Example
	records int // how many it is made of
	line    int // of the record of a restored example; 0 for any other
}

// oversize is the error of sending an example that is too large for a frame. Its value is the size in bytes.
type oversize int

func (o oversize) Error() string {
	return fmt.Sprintf("the example is %d MiB; the limit is %d MiB", o>>20, maxExample>>20)
}

// errEnded is the error for a goroutine that goes on using the emitter after Read has returned.
var errEnded = errors.New("an emitter was used after Read had returned: Read has to wait for the goroutines that use it")

// checkOpen returns an error if Read has returned: what is behind the emitter then serves another unit.
func (e *Emitter) checkOpen() error {
	if e.ended.Load() != nil {
		return errEnded
	}
	return nil
}

// mustBeOpen does what checkOpen does, but panics if Read returned without an error: the unit counts as read, so what is
// emitted afterwards would be lost silently.
func (e *Emitter) mustBeOpen() error {
	err := e.checkOpen()
	if err != nil && *e.ended.Load() == nil {
		panic(err)
	}
	return err
}

func (e *Emitter) emit(m emission, complete func(*Example)) error {
	if err := e.mustBeOpen(); err != nil {
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

// leftOut narrows an example to what the source's Selection chooses. If the Selection leaves the example out, it returns
// the kind under which its records are ignored.
func (e *Emitter) leftOut(example *Example) string {
	if kind := e.selection.outside(example.Provenance.Time); kind != "" {
		return kind
	}
	if !e.selection.Apply(example) {
		return notSelected
	}
	return ""
}

// unfit rejects an example that cannot be sent: one of its records is counted as rejected, the others as ignored.
func (e *Emitter) unfit(m emission, cause error) error {
	if m.line > 0 { // its provenance is about another file
		return e.Reject(Reject{Line: m.line, Cause: cause.Error()})
	}
	if m.records > 1 {
		e.Ignore("record of a rejected example", m.records-1)
	}
	p := m.example.Provenance
	return e.Reject(Reject{File: p.File, Line: p.FirstLine, Cause: cause.Error()})
}

// File says which file of the unit the source reads next. All that is emitted, ignored, rejected and otherwise counted
// from here on belongs to that file, until File is called again. If a source never calls it, for example because its
// examples gather records of several files, everything is counted for the unit's first file.
//
// The sums must hold for each file separately.
func (e *Emitter) File(file File) { e.turnTo(file.Name) }

func (e *Emitter) turnTo(file string) { e.file, e.tally = file, e.tallies.forFile(file) }

// Records reports how many records the source has met since the last call. A source that never calls it is taken to have
// met those that it emitted, ignored and rejected, and those that it counted as unread.
func (e *Emitter) Records(n int) { e.tally.Read += n }

// Ignore counts n records that hold nothing to learn from. kind says what they are, in a short phrase such as "file
// history".
func (e *Emitter) Ignore(kind string, n int) { e.tally.ignore(kind, n) }

// Unread counts n records that a search of the bytes ruled out, so that they were never parsed.
func (e *Emitter) Unread(n int) { e.tally.Unread += n }

// Reject reports a record that could not be read. If reject.File is empty, it is the file that the source named last with
// [Emitter.File], else the unit's first.
func (e *Emitter) Reject(reject Reject) error {
	if err := e.mustBeOpen(); err != nil {
		return err
	}
	reject.File = cmp.Or(reject.File, e.file)
	e.tally.Rejected++
	return e.reject(reject)
}

// Progress reports how many bytes of the unit have been read since the last call. A source that works for long without
// emitting anything must call it, or the host takes it for dead.
func (e *Emitter) Progress(bytes int64) error {
	if err := e.checkOpen(); err != nil {
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
	if n := e.ids[id]; n > 1 { // the same text twice in one file is still two examples
		example.ID = hash(example.ID, fmt.Sprint(n))
	}
}

// RejectFile rejects a file of the unit, which counts as one record. If err is an error of opening or reading one of the
// unit's files, that file is rejected; if it is an [ErrLongLine], the rest of the file that the source named last with
// [Emitter.File]. Any other error is returned as it is. A source whose units have one file need not call RejectFile: the
// error that Read returns goes through it.
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

// unreadable rejects a file or the rest of one, which the source could not count as a record.
func (e *Emitter) unreadable(reject Reject) error {
	e.tally.Unreadable++
	return e.Reject(reject)
}
