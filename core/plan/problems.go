package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
)

// problems gathers diagnostics.
type problems struct{ list hcl.Diagnostics }

// nowhere is the range of problems outside files, such as on the command line.
var nowhere hcl.Range

// wholeFile is the range of problems of the pipeline as a whole.
func (p *planner) wholeFile() hcl.Range {
	return hcl.Range{Filename: p.file.Filename, Start: hcl.InitialPos, End: hcl.InitialPos}
}

// add reports an error.
func (p *problems) add(at hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	diag := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
	if at != nowhere {
		diag.Subject = &at
	}
	p.list = append(p.list, diag)
	return diag
}

// invalid reports an error about the value of an option, unless it is nil.
func (p *problems) invalid(at hcl.Range, option string, err error) {
	if err != nil {
		p.add(at, "Invalid value", "%q: %v.", option, err)
	}
}

func (p *problems) extend(diags hcl.Diagnostics) { p.list = append(p.list, diags...) }

// errors counts the diagnostics that are not warnings.
func (p *problems) errors() int {
	count := 0
	for _, diag := range p.list {
		if diag.Severity == hcl.DiagError {
			count++
		}
	}
	return count
}

// sorted returns the diagnostics sorted by position, those without one first. It leaves out duplicates, for an expression
// may be evaluated with and without an experiment.
func (p *problems) sorted() hcl.Diagnostics {
	sorted := slices.Clone(p.list)
	slices.SortStableFunc(sorted, compare)
	return slices.CompactFunc(sorted, func(a, b *hcl.Diagnostic) bool { return compare(a, b) == 0 })
}

// Together merges the diagnostics that a pipeline has with each of several experiments: each problem once, sorted by
// position. A problem that only some of the experiments have, and not the pipeline without an experiment, names them.
func Together(experiments []string, found []hcl.Diagnostics) hcl.Diagnostics {
	all := &problems{}
	for _, diags := range found {
		all.extend(diags)
	}
	together := all.sorted()
	for i, diag := range together {
		var in []string
		for j, diags := range found {
			if slices.ContainsFunc(diags, func(other *hcl.Diagnostic) bool { return compare(diag, other) == 0 }) {
				in = append(in, experiments[j])
			}
		}
		if len(in) == len(experiments) || slices.Contains(in, load.Base) {
			continue
		}
		marked := *diag
		marked.Detail = fmt.Sprintf("in experiment %s: %s", strings.Join(in, ", "), diag.Detail)
		together[i] = &marked
	}
	return together
}

func compare(a, b *hcl.Diagnostic) int {
	x, y := cmp.Or(a.Subject, &nowhere), cmp.Or(b.Subject, &nowhere)
	return cmp.Or(
		cmp.Compare(x.Filename, y.Filename),
		cmp.Compare(x.Start.Line, y.Start.Line),
		cmp.Compare(x.Start.Column, y.Start.Column),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Summary, b.Summary),
		cmp.Compare(a.Detail, b.Detail),
	)
}
