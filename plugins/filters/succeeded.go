package filters

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/sdk"
)

// succeeded measures how the calls ended, as their results and later observations tell.
func succeeded(e *sdk.Example) (sdk.Signal, bool) {
	calls := slices.DeleteFunc(trained(e), func(c sdk.AnsweredCall) bool { return !c.Answered })
	someAct := slices.ContainsFunc(calls, acting)
	judged, halves := 0, 0
	evidence := ""
	for i, call := range calls {
		if someAct && !acting(call) {
			continue
		}
		judged++
		o := outcomeOf(call, calls[i+1:])
		halves += o.halves()
		if o != success && evidence == "" {
			evidence = fmt.Sprintf("%s %s: %.80q", call.Tool, o, call.Result)
		}
	}
	if judged == 0 {
		return sdk.Signal{}, false
	}
	evidence = cmp.Or(evidence, number(judged, "call")+" succeeded")
	return sdk.Signal{Name: "succeeded", Score: share(halves, 2*judged), Evidence: evidence}, true
}

// outcomeOf judges a call by its result and by what followed.
func outcomeOf(call sdk.AnsweredCall, later []sdk.AnsweredCall) outcome {
	o := judge(call.Result)
	switch {
	case call.IsError:
		o = failure
	case o == failure && printsLog(call):
		o = success
	}
	switch o {
	case failure:
		for _, next := range later {
			if next.FullName() == call.FullName() && !next.IsError && judge(next.Result) == success {
				return mended
			}
		}
	case unknown:
		return settle(call, later)
	}
	return o
}

// logTool finds the word log in the name of a tool.
var logTool = regexp.MustCompile(`(?:^|[_\W])(?i:logs?)(?:[_\W]|$)|Logs?(?:[A-Z_\W]|$)`)

// printsLog reports whether an answer is several lines of a log. An error at their beginning is what was asked for and no
// failure; a tool that could not get the log says so in one line.
func printsLog(call sdk.AnsweredCall) bool {
	result := strings.TrimSpace(call.Result)
	return !acting(call) && logTool.MatchString(call.Tool) && strings.Contains(result, "\n") && !strings.HasPrefix(result, "{")
}

var (
	// ownWords matches members that tell how the observation itself went.
	ownWords     = regexp.MustCompile(`(?i)"(?:success|ok)"\s*:\s*true|"(?:error|errors|truncated)"\s*:\s*(?:null|false|""|0|\[\s*\])`)
	failureWords = regexp.MustCompile(`(?i)\b(?:fail(?:s|ed|ure)?|errors?|exception|timed out|timeout|not found|unknown command|invalid|rejected|aborted|could not|unable)\b`)
	successWords = regexp.MustCompile(`(?i)\b(?:success\w*|succeeded|complete[ds]?|finished|done|start(?:ed|ing)|running|executed|arrived|reached)\b`)
)

// settle looks for an observation, before the next action, that names the command of a call and tells how it went.
func settle(call sdk.AnsweredCall, later []sdk.AnsweredCall) outcome {
	command := commandOf(call)
	for _, next := range later {
		if acting(next) {
			break
		}
		if next.IsError || command == "" || !strings.Contains(strings.ToLower(next.Result), command) {
			continue
		}
		told := ownWords.ReplaceAllString(next.Result, "")
		switch {
		case failureWords.MatchString(told):
			return failure
		case successWords.MatchString(told):
			return success
		}
	}
	return unknown
}

// commandOf returns the first word of a call's text argument, such as kill_loop, in lower case. It takes the first argument
// whose first word is longer than three bytes; without one it returns an empty string.
func commandOf(call sdk.AnsweredCall) string {
	command := ""
	gjson.ParseBytes(call.Arguments).ForEach(func(_, value gjson.Result) bool {
		if fields := strings.Fields(value.Str); len(fields) > 0 && len(fields[0]) > 3 {
			command = strings.ToLower(fields[0])
		}
		return command == ""
	})
	return command
}
