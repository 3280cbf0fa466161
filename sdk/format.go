package sdk

import (
	"context"
	"fmt"
	"strings"
)

// A Format encodes examples as a trainer reads them.
type Format interface {
	// Encode returns the rows that one example makes: 1..n JSON objects without line ends, which the host frames and
	// writes; or, for a [Framer] that says [FramingBytes], pieces of its file. An example that the format cannot hold is
	// refused by returning [Refuse]; one without rows counts as refused, too. Any other error ends the run. Examples
	// arrive in their final order, one at a time, shaped by the host as the output block asks and as [Holds] says. The rows
	// are the caller's afterwards: their memory cannot serve for the next ones.
	Encode(ctx context.Context, example *Example) (rows [][]byte, err error)
}

// Holds says what a format can hold. What it cannot, the host converts or refuses before Encode sees the example.
type Holds struct {
	Tools         bool // calls, each with its result but for those that end the example
	Results       bool // tool results; without it they are left out
	Thinking      bool // without it thinking is left out
	ParallelCalls bool // several calls in one message; without it each goes into a message of its own
	Turns         bool // more than one user message; without it such an example is refused
	Masks         bool // messages that are shown but not trained; without it such an example is refused
	Context       bool // context and game state apart; without it the host puts them before the first user message
	Negatives     bool // what not to do, beside Details; without both such an example is refused, for the format could only imitate it

	// What a row is made of: set at most one of these. Without any it is a conversation, in which all of the model's messages
	// are trained but for masked ones.

	Details     bool // chains, corrections and what not to do as they are; without it the host writes them as a conversation
	LastOnly    bool // only the last message of a row is trained: the host makes an example of each that is to be trained
	Preferences bool // pairs, and nothing else: the host makes examples with a rejected message of what the log holds
	Judgements  bool // judged messages, and nothing else: the host makes examples, each good or not, of what the log holds
}

// check reports that several fields are set of which only one can be.
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

// Framing says who makes the file.
type Framing string

// The framings.
const (
	FramingRows  Framing = "rows"  // the format gives JSON objects; the host makes JSONL of them
	FramingBytes Framing = "bytes" // the format gives pieces of a file of its own making
)

// A Framer is a format that does not always give [FramingRows]. It is asked once, when the format is open.
type Framer interface{ Framing() Framing }

// A Holder is a format whose options decide what it holds: it is asked when the format is open, and what the description
// says no longer counts.
type Holder interface{ Holds() Holds }

// A Filer is a format that wants a certain name for its file where the output's path is a folder, below which it is, with
// slashes; empty: data.jsonl. It is asked once, when the format is open.
type Filer interface{ File() string }

// A Decoder is a format that reads rows back, its own or somebody else's, to check them.
type Decoder interface {
	// Decode returns the example that a row holds, nil where it holds none, and what is wrong with the row for its
	// reader, a phrase each. What can be told from the example alone, such as a call without a result, the host finds. Rows
	// come one at a time, without Begin before them.
	Decode(row []byte) (example *Example, problems []string)
}

// A Beginner is a format that wants to know what is coming before the first example.
type Beginner interface {
	// Begin is called once, before Encode, also where no example follows.
	Begin(ctx context.Context, dataset Dataset) error
}

// A Dataset is what a format learns before the first example.
type Dataset struct {
	// Tools are all that examples call: those that the pipeline declares, then others that the logs define or that were
	// called, with schemas learned from the calls. [Toolset.Definition] finds one. Nil where there is none.
	Tools  *Toolset
	Splits []string // of the examples that the output selects, in order; empty where none has one
}

// A Finisher is a format with companion files, such as a training configuration.
type Finisher interface {
	// Finish is called once, after Encode. It gets the files that the host wrote, by name, and returns files to write beside
	// them.
	Finish(ctx context.Context, written []WrittenFile) ([]Companion, error)
}

// A WrittenFile is an output file of a run.
type WrittenFile struct {
	Name  string // base name
	Rows  int
	Split string // whose rows it has; empty: those to train on
}

// A Companion is a small file beside an output.
type Companion struct {
	Name    string // base name
	Content []byte
	// Shared says that the file is a list that several outputs share, such as one of data sets: Content is a JSON object, of
	// which each member is put into the object that the file holds. Other members stay, whoever wrote them.
	Shared bool
}

// Refuse makes the error by which a format refuses an example. The reason is a short phrase, the same for every
// example refused for it; reports count by it. Where the error is wrapped, the reason alone is told.
func Refuse(reason string) error { return &refusal{reason} }

type refusal struct{ reason string }

func (r *refusal) Error() string { return "refused: " + r.reason }

// NewFormat describes a format; O is as in [NewSource].
func NewFormat[O any](typ, doc string, holds Holds, open func(Setup, O) (Format, error)) Step {
	step := newStep(KindFormat, typ, doc, open)
	step.Holds = holds
	return step
}
