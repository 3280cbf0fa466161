package filters

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

type labelOptions struct {
	Rules []ruleOptions `option:"rule" doc:"A rule: conditions, and what it sets if all of them hold. Conditions on calls must hold for the same call. The first matching rule with a task_type sets it, unless the log itself did; the tags of all matching rules are added."`
}

type ruleOptions struct {
	Tools     []string `option:"tools" doc:"Condition: the example calls one of these tools. Globs, as in the tools filter."`
	Arguments string   `option:"arguments" doc:"Condition: a glob that matches some value inside a call's arguments, or the arguments as written."`
	Text      string   `option:"text" doc:"Condition: a regular expression (RE2) that matches in what the user asked; or in the problem of a chain, the bad code of a correction, the pattern of a negative."`
	TaskType  string   `option:"task_type" doc:"The task type to set."`
	Tags      []string `option:"tags" doc:"The tags to add."`
}

// label sets task types and tags by rules.
type label []rule

type rule struct {
	conditions
	taskType string
	tags     []string
}

func newLabel(_ sdk.Setup, o labelOptions) (sdk.Filter, error) {
	rules, err := eachBlock("rule", o.Rules, newRule)
	return label(rules), err
}

func newRule(o ruleOptions) (rule, error) {
	if o.TaskType == "" && len(o.Tags) == 0 {
		return rule{}, errors.New("the rule sets neither task_type nor tags")
	}
	conditions, err := newConditions(o.Tools, o.Arguments, o.Text)
	return rule{conditions, o.TaskType, o.Tags}, err
}

func (l label) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	var found sdk.Annotation
	for _, r := range l {
		if !r.match(e) {
			continue
		}
		found.TaskType = cmp.Or(found.TaskType, r.taskType)
		for _, tag := range r.tags {
			if !slices.Contains(e.Tags, tag) && !slices.Contains(found.Tags, tag) {
				found.Tags = append(found.Tags, tag)
			}
		}
	}
	if found.TaskType == e.TaskType || logged(e) {
		found.TaskType = ""
	}
	return sdk.Annotate(found), nil
}

// logged reports whether the task type comes from the log itself; no rule overrides it then.
func logged(e *sdk.Example) bool { return e.TaskType != "" && e.TaskType != e.DerivedTaskType() }
