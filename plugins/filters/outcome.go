package filters

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// An outcome is how a call ended.
type outcome int

const (
	failure outcome = iota
	unknown
	mended // a failure that a later call of the same tool made good
	success
)

func (o outcome) String() string {
	return [...]string{"failed", "has no clear outcome", "failed at first", "succeeded"}[o]
}

// halves returns the outcome's worth, in halves of a success.
func (o outcome) halves() int { return [...]int{0, 1, 1, 2}[o] }

var (
	failureStart = regexp.MustCompile(`(?i)^\W*(?:error|failed|failure|traceback|exception|unknown command|invalid|cannot|could not|unable to|timed out|timeout|permission denied|no such|not found|tool_use_error|mcp error|exit code [1-9])\b`)
	pendingWord  = regexp.MustCompile(`(?i)\b(?:sent|queued|dispatched|pending|accepted|scheduled|truncated)\b`)
)

// mostWrappings is how many objects may be wrapped around a result. Each is parsed anew.
const mostWrappings = 8

// judge returns a call's outcome by its result alone.
func judge(result string) outcome { return judgeWrapped(result, 0) }

func judgeWrapped(result string, wrappings int) outcome {
	result = strings.TrimSpace(result)
	switch {
	case wrappings > mostWrappings:
		return unknown
	case result == "" || result == "null" || result == "{}" || result == "[]":
		return unknown
	case strings.HasPrefix(result, "{") && json.Valid([]byte(result)): // json.Valid bounds how deep it nests; gjson does not
		return judgeObject(gjson.Parse(result), wrappings)
	case failureStart.MatchString(result):
		return failure
	case len(result) < 200 && pendingWord.MatchString(result): // a long text has more to say than that
		return unknown
	}
	return success
}

// The words of a status, in lower case.
var (
	failureStatus = []string{"error", "failed", "failure", "fail", "timeout", "rejected", "aborted"}
	pendingStatus = []string{"sent", "queued", "dispatched", "pending", "accepted", "scheduled", "unknown"}
)

// judgeObject reads the members in which tools commonly tell how they fared. Any of them may tell a failure; success
// counts only if none says that the work is still to be done.
func judgeObject(object gjson.Result, wrappings int) outcome {
	is := func(want gjson.Type, names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return object.Get(name).Type == want })
	}
	status := strings.ToLower(object.Get("status").Str)
	told := object.Get("error")
	switch {
	case is(gjson.False, "success", "ok"), is(gjson.True, "isError", "is_error", "failed"),
		told.Type == gjson.True || told.Str != "" || told.IsObject(), slices.Contains(failureStatus, status):
		return failure
	case is(gjson.True, "_truncated", "dispatched", "sent", "queued", "pending", "accepted", "scheduled"),
		slices.Contains(pendingStatus, status):
		return unknown
	}
	if inner := object.Get("result"); inner.Exists() && len(object.Map()) == 1 { // an MCP server's wrapping
		return judgeWrapped(inner.String(), wrappings+1)
	}
	return success
}
