package formats

import (
	"cmp"
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

type hfOptions struct {
	License string `option:"license" doc:"The dataset's licence, as the hub names it, such as cc-by-4.0, apache-2.0 or other. Without one, the card says that nobody may use the dataset." default:"unknown"`
	Title   string `option:"title" doc:"The name of the dataset on its card. Default: the folder's name."`
}

// hf writes a dataset for the Hugging Face hub: rows of plain columns, which every version of its library loads the same,
// and a card that says what is in them.
type hf struct {
	options hfOptions
	folder  bool // the output's path is one
	rows    shareGPT
	counts  hfCounts
}

// hfHolds is what fits into turns of a speaker and a text.
var hfHolds = llamaFactoryHolds

func newHF(setup sdk.Setup, o hfOptions) (sdk.Format, error) {
	path := outputPath(setup)
	o.Title = cmp.Or(o.Title, withoutExtensions(base(path)))
	f := &hf{options: o, folder: isFolder(path), rows: newShareGPT()}
	f.counts.clear()
	return f, nil
}

// base returns the last element of a path of any operating system.
func base(path string) string {
	path = strings.TrimRight(path, `/\`)
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

func (f *hf) File() string { return "data/train-00000-of-00001.parquet" }

func (f *hf) Begin(context.Context, sdk.Dataset) error {
	f.counts.clear()
	return nil
}

func (f *hf) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	w := f.rows.begin()
	w.member("id", e.ID)
	w.member("source", e.Source)
	w.member("example_type", string(e.Type))
	if err := f.rows.conversation(e.Messages); err != nil {
		return nil, err
	}
	rows, err := f.rows.finish(e)
	if err == nil {
		f.counts.add(e)
	}
	return rows, err
}

func (f *hf) Decode(row []byte) (*sdk.Example, []string) {
	top, p := parseShareGPT(row, false)
	if top == nil {
		return nil, p.problems
	}
	p.example.ID, p.example.Source = p.column(top, "id"), p.column(top, "source")
	p.example.Type = sdk.Type(p.column(top, "example_type"))
	return p.example, p.problems
}
