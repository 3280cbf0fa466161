package load

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/sdk"
)

// Blocks are the blocks of a pipeline file, by kind and in file order.
type Blocks struct {
	Variables   []*Variable   `hcl:"variable,block"`
	Locals      []*Locals     `hcl:"locals,block"`
	Plugins     []*Plugin     `hcl:"plugin,block"`
	Tools       *Tools        `hcl:"tools,block"`
	Sources     []*Block      `hcl:"source,block"`
	Filters     []*Block      `hcl:"filter,block"`
	Outputs     []*Block      `hcl:"output,block"`
	Settings    *Settings     `hcl:"pipeline,block"`
	Experiments []*Experiment `hcl:"experiment,block"`
}

// A Variable is a variable block.
type Variable struct {
	Name        string         `hcl:"name,label"`
	Default     *hcl.Attribute `hcl:"default,optional"`
	Description *hcl.Attribute `hcl:"description,optional"`
	Range       hcl.Range      `hcl:",def_range"`
}

// Locals is a locals block.
type Locals struct {
	Attributes hcl.Attributes `hcl:",remain"`
}

// A Plugin is a plugin block.
type Plugin struct {
	Name  string    `hcl:"name,label"`
	Body  hcl.Body  `hcl:",remain"`
	Range hcl.Range `hcl:",def_range"`
}

// Tools is the tools block.
type Tools struct {
	File  *hcl.Attribute `hcl:"file,optional"`
	Range hcl.Range      `hcl:",def_range"`
}

// A Block is a source, filter or output block.
type Block struct {
	Kind      sdk.Kind
	Type      string    `hcl:"type,label"`
	TypeRange hcl.Range `hcl:"type,label_range"`
	Name      string    `hcl:"name,label"`
	Body      hcl.Body  `hcl:",remain"`
	Range     hcl.Range `hcl:",def_range"`
}

// Address names the block, such as source.journal.notes.
func (b *Block) Address() string { return string(b.Kind) + "." + b.Type + "." + b.Name }

// Attribute finds an attribute of the block's body; nil when there is none.
func (b *Block) Attribute(name string) *hcl.Attribute {
	attributes, _ := b.Body.JustAttributes() // it complains about nested blocks, which may well be there
	return attributes[name]
}

// Settings is the pipeline block.
type Settings struct {
	Filters *hcl.Attribute `hcl:"filters,optional"`
	Redact  *hcl.Attribute `hcl:"redact,optional"`
}

// An Experiment is an experiment block.
type Experiment struct {
	Name      string         `hcl:"name,label"`
	Variables *hcl.Attribute `hcl:"variables,optional"`
	Filters   *hcl.Attribute `hcl:"filters,optional"`
	Outputs   *hcl.Attribute `hcl:"outputs,optional"`
	Range     hcl.Range      `hcl:",def_range"`
}

// Steps lists the source, filter and output blocks.
func (b *Blocks) Steps() []*Block { return slices.Concat(b.Sources, b.Filters, b.Outputs) }

// setKinds fills in the kinds of blocks, which decoding leaves empty.
func (b *Blocks) setKinds() {
	for _, block := range b.Sources {
		block.Kind = sdk.KindSource
	}
	for _, block := range b.Filters {
		block.Kind = sdk.KindFilter
	}
	for _, block := range b.Outputs {
		block.Kind = sdk.KindFormat
	}
}
