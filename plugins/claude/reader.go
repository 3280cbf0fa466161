package claude

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// A reader reads the records of a file.
type reader struct {
	file    sdk.File
	emitter *sdk.Emitter
	take    func(*record)
	seen    map[string]bool // by uuid
}

func newReader(file sdk.File, emitter *sdk.Emitter, take func(*record)) *reader {
	return &reader{file: file, emitter: emitter, take: take, seen: map[string]bool{}}
}

// read passes every record to take, except those seen before, and accounts for all that it does not pass on.
func (r *reader) read(ctx context.Context, file io.Reader, decoder *sdk.LineDecoder[part]) error {
	lines := newLineReader(file)
	return decoder.Read(ctx, lines, func(p part) error {
		for _, record := range p.records {
			record.line = lines.number(record.line)
			r.add(record)
		}
		for _, fault := range p.faults {
			fault.line = lines.number(fault.line)
			if err := r.bad(fault); err != nil {
				return err
			}
		}
		return errors.Join(ctx.Err(), r.emitter.Progress(p.bytes))
	})
}

// A part is what some lines of a file hold.
type part struct {
	records []*record
	faults  []fault
	bytes   int64
}

// A fault is a line, or the rest of one, that cannot be read.
type fault struct {
	line  int
	ended bool
	cause error
}

func decodePart(lines iter.Seq2[sdk.Line, error]) part {
	var p part
	d := newDecoder()
	for line, err := range lines {
		p.bytes += int64(len(line.Text)) + 1
		if err == nil {
			err = d.line(line, &p)
		}
		if err != nil {
			p.faults = append(p.faults, fault{line.Number, line.Ended, err})
		}
	}
	return p
}

// What is wrong with a line.
var (
	errNoJSON   = errors.New("not valid JSON")
	errNoObject = errors.New("not a JSON object")
)

// recordStart is how a record of a conversation begins. Within a text its quotes would be escaped.
var recordStart = []byte(`{"parentUuid":`)

// line decodes the objects of a line; there are several if an earlier writer left out the line end. Zero bytes before them
// are reserved space. A whole record may follow a torn object, or zero bytes that a crash left.
func (d *decoder) line(line sdk.Line, p *part) error {
	if start := bytes.IndexFunc(line.Text, func(r rune) bool { return r != 0 }); start > 0 {
		line.Text, line.Offset = line.Text[start:], line.Offset+int64(start)
	}
	torn, err := d.objects(line, p)
	if err != errNoJSON {
		return err
	}
	if next := bytes.Index(line.Text[torn+1:], recordStart); next >= 0 {
		next += torn + 1
		line.Text, line.Offset = line.Text[next:], line.Offset+int64(next)
		_, _ = d.objects(line, p) // what is torn there, too, is part of the fault
	}
	return err
}

// objects decodes the objects of a line up to the first that cannot be decoded, and returns where that one begins.
func (d *decoder) objects(line sdk.Line, p *part) (int, error) {
	for s := scan.New(line.Text); s.More(); {
		start := s.Offset()
		if s.Kind() != '{' {
			if s.Raw(); s.Failed() {
				return start, errNoJSON
			}
			return start, errNoObject
		}
		record, ok := d.decode(s, line.Number, line.Offset)
		if !ok {
			return start, errNoJSON
		}
		p.records = append(p.records, record)
	}
	return 0, nil
}

func (r *reader) add(record *record) {
	r.emitter.Records(1)
	if record.uuid != "" {
		if r.seen[record.uuid] {
			r.emitter.Ignore("repeated record", 1)
			return
		}
		r.seen[record.uuid] = true
	}
	r.take(record)
}

// bad accounts for a fault. A last line that is still being written is ignored, not rejected.
func (r *reader) bad(f fault) error {
	r.emitter.Records(1)
	if !f.ended && errors.Is(f.cause, errNoJSON) {
		r.emitter.Ignore("half-written last line", 1)
		return nil
	}
	return r.emitter.Reject(sdk.Reject{File: r.file.Name, Line: f.line, Cause: f.cause.Error()})
}
