package main

import (
	"bufio"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
)

// problem is a diagnostic as JSON.
type problem struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

func newProblems(diagnostics hcl.Diagnostics) []problem {
	all := []problem{}
	for _, d := range diagnostics {
		p := problem{Severity: "error", Summary: d.Summary, Detail: d.Detail}
		if d.Severity == hcl.DiagWarning {
			p.Severity = "warning"
		}
		if d.Subject != nil {
			p.File, p.Line, p.Column = d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column
		}
		all = append(all, p)
	}
	return all
}

// complain prints the diagnostics of a pipeline for people. It returns an error, which ends the command, if there are errors among
// them.
func (a *app) complain(pipeline *load.Pipeline, diagnostics hcl.Diagnostics) error {
	if len(diagnostics) == 0 {
		return nil
	}
	buffer := bufio.NewWriter(a.stderr)
	width, color := uint(a.width()), a.watched() && a.getenv("NO_COLOR") == ""
	if err := errors.Join(plan.Show(buffer, printableFiles(pipeline.Files), visibleDiagnostics(diagnostics), width, color), buffer.Flush()); err != nil {
		return fmt.Errorf("print the problems: %w", err)
	}
	return problemsError(pipeline, diagnostics)
}

// visibleDiagnostics makes the text of diagnostics visible, because some of it comes from plugins.
func visibleDiagnostics(diagnostics hcl.Diagnostics) hcl.Diagnostics {
	var all hcl.Diagnostics
	for _, d := range diagnostics {
		shown := *d
		shown.Summary, shown.Detail = visible(d.Summary, "\n\t"), visible(d.Detail, "\n\t")
		all = append(all, &shown)
	}
	return all
}

// printableFiles returns the files with every byte printable and at its place.
func printableFiles(files map[string]*hcl.File) map[string]*hcl.File {
	all := map[string]*hcl.File{}
	for name, file := range files {
		shown := *file
		shown.Bytes = printableBytes(file.Bytes, "\n\t")
		all[name] = &shown
	}
	return all
}

// problemsError returns nil if there are only warnings.
func problemsError(pipeline *load.Pipeline, diagnostics hcl.Diagnostics) error {
	errs := 0
	code := exitUsage
	var files []string // none for mistakes on the command line
	for _, d := range diagnostics {
		if d.Severity == hcl.DiagError {
			errs++
			if d.Subject != nil && !slices.Contains(files, d.Subject.Filename) {
				files = append(files, d.Subject.Filename)
			}
		}
		if fault, ok := d.Extra.(error); ok && errors.As(fault, new(*host.Error)) {
			code = exitPlugin
		}
	}
	if errs == 0 {
		return nil
	}
	where := ""
	if len(files) > 0 {
		where = " in " + strings.Join(files, " and ")
	}
	err := fmt.Errorf("%s%s, so nothing was done", count(errs, "problem"), where)
	return &codeError{code: code, err: err, problems: newProblems(diagnostics)}
}
