package claude

import (
	"bytes"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// A block is one part of what a message says. Its fields except the type are raw, and valid as long as their line.
type block struct {
	typ                              string
	text, thinking                   []byte
	id, name, input                  []byte // of a call
	callID, content, isError, toolID []byte // of a result, or a reference to a tool
	source                           []byte // of a document
	contentEnd                       int    // where the content of a result ends, in the text that was read
}

// readBlocks appends the blocks of the content that the scanner stands before. A plain string counts as one block of text,
// and foreign writers put a single block in place of a list.
func readBlocks(s *scan.Scanner, blocks []block) []block {
	switch s.Kind() {
	case '"':
		blocks = append(blocks, block{typ: "text", text: s.Raw()})
	case '{':
		blocks = append(blocks, readBlock(s))
	case '[':
		s.Array(func() {
			switch s.Kind() {
			case '"':
				blocks = append(blocks, block{typ: "text", text: s.Raw()})
			case '{':
				blocks = append(blocks, readBlock(s))
			case '[':
				blocks = readBlocks(s, blocks)
			}
		})
	}
	return blocks
}

// blocksOf returns the blocks of a raw content. A plain string needs no scanner to find its end.
func blocksOf(content []byte) []block {
	if len(content) > 0 && content[0] == '"' {
		return []block{{typ: "text", text: content}}
	}
	return readBlocks(scan.New(content), nil)
}

func readBlock(s *scan.Scanner) block {
	var b block
	s.Object(func(key []byte) {
		switch string(key) {
		case "type":
			b.typ = blockType(s.Raw())
		case "text":
			b.text = s.Raw()
		case "thinking":
			b.thinking = s.Raw()
		case "id":
			b.id = s.Raw()
		case "name":
			b.name = s.Raw()
		case "input":
			b.input = s.Raw()
		case "tool_use_id":
			b.callID = s.Raw()
		case "content":
			b.content, b.contentEnd = s.Raw(), s.Offset()
		case "source":
			b.source = s.Raw()
		case "is_error":
			b.isError = s.Raw()
		case "tool_name":
			b.toolID = s.Raw()
		}
	})
	return b
}

// blockType returns the text of a raw type. It does not copy the usual ones.
func blockType(raw []byte) string {
	switch string(raw) {
	case `"text"`:
		return "text"
	case `"thinking"`:
		return "thinking"
	case `"tool_use"`:
		return "tool_use"
	case `"tool_result"`:
		return "tool_result"
	}
	return scan.Text(raw)
}

// unparsed is the beginning of arguments that were not valid JSON and that the program wrapped.
const unparsed = `{"__unparsedToolInput"`

// call returns the call that a block of type tool_use makes. It reports false for one that nothing can answer, because it
// has no id or names no tool, and for arguments that are not an object: repaired, they would make a different call.
func (d *decoder) call(b block) (*call, bool) {
	object := len(b.input) == 0 || b.input[0] == '{' && !bytes.HasPrefix(b.input, []byte(unparsed)) || b.input[0] == 'n'
	id, name := scan.Text(b.id), d.word(b.name)
	return &call{id: id, name: name}, object && id != "" && name != ""
}

// arguments returns the arguments of a call unchanged, or "{}" if it has none.
func (b block) arguments() string {
	if len(b.input) == 0 || b.input[0] != '{' {
		return "{}"
	}
	return string(b.input)
}

// texts returns the texts of a raw list.
func texts(list []byte) []string {
	var texts []string
	if s := scan.New(list); s.Kind() == '[' {
		s.Array(func() { texts = append(texts, scan.Text(s.Raw())) })
	}
	return texts
}

func hasResult(blocks []block) bool {
	for _, b := range blocks {
		if b.typ == "tool_result" {
			return true
		}
	}
	return false
}
