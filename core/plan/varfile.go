package plan

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ftprep/ftprep/core/load"
)

// varFile adds the variables that a file sets as NAME = VALUE. The file is added to those of the pipeline, so that its
// lines can be shown.
func (p *planner) varFile(path string, into map[string]given) {
	place := path
	if !filepath.IsAbs(place) {
		place = filepath.Join(p.invocation.Cwd, path)
	}
	src, err := os.ReadFile(place)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.problems.add(nowhere, "Variable file not found", "--var-file: %s does not exist.", path)
		return
	case err != nil:
		p.problems.add(nowhere, "Variable file not read", "--var-file: %v.", err)
		return
	}
	file, diags := load.Parse(path, src)
	p.file.Files[path] = file
	p.problems.extend(diags)
	if diags.HasErrors() {
		return
	}
	attributes, diags := file.Body.JustAttributes()
	p.problems.extend(diags)
	for name, attr := range attributes {
		if !p.checkDeclared(name, attr.NameRange, "The variable file") {
			continue
		}
		if value, ok := p.constants().evaluate(attr.Expr); ok {
			into[name] = given{value: value, at: attr.Expr.Range(), origin: "the variable file"}
		}
	}
}
