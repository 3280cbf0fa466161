package formats

import "github.com/ftprep/ftprep/sdk"

func (o *openai) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row)
	if top == nil {
		return nil, r.problems
	}
	e := &sdk.Example{}
	input := top
	if o.preference {
		r.reportUnknown(top, "OpenAI", "input", "preferred_output", "non_preferred_output")
		input = r.object(top["input"], "input")
	}
	r.reportUnknown(input, "OpenAI", "messages", "tools", "parallel_tool_calls")
	o.chat.decode(r, input["messages"], "messages", e)
	if tools, ok := input["tools"]; ok {
		e.Toolset = r.tools(tools)
		r.check(e.Toolset != nil, "tools is an empty list, which OpenAI refuses")
	}
	if parallel, ok := input["parallel_tool_calls"]; ok {
		r.flag(parallel, "parallel_tool_calls")
	}
	if o.preference {
		better, worse := o.chat.decodeOne(r, top["preferred_output"], "preferred_output"), o.chat.decodeOne(r, top["non_preferred_output"], "non_preferred_output")
		r.check(len(better.Calls)+len(worse.Calls) == 0, "an answer of the pair calls a tool: OpenAI takes only pairs of texts")
		r.check(!sameAnswer(&better, &worse), "both answers of the pair are the same")
		e.Messages, e.Rejected = append(e.Messages, better), &worse
	}
	decodeNames(r, e)
	return e, r.problems
}
