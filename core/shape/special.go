package shape

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// control matches what tokenizers of chat models take for their own marks anywhere in a text: the family of
// <|im_end|>, the tags around calls, results and reasoning, and Mistral's brackets.
var control = regexp.MustCompile(`<\|[a-zA-Z0-9_]{1,40}\|>|</?(?:tool_call|tool_response|think)>|\[/?(?:INST|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\]`)

// controlStarts are the texts with which matches of control begin. They are quick to look for, and most texts hold none.
var controlStarts = []string{"<|", "<tool_", "</tool_", "<think>", "</think>", "[INST]", "[/INST]", "[AVAILABLE_", "[/AVAILABLE_", "[TOOL_", "[/TOOL_", "[SYSTEM_", "[/SYSTEM_"}

// HasControl reports whether a text holds a control token of some chat model.
func HasControl(text string) bool {
	for _, start := range controlStarts {
		if strings.Contains(text, start) {
			return control.MatchString(text)
		}
	}
	return false
}

// special looks for control tokens in the texts of an example, since these would end a turn or begin a call in the middle of
// a text. If there are any, the example is refused, or each of them is broken by a space after its first character.
func (s *Shaper) special(e *sdk.Example, shaped *Shaped) (refused string) {
	choice := s.options.SpecialTokens
	if choice == SpecialTokensKeep {
		return ""
	}
	found := false
	text := func(text *string) {
		if HasControl(*text) {
			found = true
			*text = broken(*text)
		}
	}
	text(&e.System)
	text(&e.Context)
	for m := range messagesOf(e) {
		text(&m.Text)
		text(&m.Thinking)
		for i := range m.Calls {
			arguments := m.Calls[i].Arguments
			if !bytes.ContainsAny(arguments, `<[\`) {
				continue
			}
			if rewritten, changed := brokenArguments(arguments); changed {
				found = true
				m.Calls = slices.Clone(m.Calls) // another example may share them
				m.Calls[i].Arguments = rewritten
			}
		}
	}
	switch {
	case !found:
		return ""
	case choice == SpecialTokensBreak:
		shaped.change("special tokens broken")
		return ""
	}
	return "a special token in the text"
}

// broken returns a text with its control tokens broken.
func broken(text string) string {
	return control.ReplaceAllStringFunc(text, func(token string) string { return token[:1] + " " + token[1:] })
}

// brokenArguments breaks the control tokens in the strings of a JSON value, keys too, and leaves everything else as it is
// written.
func brokenArguments(value json.RawMessage) (rewritten json.RawMessage, changed bool) {
	var out bytes.Buffer
	decoder := jsontext.NewDecoder(bytes.NewReader(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	encoder := jsontext.NewEncoder(&out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			break
		}
		if HasControl(token.String()) {
			token, changed = jsontext.String(broken(token.String())), true
		}
		if encoder.WriteToken(token) != nil {
			return value, false
		}
	}
	if !changed {
		return value, false
	}
	return bytes.TrimSpace(out.Bytes()), true
}
