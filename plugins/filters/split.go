package filters

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/ftprep/ftprep/sdk"
)

type splitOptions struct {
	Eval float64 `option:"eval" doc:"The share of the dataset that is set aside to evaluate a training while it runs: the split \"eval\"." default:"0.05" min:"0" max:"1"`
	Test float64 `option:"test" doc:"The share that is set aside to test a model: the split \"test\"." default:"0" min:"0" max:"1"`
	By   string  `option:"by" doc:"What stays together. conversation: a session with its sub-agents, resumptions and forks; in a log without sessions, a request; a journal. example: each example goes its own way." default:"conversation" one_of:"conversation,example"`
	Seed string  `option:"seed" doc:"Any text. Another seed makes another choice."`
}

// split decides for each example whether it is there to train on. The shares are met only on average: a hash decides, so
// that what was once kept aside stays aside, whatever else the logs hold.
type split struct{ splitOptions }

func newSplit(_ sdk.Setup, o splitOptions) (sdk.Filter, error) {
	if o.Eval+o.Test >= 1 {
		return nil, &sdk.OptionError{Option: "eval", Reason: "together with test, it leaves nothing to train on; write shares as parts of 1, such as 0.05"}
	}
	return split{o}, nil
}

func (s split) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	name := sdk.SplitTrain
	switch at := position(s.Seed, s.together(e)); {
	case at < s.Eval:
		name = sdk.SplitEval
	case at < s.Eval+s.Test:
		name = "test"
	}
	return sdk.Annotate(sdk.Annotation{Split: name}), nil
}

// together names the group of examples that must not be parted. An example without an opening is a part of a text and
// stays with the others of its file.
func (s split) together(e *sdk.Example) string {
	if s.By == "example" {
		return alone(e)
	}
	return cmp.Or(e.Identity.Conversation, e.Provenance.Session, e.Identity.Opening, e.SourceFile, e.ID)
}

// alone names an example together with all others that go on from the same opening.
func alone(e *sdk.Example) string { return cmp.Or(e.Identity.Opening, e.ID) }

// position maps a name to a number from 0 up to, but not including, 1; names are evenly spread.
func position(seed, name string) float64 {
	sum := sha256.Sum256([]byte(seed + "\x00" + name))
	return float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
}
