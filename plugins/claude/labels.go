package claude

import (
	"strings"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// Labels of examples, besides those of the sdk.
const (
	labelSubagent    = "subagent"    // the conversation of a sub-agent
	labelContinued   = "continued"   // it begins after a compaction, or without a request
	labelInterrupted = "interrupted" // the user interrupted it
	labelRewound     = "rewound"     // the user went back on it
	labelRejected    = "rejected"    // the user refused a call, perhaps saying what to do instead
	labelDenied      = "denied"      // the program refused a call
	labelCancelled   = "cancelled"   // a call was not made because one beside it failed, or the work was called off
	labelPlanned     = "planned"     // the model wrote a plan for the user to approve, or carries one out
	labelTodoList    = "todo_list"   // it keeps a list of what is to be done
	labelDelegated   = "delegated"   // it gives parts of the task to sub-agents
)

func (t *turn) labels(subagent, unfinished bool) []string {
	var labels []string
	for _, label := range []struct {
		name string
		set  bool
	}{
		{labelSubagent, subagent},
		{labelContinued, t.continued || !t.asked},
		{labelInterrupted, t.interrupted},
		{labelRewound, t.rewound},
		{sdk.LabelUnfinished, unfinished},
	} {
		if label.set {
			labels = append(labels, label.name)
		}
	}
	return labels
}

// decompositions gives the labels of the tools by which a model breaks a task down, under all the names that they have had.
var decompositions = map[string]string{
	"ExitPlanMode": labelPlanned, "exit_plan_mode": labelPlanned,
	"TodoWrite": labelTodoList, "TaskCreate": labelTodoList, "TaskUpdate": labelTodoList,
	"Task": labelDelegated, "Agent": labelDelegated,
}

// refusals lists how the results of calls that were not made begin.
var refusals = []struct{ beginning, label string }{
	{"The user doesn't want to ", labelRejected},
	{"User rejected", labelRejected},
	{"The agent proposed a plan that was rejected", labelRejected},
	{"Permission for this ", labelDenied},
	{"Permission to use ", labelDenied},
	{"Claude requested permissions to ", labelDenied},
	{"This Bash command contains multiple operations", labelDenied},
	{"This command requires approval", labelDenied},
	{"<tool_use_error>File is in a directory that is denied", labelDenied},
	{"PreToolUse:", labelDenied},
	{"Hook PreToolUse:", labelDenied},
	{"Execution stopped by PreToolUse hook", labelDenied},
	{"Permission denied by hook", labelDenied},
	{"Permission denied by PermissionRequest hook", labelDenied},
	{"Tool permission request failed", labelDenied},
	{"Permission prompt was aborted.", labelCancelled},
	{"A safety monitor blocked this turn", labelCancelled},
	{"Not run: the response that made this tool call was stopped", labelCancelled},
	{"<tool_use_error>Sibling tool call errored", labelCancelled},
	{"<tool_use_error>Cancelled: parallel tool call", labelCancelled},
	{"<tool_use_error>Cancelled: Claude ended the conversation", labelCancelled},
	{"<tool_use_error>Error: Streaming fallback", labelCancelled},
}

// worded returns the label of a call by the text of its result; it is empty if the text does not say that the call was not
// made.
func worded(result string) string {
	for _, refusal := range refusals {
		if strings.HasPrefix(result, refusal.beginning) {
			return refusal.label
		}
	}
	if ofHook(result, " operation blocked by hook:\n- ") {
		return labelDenied
	}
	return ""
}

// refusal returns the label of a call by the raw member "toolDenialKind" of its result, and whether that says anything.
func refusal(raw []byte) (string, bool) {
	switch string(raw) {
	case "", "null":
		return "", false
	case `"interrupted"`:
		return "", true
	case `"user-rejected"`:
		return labelRejected, true
	case `"cancelled"`:
		return labelCancelled, true
	}
	return labelDenied, true
}

// listedRefusal does the same for the raw list that the log of a headless session has instead.
func listedRefusal(raw []byte) (label string, judged bool) {
	list := scan.New(raw)
	list.Array(func() { label, judged = refusal(scan.Member(list.Raw(), "non_execution_kind")) })
	return label, judged
}

// callLabels returns labels for how the model broke the task down and for calls that were not made. It looks at all calls of
// the turn, also those that a selection leaves out. Whether calls depend on each other's results is no label; the example's
// type tells it.
func callLabels(e *sdk.Example, t *turn) []string {
	found := map[string]bool{labelPlanned: accepted.MatchString(e.UserMessage())}
	judged := map[string]bool{} // by call
	for call := range t.answered() {
		if record := call.result.record; call.result.failed {
			found[record.refusal] = true
			judged[call.id] = record.judged
		}
	}
	for _, call := range e.Calls() {
		if call.Server == "" {
			found[decompositions[call.Tool]] = true
		}
		if call.IsError && !judged[call.ID] {
			found[worded(call.Result)] = true
		}
	}
	var labels []string
	for _, label := range []string{labelRejected, labelDenied, labelCancelled, labelPlanned, labelTodoList, labelDelegated} {
		if found[label] {
			labels = append(labels, label)
		}
	}
	return labels
}
