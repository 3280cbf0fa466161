package sdk

import (
	"context"
	"fmt"
	"strings"
)

// A Format encodes examples as rows that a trainer reads.
type Format interface {
	// Encode returns the rows for one example: one or more JSON objects without line ends, which the host frames and
	// writes; or, if the format is a [Framer] with [FramingBytes], pieces of its file. To refuse an example that the
	// format cannot hold, return the error made by [Refuse]. An example without rows counts as refused, too. Any other
	// error ends the run.
	//
	// Examples come in their final order, one at a time. The host has already shaped them as the output block asks and as
	// [Holds] says. The caller owns the rows afterwards: do not reuse their memory.
	Encode(ctx context.Context, example *Example) (rows [][]byte, err error)
}

// Holds says what a format can hold. Before Encode sees an example, the host converts what the format cannot hold, or
// refuses the example.
type Holds struct {
	Tools         bool // calls, each followed by its result unless the example ends with the calls
	Results       bool // results of calls; without it the host leaves them out
	Thinking      bool // the model's reasoning; without it the host leaves it out
	ParallelCalls bool // several calls in one message; without it the host puts each call into a message of its own
	Turns         bool // more than one user message; without it the host refuses such an example
	Masks         bool // messages that are shown but not trained on; without it the host refuses such an example
	Context       bool // context and game state as fields; without it the host puts them before the first user message
	Negatives     bool // what not to do, if Details is set too; else the host refuses such an example, for a model would imitate it

	// The rest says what a row is made of; at most one may be set. If none is set, a row is a conversation in which all
	// messages of the model are trained on, except masked ones.

	Details     bool // reasoning chains, corrections and anti-patterns as they are; without it the host writes them as conversations
	LastOnly    bool // only the last message of a row is trained on: the host makes one example for each message to train on
	Preferences bool // only pairs of a better and a worse message: the host makes examples with a Rejected message from what the log holds
	Judgements  bool // only judged messages: the host makes examples with Good set from what the log holds
}

// check returns an error if more than one of the fields is set of which only one may be.
func (h Holds) check() error {
	var rows []string
	for _, field := range []struct {
		name string
		set  bool
	}{{"details", h.Details}, {"last_only", h.LastOnly}, {"preferences", h.Preferences}, {"judgements", h.Judgements}} {
		if field.set {
			rows = append(rows, field.name)
		}
	}
	if len(rows) > 1 {
		return fmt.Errorf("the format says that it holds %s: only one of these makes sense", strings.Join(rows, " and "))
	}
	return nil
}

// A Framing says who makes the file.
type Framing string

// The framings.
const (
	FramingRows  Framing = "rows"  // the format returns JSON objects; the host writes JSONL, compressed or not, or Parquet, as the file's name says
	FramingBytes Framing = "bytes" // the format returns pieces of a file in a syntax of its own
)

// A Framer is a format whose framing is not always [FramingRows]. Framing is called once, when the format has been
// opened.
type Framer interface{ Framing() Framing }

// A Holder is a format whose options decide what it holds. Holds is called when the format has been opened; its result
// replaces what [NewFormat] was given.
type Holder interface{ Holds() Holds }

// A FileNamer is a format that names its file for outputs whose path is a folder. The name is relative to that folder,
// with slashes; if it is empty, it is data.jsonl. File is called once, when the format has been opened.
type FileNamer interface{ File() string }

// A Decoder is a format that can read rows back, its own or others', so that they can be checked.
type Decoder interface {
	// Decode returns the example that a row holds, or nil if it holds none, and what is wrong with the row for a program
	// that reads it, one phrase for each problem. The host itself finds problems that the example shows, such as a call
	// without a result. Rows come one at a time, and Begin is not called before them.
	Decode(row []byte) (example *Example, problems []string)
}

// A Beginner is a format that needs to know about the dataset before the first example.
type Beginner interface {
	// Begin is called once, before Encode, even if no example follows.
	Begin(ctx context.Context, dataset Dataset) error
}

// A Dataset is what a format learns before the first example.
type Dataset struct {
	// Tools holds all tools that the examples call: first those that the pipeline declares, then others that the logs
	// define or that were called, with schemas learned from the calls. [Toolset.Definition] finds one. It is nil if there
	// are no tools.
	Tools  *Toolset
	Splits []string // the splits of the examples that the output selects, sorted; empty if no example has one
}

// A Finisher is a format with companion files, such as a training configuration.
type Finisher interface {
	// Finish is called once, after the last Encode. It gets the files that the host wrote, sorted by split, and returns
	// files to write beside them.
	Finish(ctx context.Context, written []WrittenFile) ([]Companion, error)
}

// A WrittenFile is an output file of a run.
type WrittenFile struct {
	Name  string // base name
	Rows  int
	Split string // the split whose rows the file holds; empty if they are the rows to train on
}

// A Companion is a small file beside an output.
type Companion struct {
	Name    string // base name
	Content []byte
	// Shared says that several outputs share the file, such as a list of data sets. Content is then a JSON object. Each
	// of its members is put into the object that the file holds; other members of that object stay, whoever wrote them.
	Shared bool
}

// Refuse returns the error with which a format refuses an example. The reason is a short phrase, the same for all
// examples refused for it, by which reports count. The error may be wrapped, but only the reason is reported.
func Refuse(reason string) error { return &refusal{reason} }

type refusal struct{ reason string }

func (r *refusal) Error() string { return "refused: " + r.reason }

// NewFormat returns a step that is a format and can hold what holds says. The options O and the function open are as for
// [NewSource].
func NewFormat[O any](typ, doc string, holds Holds, open func(Setup, O) (Format, error)) Step {
	step := newStep(KindFormat, typ, doc, open)
	step.Holds = holds
	return step
}
