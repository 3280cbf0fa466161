package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/process"
)

func (a *app) pluginDescribeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "describe NAME [ARG...]", Short: "Show a plugin's steps and their options",
		Long: "Show the steps of a plugin and their options. NAME is a built-in plugin, the path of a binary, the NAME of an\n" +
			"ftprep-plugin-NAME on $PATH, or a program on $PATH with its arguments.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.pluginDescribe(cmd.Context(), args, writeDescription)
		},
	}
}

// describedPlugin is the result of plugin describe and plugin docs as JSON.
type describedPlugin struct {
	Version int `json:"version"`
	description
}

// description is a plugin as JSON.
type description struct {
	Name    string          `json:"name"`
	Release string          `json:"release"`
	Doc     string          `json:"doc"`
	Steps   []describedStep `json:"steps"`
}

type describedStep struct {
	Kind    string            `json:"kind"`
	Type    string            `json:"type"`
	Doc     string            `json:"doc"`
	Options []describedOption `json:"options"`
	Host    []describedOption `json:"host_options"` // options that every block of the kind has
}

type describedOption struct {
	Name       string            `json:"name"`
	Type       string            `json:"type"`
	Doc        string            `json:"doc"`
	Default    string            `json:"default,omitempty"`
	Required   bool              `json:"required,omitempty"`
	OneOf      []string          `json:"one_of,omitempty"`
	Min        *float64          `json:"min,omitempty"`
	Max        *float64          `json:"max,omitempty"`
	Secret     bool              `json:"secret,omitempty"`
	Deprecated string            `json:"deprecated,omitempty"`
	Options    []describedOption `json:"options,omitempty"` // of a block
}

// pluginDescribe starts the plugin that words name, and prints its description; write writes it for people.
func (a *app) pluginDescribe(ctx context.Context, words []string, write func(io.Writer, sdk.Plugin)) error {
	h := a.newHost(slog.New(slog.DiscardHandler))
	defer closeHost(ctx, h)
	plugin, err := h.Start(ctx, namedPlugin(words))
	if errors.As(err, new(*process.DeathError)) { // it was found
		return &codeError{code: exitPlugin, err: err}
	}
	if err != nil {
		return &codeError{code: exitPlugin, err: err, hint: a.pluginHint(words[0])}
	}
	document := describedPlugin{1, newDescription(plugin.Description)}
	return a.printResult(document, func(w io.Writer) { write(w, plugin.Description) })
}

func newDescription(p sdk.Plugin) description {
	d := description{Name: p.Name, Release: p.Version, Doc: p.Doc, Steps: []describedStep{}}
	for _, step := range p.Steps {
		d.Steps = append(d.Steps, describedStep{string(step.Kind), step.Type, step.Doc, describeOptions(step.Options), describeOptions(plan.HostOptions(step.Kind))})
	}
	return d
}

func describeOptions(options []sdk.Option) []describedOption {
	described := []describedOption{}
	for _, o := range options {
		described = append(described, describedOption{
			Name: o.Name, Type: string(o.Type), Doc: o.Doc, Default: o.Default, Required: o.Required, OneOf: o.OneOf,
			Min: o.Min, Max: o.Max, Secret: o.Secret, Deprecated: o.Deprecated, Options: describeOptions(o.Options),
		})
	}
	return described
}

func writeDescription(w io.Writer, p sdk.Plugin) {
	fmt.Fprintf(w, "plugin %s %s: %s\n", p.Name, p.Version, p.Doc)
	var kinds []sdk.Kind
	for _, step := range p.Steps {
		fmt.Fprintf(w, "\n%s %q: %s\n", step.Kind, step.Type, step.Doc)
		writeOptions(w, step.Options, "  ")
		if !slices.Contains(kinds, step.Kind) {
			kinds = append(kinds, step.Kind)
		}
	}
	for _, kind := range kinds {
		fmt.Fprintf(w, "\noptions of every %s block:\n", kind)
		writeOptions(w, plan.HostOptions(kind), "  ")
	}
}

func writeOptions(w io.Writer, options []sdk.Option, indent string) {
	for _, o := range options {
		fmt.Fprintf(w, "%s%s (%s%s): %s\n", indent, o.Name, o.Type, optionFacts(o), o.Doc)
		writeOptions(w, o.Options, indent+"  ")
	}
}

func optionFacts(o sdk.Option) string {
	facts := ""
	if o.Required {
		facts += ", required"
	}
	if o.Default != "" {
		facts += ", default " + o.Default
	}
	if len(o.OneOf) > 0 {
		facts += ", one of " + strings.Join(o.OneOf, " ")
	}
	if o.Min != nil {
		facts += fmt.Sprintf(", at least %v", *o.Min)
	}
	if o.Max != nil {
		facts += fmt.Sprintf(", at most %v", *o.Max)
	}
	if o.Secret {
		facts += ", secret"
	}
	if o.Deprecated != "" {
		facts += ", deprecated: " + o.Deprecated
	}
	return facts
}
