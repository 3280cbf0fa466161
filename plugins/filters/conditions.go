package filters

import (
	"errors"
	"regexp"
	"slices"

	"github.com/tidwall/gjson"
	"github.com/tidwall/match"

	"github.com/ftprep/ftprep/sdk"
)

// conditions are what a block of label or select asks of an example's text and calls. A condition that is not set holds.
type conditions struct {
	tools     *sdk.Selection
	arguments string
	text      *regexp.Regexp
}

func newConditions(tools []string, arguments, text string) (conditions, error) {
	selection, err := sdk.NewSelection(tools, "")
	if err != nil {
		return conditions{}, err
	}
	expression, err := regexp.Compile(text)
	if err != nil {
		return conditions{}, &sdk.OptionError{Option: "text", Reason: err.Error()}
	}
	return conditions{selection, arguments, expression}, nil
}

// eachBlock opens all nested blocks of a name and places every error in its block.
func eachBlock[O, B any](name string, blocks []O, open func(O) (B, error)) ([]B, error) {
	var opened []B
	var problems []error
	for i, options := range blocks {
		block, err := open(options)
		problems = append(problems, sdk.InBlock(name, i, err))
		opened = append(opened, block)
	}
	return opened, errors.Join(problems...)
}

// match reports whether all conditions hold; those on calls must hold for one and the same call.
func (c conditions) match(e *sdk.Example) bool {
	if !c.text.MatchString(asked(e)) {
		return false
	}
	if c.tools == nil && c.arguments == "" {
		return true
	}
	return slices.ContainsFunc(trained(e), func(call sdk.AnsweredCall) bool {
		return c.tools.Match(call.FullName()) && (c.arguments == "" || holds(gjson.ParseBytes(call.Arguments), c.arguments))
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

// asked returns the text that the condition text is searched in: what the user asked, or the problem, the bad code or the
// pattern.
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
