package filters

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/tidwall/gjson"
	"github.com/tidwall/match"

	"github.com/ftprep/ftprep/sdk"
)

type labelOptions struct {
	Rules []ruleOptions `option:"rule" doc:"A rule. All its conditions must hold, those on calls for one and the same call. The first matching rule with a task_type sets it, unless the log did; the tags of all matching rules are added."`
}

type ruleOptions struct {
	Tools     []string `option:"tools" doc:"Condition: a call of one of these tools; globs, as in the tools filter."`
	Arguments string   `option:"arguments" doc:"Condition: a glob that matches some value inside a call's arguments, or the arguments as written."`
	Text      string   `option:"text" doc:"Condition: a regular expression (RE2) found in what the user asked; of a chain in the problem."`
	TaskType  string   `option:"task_type" doc:"The task type to set."`
	Tags      []string `option:"tags" doc:"The tags to add."`
}

// label sets task types and tags by rules.
type label []rule

type rule struct {
	ruleOptions
	tools *sdk.Selection
	text  *regexp.Regexp
}

func newLabel(_ sdk.Setup, o labelOptions) (sdk.Filter, error) {
	var rules label
	var problems []error
	for i, options := range o.Rules {
		r, err := newRule(options)
		problems = append(problems, sdk.InBlock("rule", i, err))
		rules = append(rules, r)
	}
	return rules, errors.Join(problems...)
}

func newRule(o ruleOptions) (rule, error) {
	if o.TaskType == "" && len(o.Tags) == 0 {
		return rule{}, errors.New("the rule sets neither task_type nor tags")
	}
	selection, err := sdk.NewSelection(o.Tools, "")
	if err != nil {
		return rule{}, err
	}
	text, err := regexp.Compile(o.Text)
	if err != nil {
		return rule{}, &sdk.OptionError{Option: "text", Reason: err.Error()}
	}
	return rule{ruleOptions: o, tools: selection, text: text}, nil
}

func (l label) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	var found sdk.Annotation
	for _, r := range l {
		if !r.match(e) {
			continue
		}
		if found.TaskType == "" {
			found.TaskType = r.TaskType
		}
		for _, tag := range r.Tags {
			if !slices.Contains(e.Tags, tag) && !slices.Contains(found.Tags, tag) {
				found.Tags = append(found.Tags, tag)
			}
		}
	}
	if found.TaskType == e.TaskType || logged(e) {
		found.TaskType = ""
	}
	if found.TaskType == "" && len(found.Tags) == 0 {
		return sdk.Keep(), nil
	}
	return sdk.Annotate(found), nil
}

func (r rule) match(e *sdk.Example) bool {
	if !r.text.MatchString(asked(e)) {
		return false
	}
	if r.tools == nil && r.Arguments == "" {
		return true
	}
	return slices.ContainsFunc(trained(e), func(call sdk.AnsweredCall) bool {
		return r.tools.Match(call.FullName()) && (r.Arguments == "" || holds(gjson.ParseBytes(call.Arguments), r.Arguments))
	})
}

// holds reports whether a JSON value, as written, or some value inside it matches a glob.
func holds(value gjson.Result, glob string) bool {
	if match.Match(value.Raw, glob) || value.Type == gjson.String && match.Match(value.Str, glob) {
		return true
	}
	found := false
	if value.IsObject() || value.IsArray() {
		value.ForEach(func(_, inner gjson.Result) bool {
			found = holds(inner, glob)
			return !found
		})
	}
	return found
}

// asked is what a rule's text is searched in.
func asked(e *sdk.Example) string {
	switch {
	case e.Chain != nil:
		return e.Chain.Problem
	case e.Correction != nil:
		return e.Correction.BadCode
	case e.Negative != nil:
		return e.Negative.Pattern
	}
	return e.UserMessage()
}

// logged reports whether the task type is the log's own word, which no rule overrides.
func logged(e *sdk.Example) bool { return e.TaskType != "" && e.TaskType != e.DerivedTaskType() }
