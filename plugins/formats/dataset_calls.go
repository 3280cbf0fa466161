package formats

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// call reads a call: {"id", "type", "function": {"name", "arguments"}}, or only the object that is in function.
func (r *datasetReader) call(value jsontext.Value) sdk.Call {
	o := r.object(value, "a call")
	call := sdk.Call{ID: r.optional(o.take("id"), "the id of a call")}
	if string(o["type"]) == `"function"` {
		delete(o, "type")
	}
	if function := o.take("function"); function != nil {
		r.rest(o, "a call")
		o = r.object(function, "the function of a call")
	}
	call.Server, call.Tool = sdk.SplitName(r.text(o.take("name"), "the name of a call"))
	call.Arguments = r.given(o.take("arguments"))
	r.rest(o, "a call")
	return call
}

// given reads the arguments of a call: an object, the text of one, or none, which is an empty object.
func (r *datasetReader) given(value jsontext.Value) json.RawMessage {
	if value.Kind() == '"' {
		value = jsontext.Value(strings.TrimSpace(r.text(value, "arguments")))
	}
	if len(value) == 0 {
		return json.RawMessage("{}")
	}
	return r.arguments(value)
}

// offers keeps the lists of tools that were read, by their text, because most rows of a file have the same list.
type offers map[string]offer

type offer struct {
	set    *sdk.Toolset
	unread []string
	err    error
}

// offer reads the tools of a row, a list or the text of one.
func (r *datasetReader) offer(value jsontext.Value) {
	known, ok := r.tools[string(value)]
	if !ok {
		known = r.readOffer(value)
		r.tools[string(value)] = known
	}
	if known.err != nil {
		r.report(known.err.Error())
		return
	}
	for _, key := range known.unread {
		r.countUnread(key, "a tool")
	}
	if r.example.Toolset != nil && known.set != nil {
		r.report("the row has two lists of tools")
		return
	}
	if known.set != nil {
		r.example.Toolset = known.set
	}
}

func (r *datasetReader) readOffer(value jsontext.Value) (o offer) {
	if value.Kind() == '"' {
		value = jsontext.Value(strings.TrimSpace(r.text(value, "tools")))
	}
	var tools []toolForm
	if len(value) == 0 {
		return o
	}
	if err := jsonv2.Unmarshal(value, &tools, asUnified); err != nil {
		o.err = errors.New("tools is neither a list of definitions as OpenAI, Anthropic and MCP write them nor the text of one")
		return o
	}
	for _, tool := range r.list(value, "tools") {
		o.unread = append(o.unread, unreadOfTool(tool)...)
	}
	if len(tools) > 0 {
		if o.set, o.err = definitions(tools); o.err != nil {
			o.err = fmt.Errorf("tools: %w", o.err)
		}
	}
	return o
}

// unreadOfTool lists the members of a tool's definition that a definition of ours has no place for.
func unreadOfTool(value jsontext.Value) (unread []string) {
	var o object
	if jsonv2.Unmarshal(value, &o, asUnified) != nil {
		return nil // reported already
	}
	for _, key := range sortedKeys(o) {
		switch text := string(o[key]); key {
		case "server", "name", "description", "parameters", "input_schema", "inputSchema":
		case "function":
			unread = append(unread, unreadOfTool(o[key])...)
		default:
			if known := key == "type" && (text == `"function"` || text == `"custom"`); !known && text != "null" {
				unread = append(unread, key)
			}
		}
	}
	return unread
}
