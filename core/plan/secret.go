package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ftprep/ftprep/sdk"
)

// unshown marks a diagnostic, as its Extra, whose lines may hold a secret.
type unshown struct{}

// Show writes diagnostics for people, with the lines that they are about unless these may hold a secret. width is that of
// the terminal.
func Show(w io.Writer, files map[string]*hcl.File, diags hcl.Diagnostics, width uint, color bool) error {
	for _, diag := range diags {
		var text bytes.Buffer
		shown := files
		if diag.Extra == (unshown{}) {
			shown = nil
		}
		if err := hcl.NewDiagnosticTextWriter(&text, shown, width, color).WriteDiagnostic(diag); err != nil {
			return err
		}
		said := text.Bytes()
		if shown == nil {
			said = bytes.Replace(said, []byte("(source code not available)"), []byte("(not shown because it is secret)"), 1)
		}
		if _, err := w.Write(said); err != nil {
			return err
		}
	}
	return nil
}

// shielded evaluates something secret. Its problems are reported without its value, its lines and the values in it.
func (s *scope) shielded(evaluate func(*scope)) {
	shielded := *s
	shielded.secret, shielded.problems = true, &problems{}
	evaluate(&shielded)
	for _, diag := range shielded.problems.list {
		diag.Extra, diag.Expression, diag.EvalContext = unshown{}, nil, nil
	}
	s.problems.extend(shielded.problems.list)
}

// secretOptions returns the options of a secret block, where every option is secret.
func secretOptions(options []sdk.Option) []sdk.Option {
	options = slices.Clone(options)
	for i := range options {
		options[i].Secret = true
	}
	return options
}

// hidePath replaces an error about a secret option by one without the path.
func hidePath(option sdk.Option, err error) error {
	if err != nil && option.Secret {
		return errors.New("the file or folder that it names was not found")
	}
	return err
}

// withhold removes values from the diagnostics of a secret expression.
func withhold(diags hcl.Diagnostics, expr hcl.Expression) hcl.Diagnostics {
	for _, diag := range diags {
		if _, unknown := hcl.DiagnosticExtra[hclsyntax.FunctionCallUnknownDiagExtra](diag); unknown {
			continue
		}
		what := "The expression"
		if call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](diag); ok {
			if namesItsCause(call, expr) {
				continue
			}
			what = fmt.Sprintf("The function %q", call.CalledFunctionName())
		}
		diag.Detail = what + " could not be evaluated. Details are not shown because the value is secret."
	}
	return diags
}

// variableFault matches an error of [envFunction] about a name that looks like that of a variable.
var variableFault = regexp.MustCompile(`^"[A-Z_][A-Z0-9_]*" `)

// namesItsCause reports whether the error of a failed call may be shown, because all that it names is a variable or a file
// that cannot be read. A name that comes from another expression, or that does not look like that of a variable, may be the
// secret itself, written where its name belongs.
func namesItsCause(call hclsyntax.FunctionCallDiagExtra, expr hcl.Expression) bool {
	for _, traversal := range expr.Variables() {
		if traversal.RootName() != "path" {
			return false
		}
	}
	err := call.FunctionCallError()
	switch call.CalledFunctionName() {
	case "env":
		return err != nil && variableFault.MatchString(err.Error())
	case "file":
		return true
	}
	return false
}
