// Command ftprep-plugin-codex is a plugin with a source for the sessions of another agent, the Codex CLI: the rollout
// files in ~/.codex/sessions.
package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

var plugin = sdk.Plugin{
	Name: "codex", Version: "1.0.0", Doc: "Reads sessions of the Codex CLI.",
	Steps: []sdk.Step{sdk.NewSource("codex", "Reads rollout files, a turn an example.", newSource)},
}

func main() { sdk.Serve(plugin) }

type options struct {
	Thinking bool `option:"thinking" doc:"Keep the summaries of the model's reasoning." default:"true"`
}

type source struct{ options }

func newSource(_ sdk.Setup, o options) (sdk.Source, error) { return source{o}, nil }

// Units returns a unit for each rollout file.
func (source) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	return sdk.ListUnits(paths, func(base string) bool {
		return strings.HasPrefix(base, "rollout-") && filepath.Ext(base) == ".jsonl"
	})
}

// Read reads one rollout file, which has one record on each line.
func (s source) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	file, err := unit.Files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	session := &session{source: s, emitter: emitter}
	for line, err := range sdk.Lines(file) {
		if err == nil {
			err = session.line(line)
		} else if errors.Is(err, sdk.ErrLongLine) {
			err = emitter.Reject(sdk.Reject{Line: line.Number, Cause: err.Error()})
		}
		if err != nil {
			return err
		}
		if err := emitter.Progress(int64(len(line.Text)) + 1); err != nil {
			return err
		}
	}
	return session.end()
}
