package journal

import (
	"encoding/json"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// jsonCalls reads code that is one call, or a list of calls, in the form in which models and servers exchange them:
// {"tool": ..., "arguments": {...}}, {"name": ..., "input": {...}}, {"method": "tools/call", "params": {...}} and the like.
func (t toolbox) jsonCalls(code string) ([]sdk.Call, error) {
	code = strings.TrimSpace(code)
	if !strings.HasPrefix(code, "{") && !strings.HasPrefix(code, "[") {
		return nil, errNoCall
	}
	r := &literalReader{text: code}
	value, err := r.value()
	if err != nil || r.peek() != 0 {
		return nil, errNoCall
	}
	list := []json.RawMessage{value}
	if value[0] == '[' {
		if json.Unmarshal(value, &list) != nil {
			return nil, errNoCall
		}
	}
	var calls []sdk.Call
	for _, one := range list {
		call, err := t.jsonCall(one)
		if err != nil {
			return calls, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

func (t toolbox) jsonCall(object json.RawMessage) (sdk.Call, error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(object, &fields) != nil {
		return sdk.Call{}, errNoCall
	}
	for _, wrapper := range []string{"params", "function", "tool_call", "function_call"} {
		if inner := fields[wrapper]; len(inner) > 0 && inner[0] == '{' && firstField(fields, "tool", "name", "tool_name") == nil {
			return t.jsonCall(inner)
		}
	}
	var name, written string
	if json.Unmarshal(firstField(fields, "tool", "name", "tool_name", "function"), &name) != nil || name == "" {
		return sdk.Call{}, errNoCall
	}
	arguments := firstField(fields, "arguments", "input", "args", "parameters", "params")
	if json.Unmarshal(arguments, &written) == nil && json.Valid([]byte(written)) {
		arguments = json.RawMessage(written)
	}
	if len(arguments) == 0 || arguments[0] != '{' {
		return sdk.Call{}, errNoCall
	}
	if standsFor().Match(arguments) {
		return sdk.Call{Tool: name}, errStandsFor
	}
	prefix := ""
	if at := callName().FindStringSubmatch(name + "("); at != nil {
		prefix, name = at[1], at[2]
	}
	return t.build(prefix, name, []argument{{value: arguments}})
}

func firstField(fields map[string]json.RawMessage, names ...string) json.RawMessage {
	for _, name := range names {
		if value, ok := fields[name]; ok {
			return value
		}
	}
	return nil
}
