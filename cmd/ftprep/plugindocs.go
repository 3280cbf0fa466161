package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/sdk"
)

func (a *app) pluginDocsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "docs NAME [ARG...]", Short: "Write a plugin's manual as markdown",
		Long: "Write what a plugin says about itself as markdown, for its README. NAME is as for ftprep plugin describe.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.pluginDescribe(cmd.Context(), args, writeManual)
		},
	}
}

// writeManual writes the manual of a plugin as markdown.
func writeManual(w io.Writer, p sdk.Plugin) {
	fmt.Fprintf(w, "# %s %s\n\n%s\n", p.Name, p.Version, p.Doc)
	for _, step := range p.Steps {
		fmt.Fprintf(w, "\n## %s \"%s\"\n\n%s\n", step.Kind, step.Type, step.Doc)
		fmt.Fprintf(w, "\n```hcl\n%s```\n", sampleBlock(step))
		if len(step.Options) > 0 {
			fmt.Fprint(w, "\n| option | type | does |\n|---|---|---|\n")
			writeOptionRows(w, step.Options, "")
		}
	}
}

// sampleBlock returns a block with the options that a step requires.
func sampleBlock(step sdk.Step) string {
	lines := map[sdk.Kind]string{sdk.KindSource: "  path = \"logs\"\n", sdk.KindFormat: "  path = \"data/training.jsonl\"\n"}[step.Kind]
	for _, option := range step.Options {
		if option.Required {
			lines += fmt.Sprintf("  %s = %s\n", option.Name, sampleValue(option))
		}
	}
	if lines == "" {
		return fmt.Sprintf("%s %q \"mine\" {}\n", step.Kind, step.Type)
	}
	return fmt.Sprintf("%s %q \"mine\" {\n%s}\n", step.Kind, step.Type, lines)
}

func sampleValue(option sdk.Option) string {
	switch option.Type {
	case sdk.OptionInt, sdk.OptionNumber:
		if option.Min != nil {
			return fmt.Sprint(*option.Min)
		}
		return "1"
	case sdk.OptionBool:
		return "true"
	case sdk.OptionDuration:
		return `"10s"`
	case sdk.OptionList, sdk.OptionPaths:
		return `["..."]`
	case sdk.OptionMap:
		return `{ key = "..." }`
	}
	if len(option.OneOf) > 0 {
		return fmt.Sprintf("%q", option.OneOf[0])
	}
	return `"..."`
}

func writeOptionRows(w io.Writer, options []sdk.Option, prefix string) {
	for _, o := range options {
		fmt.Fprintf(w, "| `%s%s` | %s%s | %s |\n", prefix, o.Name, o.Type, escapeCell(optionFacts(o)), escapeCell(o.Doc))
		writeOptionRows(w, o.Options, prefix+o.Name+".")
	}
}

// escapeCell escapes text for a cell of a markdown table.
func escapeCell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}
