package formats

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// A toolList writes the tools that a row offers, as OpenAI's API lists them: as a list or, if every row needs the
// same type in that place, as the list's text. Rows that follow each other mostly offer the same tools, so the last text is
// kept.
type toolList struct {
	text bool // the list's text instead of the list

	written toolText
}

// append appends a member with the tools. Without tools it appends nothing, or the text of an empty list.
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
	w.err = cmp.Or(w.err, err)
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
	names := called(e.Messages)
	if e.Toolset != nil {
		for _, tool := range e.Toolset.Tools {
			names = append(names, tool.FullName())
		}
	}
	return !slices.ContainsFunc(names, func(name string) bool { return !apiName(name) })
}

func apiName(name string) bool {
	other := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}
	return name != "" && len(name) <= 64 && !strings.ContainsFunc(name, other)
}
