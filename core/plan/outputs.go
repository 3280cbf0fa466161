package plan

import (
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// outputOptions returns the options of output blocks that the host owns.
func outputOptions() []sdk.Option {
	var types []string
	for _, t := range sdk.Types() {
		types = append(types, string(t))
	}
	return append([]sdk.Option{
		{Name: "path", Type: sdk.OptionString, Required: true, Doc: "The file to write; its ending says how rows are kept: .jsonl, .jsonl.gz, .jsonl.zst or .parquet. With a slash at the end, the folder to write to."},
		{Name: "sources", Type: sdk.OptionList, Doc: "Write only examples from these sources, such as [source.claude.sessions]."},
		{Name: "types", Type: sdk.OptionList, OneOf: types, Doc: "Write only examples of these types."},
	}, shapingOptions()...)
}

// planOutputs checks every output block and returns whether all outputs that the command line names exist.
func (p *planner) planOutputs() (all []*Output, sound bool) {
	for _, declared := range p.file.Outputs {
		all = append(all, p.output(declared))
	}
	return all, p.checkChoice("output", p.invocation.Outputs, addressesOf(all))
}

func (p *planner) output(declared *load.Block) *Output {
	before := p.problems.errors()
	block, body := p.block(declared, outputOptions())
	output := &Output{Block: block}
	body.read("types", &output.Types)
	p.shaping(output, body)
	if attr := declared.Attribute("sources"); body.values["sources"] != nil {
		output.Sources = p.scope.addressList(attr, "source")
	}
	for _, name := range []string{"sources", "types"} {
		if string(body.values[name]) == "[]" {
			p.problems.add(body.ranges[name], "Empty list", "Nothing would go into %s. Omit %s to write all examples.", output.Address(), name)
		}
	}
	var path string
	if body.read("path", &path) {
		output.Path = p.outputPath(declared, path, body.ranges["path"])
		output.Folder = strings.HasSuffix(filepath.ToSlash(path), "/")
	}
	output.sound = output.sound && p.problems.errors() == before
	return output
}

// outputPath resolves the path of an output and moves it where the experiment and the command line want it. It returns the
// empty string if it reported a problem.
func (p *planner) outputPath(declared *load.Block, written string, at hcl.Range) string {
	path, err := p.locate.absolute(written)
	if err != nil {
		p.problems.invalid(at, "path", err)
		return ""
	}
	if p.experiment.name != "" && followLinks(path) == followLinks(p.pathWithoutExperiment(declared)) {
		path = filepath.Join(filepath.Dir(path), p.experiment.name, filepath.Base(path))
	}
	return p.divert(path)
}

// pathWithoutExperiment returns the path of an output with the variables of no experiment. If an experiment's path leads
// elsewhere, the experiment has a path of its own.
func (p *planner) pathWithoutExperiment(declared *load.Block) string {
	written, _ := attribute[string](p.base, declared.Attribute("path"), sdk.OptionString)
	path, _ := p.locate.absolute(written)
	return path
}

// partial reports whether outputs go below partial/.
func (p *planner) partial() bool {
	settings := &p.invocation
	return settings.OutDir == "" && !settings.Unwritten && (settings.Sampled || len(settings.Sources) > 0)
}

// divert moves a path below --out-dir. A run that does not read everything must not replace a full dataset, so without
// --out-dir its paths go below partial/ in the pipeline's folder. A path in the pipeline's folder keeps its place relative
// to that, any other keeps its whole path.
func (p *planner) divert(path string) string {
	dir := p.invocation.OutDir
	switch {
	case p.partial():
		dir = filepath.Join(p.file.Dir, "partial")
	case dir == "":
		return path
	case !filepath.IsAbs(dir):
		dir = filepath.Join(p.invocation.Cwd, dir)
	}
	relative, err := filepath.Rel(p.file.Dir, path)
	if err != nil || !filepath.IsLocal(relative) {
		relative = strings.TrimPrefix(path, filepath.VolumeName(path))
	}
	return filepath.Join(dir, relative)
}
