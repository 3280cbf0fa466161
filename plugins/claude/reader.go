package claude

import (
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
	seen    map[string]bool // uuids
}

func newReader(file sdk.File, emitter *sdk.Emitter, take func(*record)) *reader {
	return &reader{file: file, emitter: emitter, take: take, seen: map[string]bool{}}
}

// read takes every record but those seen before. It accounts for those that it does not take.
func (r *reader) read(ctx context.Context, file io.Reader, decoder *sdk.LineDecoder[part]) error {
	return decoder.Read(ctx, file, func(p part) error {
		for _, record := range p.records {
			r.add(record)
		}
		for _, fault := range p.faults {
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

// line decodes the objects of a line: several where an earlier writer left no line end.
func (d *decoder) line(line sdk.Line, p *part) error {
	for s := scan.New(line.Text); s.More(); {
		if s.Kind() != '{' {
			if s.Raw(); s.Failed() {
				return errNoJSON
			}
			return errNoObject
		}
		record, ok := d.decode(s, line.Number, line.Offset)
		if !ok {
			return errNoJSON
		}
		p.records = append(p.records, record)
	}
	return nil
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

// bad accounts for a fault. A last line that is still being written is none.
func (r *reader) bad(f fault) error {
	r.emitter.Records(1)
	if !f.ended && errors.Is(f.cause, errNoJSON) {
		r.emitter.Ignore("half-written last line", 1)
		return nil
	}
	return r.emitter.Reject(sdk.Reject{File: r.file.Name, Line: f.line, Cause: f.cause.Error()})
}
