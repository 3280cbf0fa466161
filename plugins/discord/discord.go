package discord

import (
	"cmp"
	"context"
	"errors"
	"path"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

// Plugin offers the discord source.
var Plugin = sdk.Plugin{
	Name:    "discord",
	Version: "0.1.0",
	Doc:     "Reads the request logs of a Discord bot.",
	Steps: []sdk.Step{
		sdk.NewSource("discord", "Reads a bot's conversations_*.jsonl, also .gz and .zst: requests with their tool calls, responses and errors.", open),
	},
}

type options struct {
	Failures string `option:"failures" doc:"What becomes of a failed request: keep keeps the example, marked as failed; negative turns it into an example of what not to do." default:"keep" one_of:"keep,negative"`
}

type source struct {
	negatives bool // failed requests become negatives
}

func open(_ sdk.Setup, o options) (sdk.Source, error) {
	return &source{negatives: o.Failures == "negative"}, nil
}

// Units makes every log file a unit of its own: request ids are unique within a file only.
func (s *source) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	return sdk.ListUnits(paths, func(base string) bool {
		plain, _ := packed.SplitEnding(base)
		ok, _ := path.Match("conversations_*.jsonl", plain) // the pattern is well-formed
		return ok
	})
}

// Read reads one log file. What stands before a place that cannot be read is not lost.
func (s *source) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	file, err := packed.Open(unit.Files[0])
	if err != nil {
		return err
	}
	defer file.Close()
	joiner := newJoiner(emitter, s.negatives)
	for line, err := range sdk.Lines(file) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil && !errors.Is(err, sdk.ErrLongLine) {
			return cmp.Or(joiner.close(), err)
		}
		if err := joiner.line(line, err); err != nil {
			return err
		}
		if err := emitter.Progress(int64(len(line.Text) + 1)); err != nil {
			return err
		}
	}
	return joiner.close()
}
