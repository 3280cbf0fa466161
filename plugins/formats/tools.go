package formats

import "github.com/ftprep/ftprep/sdk"

// A toolList writes the tools that a row offers, as OpenAI's API lists them: as a list or, where every row needs the
// same type in that place, as the list's text. Rows that follow each other mostly offer the same tools: those that were
// written last are kept.
type toolList struct {
	text bool // the list's text instead of the list

	written toolText
}

// append appends a member with the tools. Without tools there is none, or the text of an empty list.
func (t *toolList) append(w *writer, key string, tools *sdk.Toolset) {
	if tools == nil || len(tools.Tools) == 0 {
		if t.text {
			w.member(key, "[]")
		}
		return
	}
	if t.written.append == nil {
		t.written.append = t.encode
	}
	list, err := t.written.of(tools)
	w.verbatim(key, list)
	if w.err == nil {
		w.err = err
	}
}

func (t *toolList) encode(dst []byte, tools []sdk.ToolDefinition) ([]byte, error) {
	var w writer
	array(&w, tools, func(d sdk.ToolDefinition) {
		w.member("type", "function")
		w.key("function")
		w.open('{')
		w.member("name", d.FullName())
		w.member("description", d.Description)
		w.raw("parameters", d.Parameters())
		w.close('}')
	})
	if !t.text || w.err != nil {
		return append(dst, w.buf...), w.err
	}
	list, err := appendPython(nil, w.buf)
	return appendQuoted(dst, list), err
}

// apiNames reports whether the API of OpenAI, and Mistral's, would take the names of the tools that are offered and
// called.
func apiNames(e *sdk.Example) bool {
	if e.Toolset != nil {
		for i := range e.Toolset.Tools {
			if !apiName(e.Toolset.Tools[i].FullName()) {
				return false
			}
		}
	}
	for i := range e.Messages {
		for _, call := range e.Messages[i].Calls {
			if !apiName(call.FullName()) {
				return false
			}
		}
	}
	return true
}

func apiName(name string) bool {
	for _, b := range []byte(name) {
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}
