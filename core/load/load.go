// Package load reads pipeline.hcl into a [Pipeline]: blocks with their places in the file, their bodies undecoded.
//
// What a body means is known only when the plugins have described their steps; that is the plan package's part.
package load

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// FileName is the name of the pipeline's file in a folder.
const FileName = "pipeline.hcl"

// A Pipeline is what a pipeline file says.
type Pipeline struct {
	Filename string               // as the user named it; the file name in every range
	Dir      string               // absolute; relative paths start here
	Files    map[string]*hcl.File // for showing diagnostics with their source

	// Problems are those of the file itself. If it is intact, planning finds the rest.
	Problems hcl.Diagnostics
	Intact   bool // the file could be parsed to its end

	// Lost has the headers of blocks that are left out of the pipeline because of a problem with their header. A reference
	// to one of them is not a second problem.
	Lost []Header

	Blocks
}

// File reads the pipeline at a path: a file, or a folder that holds one called [FileName]. The error is about reading;
// what is wrong with the content is among the pipeline's problems.
func File(path string) (*Pipeline, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, FileName)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read pipeline: %w", err)
	}
	return Source(path, src)
}

// Source reads a pipeline from memory as though it were the content of a file.
func Source(filename string, src []byte) (*Pipeline, error) {
	absolute, err := filepath.Abs(filename)
	if err != nil {
		return nil, fmt.Errorf("locate pipeline: %w", err)
	}
	file, diags := Parse(filename, src)
	p := &Pipeline{
		Filename: filename,
		Dir:      filepath.Dir(absolute),
		Files:    map[string]*hcl.File{filename: file},
	}
	p.Problems, p.Intact = syntaxProblems(diags)
	if !p.Intact {
		return p, nil
	}
	p.Problems = append(p.Problems, gohcl.DecodeBody(file.Body, nil, &p.Blocks)...)
	p.setKinds()
	p.Problems = append(p.Problems, p.checkLabels()...)
	p.Lost = lostBlocks(file.Body.(*hclsyntax.Body))
	return p, nil
}

// Parse parses a file's text. It turns the line ends of Windows into plain ones, or they would get into texts of several
// lines.
func Parse(filename string, src []byte) (*hcl.File, hcl.Diagnostics) {
	return hclsyntax.ParseConfig(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), filename, hcl.InitialPos)
}

// Format lays out a pipeline's text as ftprep fmt does.
func Format(src []byte) []byte { return hclwrite.Format(src) }
