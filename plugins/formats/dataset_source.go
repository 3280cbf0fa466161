package formats

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

const datasetDoc = `Reads an existing dataset: rows of messages (OpenAI, TRL, Axolotl, Mistral, ms-swift), of conversations (ShareGPT, LLaMA-Factory), of instructions (Alpaca) or of an agent's steps (ATIF), in *.jsonl, *.jsonl.gz, *.jsonl.zst and *.parquet, or in a .json file that is one list. ` +
	`The keys of a row tell which it is. Calls, results, reasoning, tools, weights and pairs of answers are kept. Members that an example has no place for are counted in its provenance, and it is labelled partly_read.`

type datasetOptions struct {
	ThinkTags bool `option:"think_tags" doc:"Reads text between <think> and </think> at the beginning of the model's words as its thinking, if each tag is on a line of its own and an empty line follows. With false, it stays a part of the text." default:"true"`
}

func newDatasetSource(_ sdk.Setup, o datasetOptions) (sdk.Source, error) {
	reading := func() rowReading {
		tools := offers{}
		return func(row []byte) (*sdk.Example, error) { return readDatasetRow(row, o.ThinkTags, tools) }
	}
	return &datasetSource{newRowSource(append(slices.Clone(rowFileExtensions), tableExtension), reading, func(emitter *sdk.Emitter, l rowLine) error {
		l.example.Provenance.FirstLine, l.example.Provenance.LastLine = l.number, l.last
		return emitter.Example(l.example)
	})}, nil
}

type datasetSource struct{ *rowSource }

// Units makes every file a unit of its own. A folder with only other files is a mistake: unlike logs, a dataset is either
// there or not.
func (s *datasetSource) Units(ctx context.Context, paths []string) ([]sdk.Unit, error) {
	units, err := s.rowSource.Units(ctx, paths)
	if err != nil || len(units) > 0 {
		return units, err
	}
	if others, told := others(paths); others {
		return nil, fmt.Errorf("found no dataset in the path: in a folder, only files that end in %s are read%s", strings.Join(s.extensions, ", "), told)
	}
	return nil, nil
}

// others reports whether folders from which nothing is read hold any files, and describes them by their extensions.
func others(paths []string) (found bool, told string) {
	var extensions []string
	_, _ = sdk.ListFiles(paths, func(base string) bool { // what cannot be listed was reported before
		found = true
		if end := strings.ToLower(path.Ext(base)); end != "" && isWord(end[1:]) && !slices.Contains(extensions, end) {
			extensions = append(extensions, end)
		}
		return false
	})
	slices.Sort(extensions)
	if len(extensions) > 0 {
		told = "; it has " + strings.Join(extensions[:min(len(extensions), 5)], ", ")
	}
	if slices.Contains(extensions, ".json") {
		told += "; a .json file is read if the path names it, such as with *.json"
	}
	return found, told
}
