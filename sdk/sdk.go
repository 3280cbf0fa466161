// Package sdk is the one package that a plugin's author imports.
//
// A plugin is a value that lists steps, and a main of one statement:
//
//	var Plugin = sdk.Plugin{
//		Name:    "shout",
//		Version: "1.0.0",
//		Doc:     "Steps that raise their voice.",
//		Steps:   []sdk.Step{sdk.NewFilter("short", "Keeps short examples.", newShort)},
//	}
//
//	func main() { sdk.Serve(Plugin) }
//
// There are three kinds of step. A [Source] reads units (a file, a session) and emits examples, a [Filter]
// answers each example with a [Verdict], a [Format] turns each example into rows of training data; each is one
// method. A filter by sameness is a [Keyer] instead. Abilities beyond that are optional interfaces: of a source [Lister]; of a
// format [Beginner], [Finisher], [Framer], [Holder], [Filer] and [Decoder]. A method of such a name that does not implement the
// interface is an error when the step is opened, for it would never be called.
//
// A step's options are a struct of the author's whose tags describe them (see [NewSource]); the host reads the
// description over the wire, evaluates the user's pipeline, checks every value and reports mistakes with file and
// line, so that a step only ever sees valid options.
//
// # What a step may rely on
//
// A step is opened once for each block that uses it. A source lists its units and then reads several of them at a time; a filter
// is asked about several examples at a time; a format makes one output, one call at a time: Begin, Encode for each
// example, Finish. So a source and a filter lock what they change in themselves, and every step what it shares with others.
//
// The context of a call ends when the host wants no more of it: the user has interrupted the run, or something else went
// wrong. The method then returns within a second; what it returns no longer matters.
//
// Work may be long, but not silent: the host ends a plugin of which it hears nothing for the idle_timeout of its block (a
// minute). A source says [Emitter.Progress]; a filter or a format is heard of after each example, and has that long for one.
//
// An error that a method returns ends the run. It crosses the wire as a text, which the host shows behind the step and the
// unit or example; what can be told apart there is an [OptionError], what [Refuse] makes, and an error of opening or
// reading a unit's file (see [Emitter.RejectFile]). A panic of a method is such an error, with its stack in the log; one in a goroutine
// of the step's own ends the process, and the run.
//
// # Compatibility
//
// A plugin that is built works with newer hosts, and with older ones: the contract between them only grows, as
// docs/plugins.md says. What a plugin's author uses of this package is to grow in the same way: an interface gets no further
// method, for what is new is an interface of its own; a struct may get fields, so write its literals with their names.
//
// # Both ends
//
// The package holds both ends of the wire: [Serve] for plugins, [Client] for the host. Only this package and those below
// it know protobuf and gRPC. Who writes a plugin has no use for the host's end: the Client and what it takes and returns,
// such as [Handle], [Item], [Stream] and [Outcome], which may change with any version. Package process, below this one, starts
// plugins and gives their Clients.
package sdk

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// BinaryPrefix begins the names of plugins' binaries; the plugin's name follows.
const BinaryPrefix = "ftprep-plugin-"

// A Plugin is a binary's worth of steps.
type Plugin struct {
	Name    string // the binary is called ftprep-plugin-NAME, see [BinaryPrefix]
	Version string
	Doc     string // one sentence
	Steps   []Step
}

// Kind is the kind of a step.
type Kind string

// The kinds of step, named as their blocks in a pipeline.
const (
	KindSource Kind = "source"
	KindFilter Kind = "filter"
	KindFormat Kind = "output"
)

// Setup is what a step knows besides its options when it is opened.
type Setup struct {
	Block string   // the block that uses the step, such as "source.journal.notes"
	Paths []string // source: what to read, globs expanded; output: the one to be written, a folder with a separator at its end
	Tools *Toolset // the tools that the pipeline declares; nil without a tools block

	MaxTokens int // output: how many tokens the longest row may have, for a training configuration; 0: no bound is known

	// Selection is the source's since, until, tools and keep options; nil: everything is chosen. The emitter applies it;
	// a source may use it to leave unread what cannot match.
	Selection *Selection
}

var name = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)

// Validate reports every mistake in the plugin, joined; nil when there is none.
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

// CheckDescription reports every mistake in the plugin's description, which may have come over the wire, joined; nil when
// there is none.
func (p Plugin) CheckDescription() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if !name.MatchString(p.Name) {
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
			report("step %q is of the kind %q, which is none of source, filter and output", label, step.Kind)
		}
		if !name.MatchString(step.Type) {
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

// Reserved lists the option names that the host owns in blocks of a kind: no step may have an option of such a name, and
// every step gets what they do.
func Reserved(kind Kind) []string {
	switch kind {
	case KindSource:
		return []string{"path", "plugin", "tools", "keep", "since", "until", "max_units", "system", "corrects"}
	case KindFormat:
		return []string{
			"path", "plugin", "sources", "types",
			// by which the host shapes examples for every format
			"system", "context", "tools", "distractors", "tool_names", "thinking", "train", "special_tokens", "max_result_tokens", "max_tokens",
			"overlong", "tokenizer", "shard_size",
		}
	default:
		return []string{"plugin"}
	}
}
