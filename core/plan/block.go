package plan

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// A Block is a source, filter or output block with its step found and its options evaluated.
type Block struct {
	Kind    sdk.Kind
	Type    string
	Name    string
	Plugin  string          // the plugin that offers the step
	Step    sdk.Step        // as described over the wire
	Options json.RawMessage // an object of the plugin's options; paths are absolute
	Range   hcl.Range       // of the header

	own          json.RawMessage      // an object of the host's options, as written
	optionRanges map[string]hcl.Range // where the values of options are written; options in nested blocks are named as by [sdk.InBlock]
	sound        bool                 // the host has found nothing wrong with it
}

// Address names the block, such as source.journal.notes.
func (b *Block) Address() string { return string(b.Kind) + "." + b.Type + "." + b.Name }

// Secrets returns the strings and numbers in the values of the block's secret options.
func (b *Block) Secrets() []string { return secretsOf(b.Step.Options, b.Options) }

func secretsOf(options []sdk.Option, values json.RawMessage) []string {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(values, &object) // the host wrote it
	var secrets []string
	for _, option := range options {
		var blocks []json.RawMessage
		switch value := object[option.Name]; {
		case option.Secret:
			secrets = append(secrets, leaves(gjson.ParseBytes(value))...)
		case option.Type == sdk.OptionBlock && json.Unmarshal(value, &blocks) == nil:
			for _, block := range blocks {
				secrets = append(secrets, secretsOf(option.Options, block)...)
			}
		}
	}
	return secrets
}

// PublicOptions returns the values of the block's options by name, without those that are secret or hold a secret in a
// nested block.
func (b *Block) PublicOptions() map[string]json.RawMessage {
	var own, values map[string]json.RawMessage
	_ = json.Unmarshal(b.own, &own) // the host wrote both
	_ = json.Unmarshal(b.Options, &values)
	maps.DeleteFunc(values, func(name string, _ json.RawMessage) bool {
		return slices.ContainsFunc(b.Step.Options, func(o sdk.Option) bool { return o.Name == name && hasSecret(o) })
	})
	if own == nil {
		return values
	}
	maps.Copy(own, values)
	return own
}

func hasSecret(option sdk.Option) bool {
	return option.Secret || slices.ContainsFunc(option.Options, hasSecret)
}

// leaves returns the strings and numbers in a JSON value, without the keys of objects.
func leaves(value gjson.Result) []string {
	switch value.Type {
	case gjson.String:
		return []string{value.Str}
	case gjson.Number:
		return []string{value.Raw}
	case gjson.JSON:
		var all []string
		value.ForEach(func(_, inner gjson.Result) bool {
			all = append(all, leaves(inner)...)
			return true
		})
		return all
	}
	return nil
}

// Diagnostics turns the error with which a step refused its options into diagnostics: an [sdk.OptionError] points at the
// option, anything else at the block.
func (b *Block) Diagnostics(err error) hcl.Diagnostics {
	problems := &problems{}
	b.complain(problems, err)
	return problems.sorted()
}

// complain reports an error of a step, and each of several that are joined, without what wraps an [sdk.OptionError].
func (b *Block) complain(problems *problems, err error) {
	switch e := err.(type) {
	case *sdk.OptionError:
		b.complainOf(problems, e)
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			b.complain(problems, part)
		}
	default:
		if errors.As(err, new(*sdk.OptionError)) {
			b.complain(problems, errors.Unwrap(err))
		} else {
			problems.add(b.Range, "Invalid options", "%v.", err)
		}
	}
}

// complainOf reports an error about an option or, if it names none, about the block.
func (b *Block) complainOf(problems *problems, err *sdk.OptionError) {
	if err.Option == "" {
		problems.add(b.Range, "Invalid options", "%s.", err.Reason)
		return
	}
	_, name := splitBlock(err.Option)
	name, _, _ = strings.Cut(name, "[")
	diag := problems.add(b.rangeOf(err.Option), "Invalid value", "%q: %s.", name, err.Reason)
	if secret(b.Step.Options, err.Option) {
		diag.Extra = unshown{}
	}
}

// rangeOf returns where the value of an option is written, or else the range of the block that it belongs in.
func (b *Block) rangeOf(option string) hcl.Range {
	for option != "" {
		if at, ok := b.optionRanges[option]; ok {
			return at
		}
		option, _ = splitBlock(option)
	}
	return b.Range
}

// splitBlock splits the name that [sdk.InBlock] gives to an option in a nested block into the block and the option. block is
// empty for an option that is not in a nested block.
func splitBlock(option string) (block, name string) {
	if dot := strings.LastIndexByte(option, '.'); dot >= 0 {
		return option[:dot], option[dot+1:]
	}
	return "", option
}

// secret reports whether an option, or a nested block that contains it, is secret.
func secret(options []sdk.Option, path string) bool {
	first, rest, _ := strings.Cut(path, ".")
	first, _, _ = strings.Cut(first, "[")
	for _, option := range options {
		if option.Name == first {
			return option.Secret || secret(option.Options, rest)
		}
	}
	return false
}

// block decodes a block that has its step's options and the host's own; the body has the values of both.
func (p *planner) block(declared *load.Block, own []sdk.Option) (Block, body) {
	own = append(slices.Clone(own), pluginChoice)
	block := Block{Kind: declared.Kind, Type: declared.Type, Name: declared.Name, Range: declared.Range}
	before := p.problems.errors()
	var values body
	step, plugin := p.step(declared)
	if step == nil {
		values = p.scope.decodeSome(declared.Body, declared.Range, own)
	} else {
		values = p.scope.decode(declared.Body, declared.Range, slices.Concat(own, step.Options))
		block.Plugin, block.Step, block.Options = plugin, *step, values.object(step.Options)
	}
	block.own, block.optionRanges = values.object(own), values.ranges
	block.sound = step != nil && values.sound && p.problems.errors() == before
	return block, values
}
