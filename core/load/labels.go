package load

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Base is the name that no experiment may have: it means the pipeline without an experiment.
const Base = "base"

// A Header is the first line of a block.
type Header struct {
	Type   string
	Labels []string
	Range  hcl.Range
}

func (h Header) String() string {
	text := h.Type
	for _, label := range h.Labels {
		text += fmt.Sprintf(" %q", label)
	}
	return text
}

// headers lists the headers of all blocks that have names, in file order within a type.
func (b *Blocks) headers() []Header {
	var all []Header
	for _, v := range b.Variables {
		all = append(all, Header{"variable", []string{v.Name}, v.Range})
	}
	for _, p := range b.Plugins {
		all = append(all, Header{"plugin", []string{p.Name}, p.Range})
	}
	for _, s := range b.Steps() {
		all = append(all, Header{string(s.Kind), []string{s.Type, s.Name}, s.Range})
	}
	for _, e := range b.Experiments {
		all = append(all, Header{"experiment", []string{e.Name}, e.Range})
	}
	return all
}

// checkLabels reports names that no expression could refer to, and names given twice.
func (b *Blocks) checkLabels() hcl.Diagnostics {
	var diags hcl.Diagnostics
	seen := map[string]hcl.Range{}
	for _, h := range b.headers() {
		for _, label := range h.Labels {
			if !hclsyntax.ValidIdentifier(label) {
				diags = append(diags, problem(h.Range, "Invalid name",
					"%q is not a valid name: a name starts with a letter, followed by letters, digits, dashes and underscores.", label))
			}
		}
		if h.Type == "experiment" && h.Labels[0] == Base {
			diags = append(diags, problem(h.Range, "Reserved name",
				"%q means the pipeline without an experiment; choose another name.", Base))
		}
		if first, ok := seen[h.String()]; ok {
			diags = append(diags, problem(h.Range, "Duplicate "+h.Type,
				"There is already a block %s on line %d; give one of them another name.", h, first.Start.Line))
			continue
		}
		seen[h.String()] = h.Range
	}
	return append(diags, b.duplicateLocals()...)
}

// duplicateLocals reports names that several locals blocks share. The parser reports those within one block.
func (b *Blocks) duplicateLocals() hcl.Diagnostics {
	var diags hcl.Diagnostics
	seen := map[string]hcl.Range{}
	for _, locals := range b.Locals {
		for name, local := range locals.Attributes {
			if first, ok := seen[name]; ok {
				diags = append(diags, problem(local.NameRange, "Duplicate local",
					"There is already a local %q on line %d; give one of them another name.", name, first.Start.Line))
				continue
			}
			seen[name] = local.NameRange
		}
	}
	return diags
}

// lostBlocks lists the top-level blocks that decoding leaves out: of an unknown type, or with too few or too many labels.
func lostBlocks(body *hclsyntax.Body) []Header {
	schema, _ := gohcl.ImpliedBodySchema(Blocks{})
	var lost []Header
	for _, block := range body.Blocks {
		decoded := slices.ContainsFunc(schema.Blocks, func(s hcl.BlockHeaderSchema) bool {
			return s.Type == block.Type && len(s.LabelNames) == len(block.Labels)
		})
		if !decoded {
			lost = append(lost, Header{block.Type, block.Labels, block.DefRange()})
		}
	}
	return lost
}

func problem(at hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(detail, args...), Subject: &at}
}
