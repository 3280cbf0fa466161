package filters

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tidwall/match"

	"github.com/ftprep/ftprep/sdk"
)

type selectOptions struct {
	Keep []blockOptions `option:"keep" doc:"What stays: an example that matches none of these blocks is dropped. All conditions of a block must hold; those on calls must hold for the same call."`
	Drop []blockOptions `option:"drop" doc:"What is dropped: an example that matches one of these blocks, even if it also matches a keep block."`
}

type blockOptions struct {
	IDs       []string `option:"ids" doc:"Condition: the example is one of these. An entry is an id, or at least its first 8 characters; a note may follow after a blank. Empty entries and those that begin with # are skipped, so the list can come from a file: split(\"\\n\", file(\"drop.txt\"))."`
	Labels    []string `option:"labels" doc:"Condition: the example has one of these labels. Globs."`
	Tags      []string `option:"tags" doc:"Condition: the example has one of these tags. Globs."`
	TaskTypes []string `option:"task_types" doc:"Condition: the example has one of these task types. Globs."`
	Models    []string `option:"models" doc:"Condition: the log names one of these models for the example. Globs."`
	Tools     []string `option:"tools" doc:"Condition: the example calls one of these tools. Globs, as in the tools filter."`
	Arguments string   `option:"arguments" doc:"Condition: a glob that matches some value inside a call's arguments, or the arguments as written."`
	Text      string   `option:"text" doc:"Condition: a regular expression (RE2) that matches in what the user asked; or in the problem of a chain, the bad code of a correction, the pattern of a negative."`
	Share     *float64 `option:"share" doc:"Condition: a hash puts the example into this share of all, between 0 and 1. The choice is the same in every run, and a greater share includes a smaller one." min:"0" max:"1"`
}

// selection chooses examples by what sources, rules and earlier filters said of them.
type selection struct{ keep, drop []block }

type block struct {
	blockOptions
	conditions
	ids  ids
	seed string // of the share: it differs between filters, and between keep and drop, so that each chooses on its own
}

func newSelect(setup sdk.Setup, o selectOptions) (sdk.Filter, error) {
	if len(o.Keep)+len(o.Drop) == 0 {
		return nil, errors.New("at least one keep or drop block is needed")
	}
	keep, keepError := newBlocks(setup.Block, "keep", o.Keep)
	drop, dropError := newBlocks(setup.Block, "drop", o.Drop)
	return selection{keep, drop}, errors.Join(keepError, dropError)
}

func newBlocks(filter, name string, options []blockOptions) ([]block, error) {
	return eachBlock(name, options, func(o blockOptions) (block, error) { return newBlock(o, filter+" "+name) })
}

func newBlock(o blockOptions, seed string) (block, error) {
	var problems []error
	for _, list := range []struct {
		option string
		globs  []string
	}{{"ids", o.IDs}, {"labels", o.Labels}, {"tags", o.Tags}, {"task_types", o.TaskTypes}, {"models", o.Models}} {
		if list.globs != nil && len(list.globs) == 0 {
			problems = append(problems, &sdk.OptionError{Option: list.option, Reason: "the list is empty, so nothing would match; leave it out"})
		}
	}
	if o.IDs == nil && o.Labels == nil && o.Tags == nil && o.TaskTypes == nil && o.Models == nil && o.Tools == nil && o.Arguments == "" && o.Text == "" && o.Share == nil {
		problems = append(problems, errors.New("the block has no condition, so it would match everything"))
	}
	ids, err := newIDs(o.IDs)
	problems = append(problems, err)
	conditions, err := newConditions(o.Tools, o.Arguments, o.Text)
	return block{o, conditions, ids, seed}, errors.Join(append(problems, err)...)
}

func (s selection) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	matches := func(b block) bool { return b.match(e) }
	if i := slices.IndexFunc(s.drop, matches); i >= 0 {
		return sdk.Drop(fmt.Sprintf("matches drop block %d", i+1)+s.drop[i].label(e), ""), nil
	}
	if len(s.keep) > 0 && !slices.ContainsFunc(s.keep, matches) {
		return sdk.Drop("matches no keep block", ""), nil
	}
	return sdk.Keep(), nil
}

func (b block) match(e *sdk.Example) bool {
	return (b.ids == nil || b.ids.has(e.ID)) && among(b.Labels, e.Labels...) && among(b.Tags, e.Tags...) && among(b.TaskTypes, e.TaskType) &&
		among(b.Models, e.Provenance.Model) && b.chosen(e) && b.conditions.match(e)
}

// label returns ": " and the label by which the block matches, so that drops are counted by label; it returns an empty
// string if the block asks for none.
func (b block) label(e *sdk.Example) string {
	for _, label := range e.Labels {
		if b.Labels != nil && among(b.Labels, label) {
			return ": " + label
		}
	}
	return ""
}

// chosen reports whether an example is in the share.
func (b block) chosen(e *sdk.Example) bool {
	return b.Share == nil || position(b.seed, alone(e)) < *b.Share
}

// among reports whether some glob matches some name that is not empty; it is true if globs is nil.
func among(globs []string, names ...string) bool {
	return globs == nil || slices.ContainsFunc(globs, func(glob string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return name != "" && match.Match(name, glob) })
	})
}
