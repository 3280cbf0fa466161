package load

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// passable are the summaries of syntax errors after which the parser goes on with the next line as if nothing had happened.
var passable = []string{"Attribute redefined", "Invalid character", "Invalid expression"}

// syntaxProblems sorts the parser's errors and reports whether the whole file could be parsed. After an error that is
// not passable the parser guesses, so what it says about later lines is left out.
func syntaxProblems(diags hcl.Diagnostics) (problems hcl.Diagnostics, intact bool) {
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int { return cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte) })
	lastLine := 0
	for _, diag := range diags {
		line := diag.Subject.Start.Line
		if line != lastLine { // of several errors in a line the first is the cause
			problems = append(problems, diag)
		}
		if !slices.Contains(passable, diag.Summary) {
			return problems, false
		}
		lastLine = line
	}
	return problems, true
}
