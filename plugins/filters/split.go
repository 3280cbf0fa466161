package filters

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/ftprep/ftprep/sdk"
)

type splitOptions struct {
	Eval float64 `option:"eval" doc:"The share of the dataset that is kept aside to evaluate a training, split \"eval\"." default:"0.05" min:"0" max:"1"`
	Test float64 `option:"test" doc:"The share that is kept aside to test a model with, split \"test\"." default:"0" min:"0" max:"1"`
	By   string  `option:"by" doc:"What stays together: conversation, all of one with its forks, of logs without conversations each request, of journals each journal; example, each example on its own." default:"conversation" one_of:"conversation,example"`
	Seed string  `option:"seed" doc:"Any text; another one makes another choice."`
}

// split says for each example whether it is there to train on. Shares are met on average only: a hash decides, so that
// what was kept aside once stays aside, whatever the logs hold besides.
type split struct{ splitOptions }

func newSplit(_ sdk.Setup, o splitOptions) (sdk.Filter, error) {
	if o.Eval+o.Test >= 1 {
		return nil, &sdk.OptionError{Option: "eval", Reason: "with test it leaves nothing to train on; the shares are parts of 1, such as 0.05"}
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

// together names what an example must not be parted from. One without an opening is a part of a text.
func (s split) together(e *sdk.Example) string {
	if s.By == "example" {
		return alone(e)
	}
	return cmp.Or(e.Identity.Conversation, e.Provenance.Session, e.Identity.Opening, e.SourceFile, e.ID)
}

// alone names an example, and what else goes on from its opening.
func alone(e *sdk.Example) string { return cmp.Or(e.Identity.Opening, e.ID) }

// position is where a name lies between 0 and 1, evenly spread.
func position(seed, name string) float64 {
	sum := sha256.Sum256([]byte(seed + "\x00" + name))
	return float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
}
