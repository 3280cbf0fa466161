package discord

import (
	"bytes"
	"fmt"

	"github.com/ftprep/ftprep/sdk"
)

// maxOpen is how many requests at most wait for their last records at the same time: enough for any interleaving, and few
// enough to read a log of any size.
const maxOpen = 256

// A joiner puts the records of each request together and emits the turns in the order of their requests.
type joiner struct {
	emitter   *sdk.Emitter
	negatives bool
	open      []*turn // in the order of their requests
	byID      map[string]*turn
}

func newJoiner(emitter *sdk.Emitter, negatives bool) *joiner {
	return &joiner{emitter: emitter, negatives: negatives, byID: map[string]*turn{}}
}

// line takes the next line, or the error that it is too long.
func (j *joiner) line(line sdk.Line, err error) error {
	text := bytes.TrimSpace(line.Text)
	if err == nil && len(text) == 0 {
		return nil
	}
	j.emitter.Records(1)
	var r record
	if err == nil {
		r, err = parse(text)
	}
	if err != nil {
		if t := j.byID[string(r.RequestID)]; t != nil && r.Type == "tool_call" {
			t.broken = true
		}
		cause := err.Error()
		if !line.Ended {
			cause = "the last line is half-written: " + cause
		}
		return j.emitter.Reject(sdk.Reject{Line: line.Number, Cause: cause})
	}
	r.line = line.Number
	return j.add(r)
}

func (j *joiner) add(r record) error {
	if r.Type == "request" {
		return j.begin(r)
	}
	if !known[r.Type] {
		j.emitter.Ignore(fmt.Sprintf("unknown record type %.40q", r.Type), 1)
		return nil
	}
	t := j.byID[string(r.RequestID)]
	if t == nil {
		j.emitter.Ignore(string(r.Type)+" without its request", 1)
		return nil
	}
	t.records = append(t.records, &r)
	return nil
}

// begin opens a turn. An earlier one with the same id gets no more records.
func (j *joiner) begin(r record) error {
	t := &turn{request: r}
	j.byID[string(r.RequestID)] = t
	j.open = append(j.open, t)
	if len(j.open) <= maxOpen {
		return nil
	}
	first := j.open[0]
	j.open = j.open[1:]
	return j.finish(first)
}

func (j *joiner) close() error {
	for _, t := range j.open {
		if err := j.finish(t); err != nil {
			return err
		}
	}
	return nil
}

func (j *joiner) finish(t *turn) error {
	if id := string(t.request.RequestID); j.byID[id] == t {
		delete(j.byID, id)
	}
	if kind := t.worthless(); kind != "" {
		j.emitter.Ignore(kind, t.size())
		return nil
	}
	return j.emitter.Example(t.example(j.negatives))
}
