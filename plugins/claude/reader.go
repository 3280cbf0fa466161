package claude

import (
	"context"
	"errors"
	"io"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// A reader reads the records of a file.
type reader struct {
	file     sdk.File
	emitter  *sdk.Emitter
	take     func(*record)
	decoder  *decoder
	seen     map[string]bool // uuids
	progress int             // bytes read since it was last told
}

func newReader(file sdk.File, emitter *sdk.Emitter, take func(*record)) *reader {
	return &reader{file: file, emitter: emitter, take: take, decoder: newDecoder(), seen: map[string]bool{}}
}

// read takes every record but those seen before. It accounts for those that it does not take.
func (r *reader) read(ctx context.Context, file io.Reader) error {
	for line, err := range sdk.Lines(file) {
		if err != nil && !errors.Is(err, sdk.ErrLongLine) {
			return err
		}
		if err == nil {
			err = r.line(line)
		}
		if err != nil {
			err = r.bad(line, err)
		}
		if err := errors.Join(err, r.tell(ctx, len(line.Text))); err != nil {
			return err
		}
	}
	return r.emitter.Progress(int64(r.progress))
}

// What is wrong with a line.
var (
	errNoJSON   = errors.New("not valid JSON")
	errNoObject = errors.New("not a JSON object")
)

// line takes the objects of a line: several where an earlier writer left no line end.
func (r *reader) line(line sdk.Line) error {
	for s := scan.New(line.Text); s.More(); {
		if s.Kind() != '{' {
			if s.Raw(); s.Failed() {
				return errNoJSON
			}
			return errNoObject
		}
		record, ok := r.decoder.decode(s, line.Number, line.Offset)
		if !ok {
			return errNoJSON
		}
		r.add(record)
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

// bad accounts for a line, or the rest of one, that cannot be read. A last line that is still being written is no fault.
func (r *reader) bad(line sdk.Line, cause error) error {
	r.emitter.Records(1)
	if !line.Ended && errors.Is(cause, errNoJSON) {
		r.emitter.Ignore("half-written last line", 1)
		return nil
	}
	return r.emitter.Reject(sdk.Reject{File: r.file.Name, Line: line.Number, Cause: cause.Error()})
}

// tell tells the host now and then how far the reader is, and asks whether to go on.
func (r *reader) tell(ctx context.Context, bytes int) error {
	if r.progress += bytes; r.progress < 4<<20 {
		return nil
	}
	told := r.progress
	r.progress = 0
	return errors.Join(ctx.Err(), r.emitter.Progress(int64(told)))
}
