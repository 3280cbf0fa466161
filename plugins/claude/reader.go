package claude

import (
	"bytes"
	"context"
	"errors"
	"unicode/utf8"

	"github.com/ftprep/ftprep/sdk"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/tidwall/gjson"
)

// A reader reads the files of a unit.
type reader struct {
	emitter  *sdk.Emitter
	seen     map[string]bool // uuids
	progress int             // bytes read since it was last told
}

// read reads a file's records and leaves out those seen before. It accounts for every record that it does not return.
func (r *reader) read(ctx context.Context, file sdk.File) ([]*record, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var records []*record
	for line, err := range sdk.Lines(f) {
		if err != nil && !errors.Is(err, sdk.ErrLongLine) {
			return records, err
		}
		if err == nil {
			err = eachObject(line.Text, func(object []byte) { records = r.add(records, decode(object, line.Number)) })
		}
		if err != nil {
			err = r.bad(file, line, err)
		}
		if err := errors.Join(err, r.tell(ctx, len(line.Text))); err != nil {
			return records, err
		}
	}
	return records, r.emitter.Progress(int64(r.progress))
}

func (r *reader) add(records []*record, record *record) []*record {
	r.emitter.Records(1)
	if record.uuid != "" {
		if r.seen[record.uuid] {
			r.emitter.Ignore("repeated record", 1)
			return records
		}
		r.seen[record.uuid] = true
	}
	return append(records, record)
}

// bad accounts for a line, or the rest of one, that cannot be read. A last line that is still being written is no fault.
func (r *reader) bad(file sdk.File, line sdk.Line, cause error) error {
	r.emitter.Records(1)
	if !line.Ended && errors.Is(cause, errNoJSON) {
		r.emitter.Ignore("half-written last line", 1)
		return nil
	}
	return r.emitter.Reject(sdk.Reject{File: file.Name, Line: line.Number, Cause: cause.Error()})
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

// What is wrong with a line.
var (
	errNoJSON   = errors.New("not valid JSON")
	errNoObject = errors.New("not a JSON object")
)

// maxNesting bounds the brackets of a line that may go through gjson, which recurses without a limit.
const maxNesting = 10_000

// eachObject calls do for each JSON object of a line. There are several where an earlier writer left no line end.
func eachObject(line []byte, do func([]byte)) error {
	line = bytes.TrimSpace(line)
	if !utf8.Valid(line) {
		line = bytes.ToValidUTF8(line, []byte("\ufffd"))
	}
	if len(line) == 0 {
		return nil
	}
	shallow := bytes.Count(line, []byte("{"))+bytes.Count(line, []byte("[")) < maxNesting
	if line[0] == '{' && shallow && gjson.ValidBytes(line) {
		do(line)
		return nil
	}
	decoder := jsontext.NewDecoder(bytes.NewReader(line), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for decoder.InputOffset() < int64(len(line)) {
		value, err := decoder.ReadValue()
		if err != nil {
			return errNoJSON
		}
		if value.Kind() != '{' {
			return errNoObject
		}
		do(value)
	}
	return nil
}
