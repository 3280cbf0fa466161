package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
)

func TestARunSaysWhatIsNotRedactedOrChecked(t *testing.T) {
	filter := func(typ, plugin string) *plan.Filter {
		return &plan.Filter{Block: plan.Block{Kind: "filter", Type: typ, Name: "default", Plugin: plugin}}
	}
	for _, test := range []struct {
		filters []*plan.Filter
		want    string
	}{
		{nil, "NOTHING IS REDACTED: the pipeline says redact = false, so secrets and personal data in the logs reach the outputs"},
		{[]*plan.Filter{filter("redact", "redact")}, ""},
		{[]*plan.Filter{filter("redact", "mine")}, "THE OUTPUTS ARE NOT CHECKED: filter.redact.default of plugin mine replaces the built-in redaction"},
		{[]*plan.Filter{filter("redact", "mine"), filter("redact", "redact")}, ""},
	} {
		var said bytes.Buffer
		(&app{stderr: &said}).announce(&plan.Plan{Filters: test.filters})
		_, rest, _ := bytes.Cut(said.Bytes(), []byte("\n"))
		require.Equal(t, test.want, string(bytes.TrimSpace(rest)))
	}
}
