package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/sdk"
)

// pluginChoice is the option, of every block with a step, that chooses the plugin.
var pluginChoice = sdk.Option{Name: "plugin", Type: sdk.OptionString, Doc: "The plugin to use, if several offer the step."}

// HostOptions lists the options that the host gives every block of a kind, besides those of its step.
func HostOptions(kind sdk.Kind) []sdk.Option {
	switch kind {
	case sdk.KindSource:
		return append(sourceOptions(true), pluginChoice)
	case sdk.KindFormat:
		return append(outputOptions(), pluginChoice)
	}
	return []sdk.Option{pluginChoice}
}

// body is the content of a block, decoded by the options that it may hold.
type body struct {
	values map[string]json.RawMessage
	ranges map[string]hcl.Range // where each value is written
	sound  bool                 // no value, written or default, failed to evaluate
}

// object returns the values of some options as a JSON object.
func (b body) object(options []sdk.Option) json.RawMessage {
	object := map[string]json.RawMessage{}
	for _, option := range options {
		if value, ok := b.values[option.Name]; ok {
			object[option.Name] = value
		}
	}
	return toJSON(object)
}

// read decodes the value of an option and reports whether there is one.
func (b body) read(name string, into any) bool {
	value, ok := b.values[name]
	if ok {
		fromJSON(value, into)
	}
	return ok
}

// decode evaluates and checks the content of a block; header is the range of its header.
func (s *scope) decode(content hcl.Body, header hcl.Range, options []sdk.Option) body {
	found, diags := content.Content(schema(options))
	s.problems.extend(diags)
	return s.decodeContent(found, content, header, options)
}

// decodeSome decodes the given options of a block whose other options are unknown. The others are only evaluated.
func (s *scope) decodeSome(content hcl.Body, header hcl.Range, options []sdk.Option) body {
	found, rest, diags := content.PartialContent(schema(options))
	s.problems.extend(diags)
	s.evaluateRest(rest)
	return s.decodeContent(found, content, header, options)
}

func (s *scope) decodeContent(found *hcl.BodyContent, content hcl.Body, header hcl.Range, options []sdk.Option) body {
	b := body{values: map[string]json.RawMessage{}, ranges: map[string]hcl.Range{}, sound: true}
	blocks := found.Blocks.ByType()
	for _, option := range options {
		at := header
		var value json.RawMessage
		ok := true
		if attr := found.Attributes[option.Name]; attr != nil {
			at = attr.Expr.Range()
			s.warnDeprecated(attr.NameRange, option)
			value, ok = s.evaluateOption(attr, option)
		} else if nested := blocks[option.Name]; len(nested) > 0 {
			at = nested[0].DefRange
			s.warnDeprecated(at, option)
			value, ok = s.nested(nested, option, b.ranges)
		} else {
			value, ok = s.defaultValue(option, header)
		}
		if value == nil && ok && option.Required && !mistyped(content, option, options) {
			s.problems.add(header, "Missing required argument", "The argument %q is required. %s", option.Name, option.Doc)
		}
		if value != nil && ok {
			b.values[option.Name] = value
		}
		b.ranges[option.Name] = at
		b.sound = b.sound && ok
	}
	return b
}

// nested decodes repeated blocks into an array of objects and adds to ranges where they and their values are written. ok is
// false if some value failed to evaluate.
func (s *scope) nested(blocks []*hcl.Block, option sdk.Option, ranges map[string]hcl.Range) (value json.RawMessage, ok bool) {
	if option.Secret {
		option.Options = secretOptions(option.Options)
	}
	if option.Secret && !s.secret {
		s.shielded(func(s *scope) { value, ok = s.nested(blocks, option, ranges) })
		return value, ok
	}
	objects := []json.RawMessage{}
	ok = true
	for i, block := range blocks {
		found := s.decode(block.Body, block.DefRange, option.Options)
		objects = append(objects, found.object(option.Options))
		ok = ok && found.sound
		name := fmt.Sprintf("%s[%d]", option.Name, i)
		ranges[name] = block.DefRange
		for inner, at := range found.ranges {
			ranges[name+"."+inner] = at
		}
	}
	return toJSON(objects), ok
}

// mistyped reports whether the block holds an unknown argument that is probably the option misspelled. The unknown argument
// is reported already.
func mistyped(content hcl.Body, option sdk.Option, options []sdk.Option) bool {
	attributes, _ := content.JustAttributes() // it complains about nested blocks, which may well be there
	for name := range attributes {
		known := slices.ContainsFunc(options, func(o sdk.Option) bool { return o.Name == name })
		if !known && suggest(name, []string{option.Name}) != "" {
			return true
		}
	}
	return false
}

func (s *scope) warnDeprecated(at hcl.Range, option sdk.Option) {
	if option.Deprecated != "" {
		s.problems.add(at, "Deprecated argument", "%q is deprecated: %s.", option.Name, option.Deprecated).Severity = hcl.DiagWarning
	}
}

func schema(options []sdk.Option) *hcl.BodySchema {
	s := &hcl.BodySchema{}
	for _, option := range options {
		if option.Type == sdk.OptionBlock {
			s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: option.Name})
		} else {
			s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: option.Name})
		}
	}
	slices.SortFunc(s.Attributes, func(a, b hcl.AttributeSchema) int { return cmp.Compare(a.Name, b.Name) })
	return s
}

// toJSON encodes a value that JSON can hold.
func toJSON(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("plan: encode %T: %v", value, err))
	}
	return text
}

// fromJSON decodes a value whose type was checked.
func fromJSON(text json.RawMessage, into any) {
	if err := json.Unmarshal(text, into); err != nil {
		panic(fmt.Sprintf("plan: decode %T: %v", into, err))
	}
}
