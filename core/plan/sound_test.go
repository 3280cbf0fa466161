package plan

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/load"
)

func namesOf(plugins []Plugin) []string {
	var names []string
	for _, plugin := range plugins {
		names = append(names, plugin.Name)
	}
	return names
}

// TestOfABrokenPipelineStaysWhatIsSound: the plugins of the sound blocks stay, too, so that they can say what they find
// wrong.
func TestOfABrokenPipelineStaysWhatIsSound(t *testing.T) {
	const text = `plugin "sharegpt" { path = "x" }
source "journal" "good" { path = path.pipeline }
source "claude" "bad" {
  path  = path.pipeline
  depth = 0
}
filter "dedup" "good" {}
filter "label" "idle" {}
filter "quality" "bad" { min_score = 2 }
filter "quality" "idlebad" { min_score = 2 }
pipeline { filters = [filter.dedup.good, filter.quality.bad] }
output "unified" "good" { path = "/out/a" }
output "sharegpt" "bad" {
  path     = "/out/b"
  max_trns = 3
}
`
	_, plan, diags := planText(t, text)
	require.True(t, diags.HasErrors())
	addresses := func(p *Plan) []string {
		var all []string
		for _, block := range p.blocks() {
			all = append(all, block.Address())
		}
		return all
	}
	require.Equal(t, []string{"source.journal.good", "filter.redact.default", "filter.dedup.good", "output.unified.good"}, addresses(plan))
	require.Equal(t, []string{"filters", "formats", "logs", "redact"}, namesOf(plan.Plugins))
	require.Equal(t, []string{"source.journal.good", "filter.redact.default", "filter.dedup.good", "filter.label.idle", "output.unified.good"}, addresses(plan.WithIdle()))
	require.Equal(t, []string{"source.journal.good", "filter.redact.default", "filter.dedup.good"}, addresses(plan.WithoutOutputs()))
	require.Equal(t, []string{"filters", "logs", "redact"}, namesOf(plan.WithoutOutputs().Plugins))
}

func TestIdleFiltersNeedPlugins(t *testing.T) {
	_, plan, diags := planText(t, `source "journal" "notes" { path = path.pipeline }
filter "dedup" "idle" {}
pipeline { filters = [] }
output "unified" "a" { path = "/out/a" }
`)
	require.False(t, diags.HasErrors())
	require.NotContains(t, namesOf(plan.Plugins), "filters")
	require.Contains(t, namesOf(plan.WithIdle().Plugins), "filters")
}

func TestGroupsCover(t *testing.T) {
	group := func(outputs ...string) Group { return Group{Outputs: outputs} }
	require.True(t, group("a", "b").Covers(group("b")))
	require.True(t, group("a", "b").Covers(group("b", "a")))
	require.True(t, group("a").Covers(group()))
	require.False(t, group("a").Covers(group("a", "b")))
	require.False(t, group("a").Covers(group("b")))
}

// TestTogether: a problem that only experiments have names them.
func TestTogether(t *testing.T) {
	problem := func(line int, text string) *hcl.Diagnostic {
		return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Wrong", Detail: text, Subject: &hcl.Range{Start: hcl.Pos{Line: line}}}
	}
	together := func(experiments []string, found ...hcl.Diagnostics) []string {
		var texts []string
		for _, diag := range Together(experiments, found) {
			texts = append(texts, diag.Detail)
		}
		return texts
	}
	all, base, some := problem(3, "all"), problem(2, "base"), problem(1, "some")
	require.Equal(t, []string{"in experiment b, c: some", "base", "all"}, together([]string{load.Base, "b", "c"},
		hcl.Diagnostics{all, base}, hcl.Diagnostics{all, some}, hcl.Diagnostics{some, all}))
	require.Equal(t, []string{"some", "all"}, together([]string{"b", "c"}, hcl.Diagnostics{all, some}, hcl.Diagnostics{all, some}))
	require.Equal(t, "some", some.Detail)
}
