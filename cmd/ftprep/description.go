package main

import (
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

// describedPlugin is the result of plugin describe as JSON.
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
	Host    []describedOption `json:"host_options"` // of every block of the kind
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
