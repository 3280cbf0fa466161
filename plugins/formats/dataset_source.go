package formats

import (
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

const datasetDoc = `Reads a dataset that is there already: rows of messages (OpenAI, TRL, Axolotl, Mistral, ms-swift), of conversations (ShareGPT, LLaMA-Factory), of instructions (Alpaca) or of an agent's steps (ATIF), in *.jsonl, *.jsonl.gz, *.jsonl.zst and *.parquet, or in a .json file that is one list. ` +
	`A row's keys say which it is. Calls, results, reasoning, tools, weights and pairs of answers are kept; members that an example has no place for are counted in its provenance, and it is labelled partly_read.`

type datasetOptions struct {
	ThinkTags bool `option:"think_tags" doc:"What the model's words begin with between <think> and </think>, each on a line of its own and with an empty line behind, is its thinking; else it stays a part of the text." default:"true"`
}

func newDatasetSource(_ sdk.Setup, o datasetOptions) (sdk.Source, error) {
	reading := func() rowReading {
		tools := offers{}
		return func(row []byte) (*sdk.Example, error) { return readDatasetRow(row, o.ThinkTags, tools) }
	}
	return newRowSource(append(slices.Clone(lineEndings), tableEnding), reading, func(emitter *sdk.Emitter, l rowLine) error {
		l.example.Provenance.FirstLine, l.example.Provenance.LastLine = l.number, l.last
		return emitter.Example(l.example)
	}), nil
}
