package filters

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/sdk"
)

var (
	// jsonCall matches "name": "tool", "arguments": as several trainers' templates write calls, up to the arguments.
	jsonCall = regexp.MustCompile(`"(?:name|tool|tool_name|function)"\s*:\s*"([\w.:/-]+)"\s*,\s*"(?:arguments|args|parameters|input)"\s*:\s*`)
	// tagCall matches the beginning of a call in tags, tagCallEnd what ends it, and tagArgument one of its arguments.
	tagCall     = regexp.MustCompile(`<(?:\w+:)?invoke name="([\w.:/-]+)">?|<function=([\w.:/-]+)>`)
	tagCallEnd  = regexp.MustCompile(`</?(?:(?:\w+:)?invoke\b|function\b)`)
	tagArgument = regexp.MustCompile(`(?s)<(?:(?:\w+:)?parameter name="([^"]+)"[^>]*|parameter=([^>]+))>(.*?)</(?:\w+:)?parameter>`)
	// codeCall matches the beginning of a call in code.
	codeCall = regexp.MustCompile(`\b(\w+)\(`)
)

// enough is how many written calls of each kind are looked at in one message, so that a strange text cannot take forever.
const enough = 20

// executed measures whether the model called its tools or only wrote calls into its text.
func executed(e *sdk.Example, tools toolbox) (sdk.Signal, bool) {
	calls := trained(e)
	var written []string
	for _, message := range e.Messages {
		if message.Role == sdk.RoleAssistant && !message.Masked {
			written = append(written, writtenCalls(message.Text, calls, tools)...)
		}
	}
	signal := sdk.Signal{Name: "executed", Score: 1, Evidence: number(len(calls), "call") + " made"}
	if len(written) > 0 {
		acts := 0
		for _, call := range calls {
			if acting(call) {
				acts++
			}
		}
		signal.Score = share(acts, acts+len(written))
		signal.Evidence = fmt.Sprintf("a call of %s is only written into the text", written[0])
	}
	return signal, len(calls)+len(written) > 0
}

// writtenCalls lists the tools of the calls that a text holds but that were not made.
func writtenCalls(text string, made []sdk.AnsweredCall, tools toolbox) []string {
	var written []string
	for _, at := range jsonCall.FindAllStringSubmatchIndex(text, enough) {
		tool := text[at[2]:at[3]]
		var arguments json.RawMessage
		_ = json.NewDecoder(strings.NewReader(text[at[1]:])).Decode(&arguments) // cut off or pseudo-code: written all the same
		if plausible(tool, made, tools) && !wasMade(made, tool, arguments) {
			written = append(written, tool)
		}
	}
	for _, at := range tagCall.FindAllStringSubmatchIndex(text, enough) {
		tool := string(tagCall.ExpandString(nil, "$1$2", text, at))
		if plausible(tool, made, tools) && !wasMadeInTags(made, tool, text[at[1]:]) {
			written = append(written, tool)
		}
	}
	if len(made) > 0 { // words about calls that were made look just like calls
		return written
	}
	for _, found := range codeCall.FindAllStringSubmatch(text, enough) {
		if tools.declares(found[1]) {
			written = append(written, found[1])
		}
	}
	return written
}

// plausible reports whether a name in a text can be that of a tool. In a turn that did not act any name can; one that acts
// may well talk about other things that have a name and arguments, so there the tool must be declared or called.
func plausible(tool string, made []sdk.AnsweredCall, tools toolbox) bool {
	called := func(call sdk.AnsweredCall) bool { return named(call, tool) }
	return tools.declares(tool) || !slices.ContainsFunc(made, acting) || slices.ContainsFunc(made, called)
}

// wasMade reports whether a call of a tool with these arguments was made.
func wasMade(made []sdk.AnsweredCall, tool string, arguments json.RawMessage) bool {
	return slices.ContainsFunc(made, func(call sdk.AnsweredCall) bool {
		return named(call, tool) && compact(call.Arguments) == compact(arguments)
	})
}

// wasMadeInTags reports whether a call was made that a text holds in tags; the text begins after the tool's name. Arguments
// stand in tags of their own, or all of them are a JSON object.
func wasMadeInTags(made []sdk.AnsweredCall, tool, text string) bool {
	if end := tagCallEnd.FindStringIndex(text); end != nil {
		text = text[:end[0]]
	}
	if object := strings.TrimSpace(text); strings.HasPrefix(object, "{") {
		return wasMade(made, tool, json.RawMessage(object))
	}
	arguments := map[string]string{}
	for _, found := range tagArgument.FindAllStringSubmatch(text, -1) {
		arguments[found[1]+found[2]] = found[3]
	}
	return slices.ContainsFunc(made, func(call sdk.AnsweredCall) bool {
		return named(call, tool) && maps.EqualFunc(gjson.ParseBytes(call.Arguments).Map(), arguments, saysValue)
	})
}

// saysValue reports whether the text between tags says a value of JSON. The text may stand on lines of its own.
func saysValue(value gjson.Result, text string) bool {
	if value.Type == gjson.String {
		return strings.TrimSpace(value.Str) == strings.TrimSpace(text)
	}
	return compact([]byte(value.Raw)) == compact([]byte(text))
}

// named reports whether a call is of the tool that a text names, with or without its server.
func named(call sdk.AnsweredCall, tool string) bool {
	return call.Tool == tool || call.FullName() == tool
}

// acting reports whether a call acts rather than only looks.
func acting(call sdk.AnsweredCall) bool {
	return call.Phase == sdk.PhaseAct || call.Phase == "" && !sdk.Observes(call.Tool)
}
