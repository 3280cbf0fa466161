package ftprep

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/plugins/claude"
	"github.com/ftprep/ftprep/plugins/discord"
	"github.com/ftprep/ftprep/plugins/filters"
	"github.com/ftprep/ftprep/plugins/formats"
	"github.com/ftprep/ftprep/plugins/journal"
	"github.com/ftprep/ftprep/plugins/redact"
	"github.com/ftprep/ftprep/sdk"
)

// TestOptionsOfFormatsAreDocumented compares the table of options with what the formats say of themselves.
func TestOptionsOfFormatsAreDocumented(t *testing.T) {
	var described, documented []string
	for _, step := range formats.Plugin.Steps {
		if step.Kind != sdk.KindFormat {
			continue
		}
		for _, option := range step.Options {
			described = append(described, option.Name+" of "+step.Type)
		}
	}
	for _, row := range optionRows(read(t, "docs/formats.md"), "of", "default", "does") {
		for _, option := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(row[0], -1) {
			for format := range strings.SplitSeq(row[1], ", ") {
				documented = append(documented, option[1]+" of "+format)
			}
		}
	}
	require.ElementsMatch(t, described, documented)
}

// TestOptionsOfSourcesAreDocumented does likewise, and compares the defaults.
func TestOptionsOfSourcesAreDocumented(t *testing.T) {
	documented := map[string]string{}
	for _, row := range optionRows(read(t, "docs/sources.md"), "default", "does") {
		documented[strings.Trim(row[0], "`")] = strings.Trim(row[1], "`\"")
	}
	described := map[string]string{}
	for _, step := range slices.Concat(claude.Plugin.Steps, discord.Plugin.Steps, formats.Plugin.Steps) {
		if step.Kind != sdk.KindSource {
			continue
		}
		for _, option := range step.Options {
			described[option.Name] = option.Default
		}
	}
	described["projects"], described["except_projects"] = "all", "none" // where none is given
	require.Equal(t, described, documented)
}

// TestOptionsOfFiltersAreDocumented finds every option on the page: in a table as `name`, or in a block.
func TestOptionsOfFiltersAreDocumented(t *testing.T) {
	page := read(t, "docs/filters.md")
	var named func(step string, options []sdk.Option)
	named = func(step string, options []sdk.Option) {
		for _, option := range options {
			require.Regexp(t, "`"+option.Name+"`|\\b"+option.Name+"\\b *(=|\\{)|also.*\\b"+option.Name+"\\b", page, step)
			named(step, option.Options)
		}
	}
	for _, step := range slices.Concat(filters.Plugin.Steps, redact.Plugin.Steps) {
		named(step.Type, step.Options)
	}
}

// TestStepsAreNamed: the README names every built-in source, filter and format.
func TestStepsAreNamed(t *testing.T) {
	lists := map[string]string{}
	for line := range strings.Lines(read(t, "README.md")) {
		if kind, list, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok {
			lists[kind] = list
		}
	}
	for _, plugin := range []sdk.Plugin{journal.Plugin, claude.Plugin, discord.Plugin, redact.Plugin, filters.Plugin, formats.Plugin} {
		for _, step := range plugin.Steps {
			kind := map[sdk.Kind]string{sdk.KindSource: "sources", sdk.KindFilter: "filters", sdk.KindFormat: "formats"}[step.Kind]
			require.Contains(t, lists[kind], "`"+step.Type+"`")
		}
	}
}

// optionRows are the rows of a page's tables of options whose further columns have these names.
func optionRows(page string, columns ...string) [][]string {
	var rows [][]string
	head := "| option | " + strings.Join(columns, " | ") + " |\n"
	inside := false
	for line := range strings.Lines(page) {
		inside = line == head || inside && strings.HasPrefix(line, "|")
		if inside && strings.HasPrefix(line, "| `") {
			cells := strings.Split(strings.Trim(line, "| \n"), " | ")
			rows = append(rows, cells)
		}
	}
	return rows
}
