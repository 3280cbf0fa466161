// Package sdk is the one package that a plugin's author imports.
//
// A plugin is a value that lists steps, and a main function of one statement. This one has a filter with one option:
//
//	type short struct {
//		Most int `option:"most" doc:"How many messages an example may have." default:"4" min:"1"`
//	}
//
//	func newShort(_ sdk.Setup, options short) (sdk.Filter, error) { return options, nil }
//
//	func (s short) Apply(_ context.Context, example *sdk.Example) (sdk.Verdict, error) {
//		if len(example.Messages) > s.Most {
//			return sdk.Drop("too long", ""), nil
//		}
//		return sdk.Keep(), nil
//	}
//
//	var Plugin = sdk.Plugin{
//		Name:    "short",
//		Version: "1.0.0",
//		Doc:     "Steps for short examples.",
//		Steps:   []sdk.Step{sdk.NewFilter("short", "Keeps short examples.", newShort)},
//	}
//
//	func main() { sdk.Serve(Plugin) }
//
// There are three kinds of step, and each needs only one method. A [Source] reads units (a file, a session) and emits
// examples, a [Filter] answers each example with a [Verdict], and a [Format] turns each example into rows of training
// data. A filter that removes duplicates is a [Keyer] instead. Optional interfaces add abilities: [Lister] to a source;
// [Beginner], [Finisher], [Framer], [Holder], [FileNamer] and [Decoder] to a format. A method that has the name of an
// optional method but another signature would never be called, so it is an error when the step is opened.
//
// The options of a step are a struct that its author declares and whose tags describe them (see [NewSource]). The host
// reads the description over the wire, evaluates the user's pipeline, checks every value and reports mistakes with file
// and line, so a step only ever sees valid options. Package [github.com/ftprep/ftprep/sdk/sdktest] tests plugins.
//
// # What a step may rely on
//
// A step is opened once for each block that uses it. The host asks a source for its units and then has it read several of
// them at the same time. It asks a filter about several examples at the same time. A format makes one output, one call
// after the other: Begin, Encode for each example, Finish. So a source or a filter must lock its own state if it changes
// it, and every step must lock what it shares with other steps.
//
// The context of a call is cancelled when the host does not want its result any more: the user has interrupted the run,
// or something else has failed. The method must then return within a second; what it returns does not matter.
//
// Work may take long, but not in silence: the host ends a plugin from which it hears nothing for the idle_timeout of its
// plugin block (by default one minute). A source that works for long calls [Emitter.Progress]. For filters and formats
// the SDK reports after each example, so a single example may take that long.
//
// An error that a method returns ends the run. It crosses the wire as text, which the host shows after the name of the
// step and of the unit or example. Only three kinds of error are treated differently: an [OptionError], an error made by
// [Refuse], and an error of opening or reading a unit's file (see [Emitter.RejectFile]). A panic in a method becomes an
// error that ends the run, with its stack in the log. A panic in a goroutine that the step has started ends the process,
// and the run with it.
//
// # Compatibility
//
// A plugin that has been built works with newer hosts and with older ones: the contract between them only grows, as
// docs/plugins.md says. The part of this package that plugin authors use is meant to grow in the same way. Interfaces get
// no new methods; a new ability is a new interface. Structs may get new fields, so write their literals with field names.
//
// # Both ends
//
// The package holds both ends of the wire: [Serve] for plugins and [Client] for the host. Only this package and the
// packages below it know protobuf and gRPC. A plugin's author has no use for the host's end: the Client and the types
// that it takes and returns, such as [Handle], [Item], [Stream] and [Outcome]. They may change with any version. Package
// [github.com/ftprep/ftprep/sdk/process] starts plugins and returns Clients for them.
package sdk

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// BinaryPrefix begins the name of a plugin's binary; the plugin's name follows it.
const BinaryPrefix = "ftprep-plugin-"

// A Plugin is a set of steps that one binary offers.
type Plugin struct {
	Name    string // the binary is called ftprep-plugin-NAME, see [BinaryPrefix]
	Version string
	Doc     string // one sentence
	Steps   []Step
}

// A Kind is the kind of a step.
type Kind string

// The kinds of step, each named after the block that uses it in a pipeline.
const (
	KindSource Kind = "source"
	KindFilter Kind = "filter"
	KindFormat Kind = "output"
)

// A Setup is what a step learns when it is opened, besides its options.
type Setup struct {
	Block string   // the block that uses the step, such as "source.journal.notes"
	Paths []string // of a source: what to read, globs expanded; of an output: the one path to write, ending in a separator if it is a folder
	Tools *Toolset // the tools that the pipeline declares; nil if it has no tools block

	MaxTokens int // of an output: how many tokens the longest row may have, for a training configuration; 0 if no bound is known

	// Selection holds the since, until, tools and keep options of a source; nil if everything is chosen. The emitter
	// applies it. A source may use it to skip, without reading it, what cannot match.
	Selection *Selection
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)

// Validate returns every mistake in the plugin, joined, or nil if there is none.
func (p Plugin) Validate() error {
	problems := []error{p.CheckDescription()}
	for _, step := range p.Steps {
		if step.open == nil {
			problems = append(problems, fmt.Errorf("step %q was not made by a New function", step.label()))
			continue
		}
		for _, problem := range complaints(step.misuse()) {
			problems = append(problems, fmt.Errorf("step %q: %s", step.label(), problem.Reason))
		}
	}
	return errors.Join(problems...)
}

// CheckDescription returns every mistake in the plugin's description, joined, or nil if there is none. The description
// may have come over the wire.
func (p Plugin) CheckDescription() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if !namePattern.MatchString(p.Name) {
		report("plugin name %q: begin with a letter, and use lower-case letters, digits and single dashes", p.Name)
	}
	if p.Version == "" || p.Doc == "" {
		report("plugin %q lacks a version or a doc", p.Name)
	}
	if len(p.Steps) == 0 {
		report("plugin %q offers no step", p.Name)
	}
	seen := map[string]bool{}
	for _, step := range p.Steps {
		label := step.label()
		if !slices.Contains([]Kind{KindSource, KindFilter, KindFormat}, step.Kind) {
			report("step %q has the kind %q, which is not source, filter or output", label, step.Kind)
		}
		if !namePattern.MatchString(step.Type) {
			report("step %q: begin with a letter, and use lower-case letters, digits, single dashes and underscores", label)
		}
		if seen[label] {
			report("step %q is offered twice", label)
		}
		seen[label] = true
		if step.Doc == "" {
			report("step %q lacks a doc", label)
		}
		if err := step.Holds.check(); err != nil {
			report("step %q: %w", label, err)
		}
		problems = append(problems, checkOptions(label, step.Options, Reserved(step.Kind))...)
	}
	return errors.Join(problems...)
}

// Reserved returns the option names that the host owns in blocks of a kind. No step may have an option of such a name;
// the host applies these options to every step.
func Reserved(kind Kind) []string {
	switch kind {
	case KindSource:
		return []string{"path", "plugin", "tools", "keep", "since", "until", "max_units", "system", "corrects"}
	case KindFormat:
		return []string{
			"path", "plugin", "sources", "types",
			// with these the host shapes examples for every format
			"system", "context", "tools", "distractors", "tool_names", "thinking", "train", "special_tokens", "max_result_tokens", "max_tokens",
			"overlong", "tokenizer", "shard_size",
		}
	default:
		return []string{"plugin"}
	}
}
