package shape

import (
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// results are the results of calls, by the call's id.
type results map[string]sdk.Message

func resultsOf(messages []sdk.Message) results {
	all := results{}
	for _, m := range messages {
		if _, known := all[m.CallID]; m.Role == sdk.RoleTool && !known {
			all[m.CallID] = m
		}
	}
	return all
}

// failed reports whether a message calls tools and every call failed.
func (r results) failed(m sdk.Message) bool {
	for _, call := range m.Calls {
		if !r[call.ID].IsError {
			return false
		}
	}
	return len(m.Calls) > 0
}

// anyFailed reports whether a call of a message failed.
func (r results) anyFailed(m sdk.Message) bool {
	return slices.ContainsFunc(m.Calls, func(call sdk.Call) bool { return r[call.ID].IsError })
}

// succeeded reports whether a message calls tools and no call failed.
func (r results) succeeded(m sdk.Message) bool {
	for _, call := range m.Calls {
		if result, ok := r[call.ID]; !ok || result.IsError {
			return false
		}
	}
	return len(m.Calls) > 0
}

// leftOfResult is how many tokens of a result are left when results are cut because the example is too long.
const leftOfResult = 64

// markTokens is about how many tokens the mark of a cut takes: nothing is cut to save less.
const markTokens = 8

// cutResults cuts the results of tools that have more tokens than the output allows.
func (s *Shaper) cutResults(e *sdk.Example, shaped *Shaped) {
	most := s.options.MaxResultTokens
	if most == 0 {
		return
	}
	cut := false
	for i := range e.Messages {
		if m := &e.Messages[i]; m.Role == sdk.RoleTool {
			text := s.abridge(m.Text, most)
			cut = cut || text != m.Text
			m.Text = text
		}
	}
	if cut {
		shaped.change("results cut")
	}
}

// abridge cuts the middle out of a text with more than so many tokens. Two thirds of what stays are the beginning; a mark
// says how much is gone.
func (s *Shaper) abridge(text string, most int) string {
	if s.tokenizer.Count(text)-markTokens <= most {
		return text
	}
	tail := most / 3
	first, last, omitted := s.tokenizer.Cut(text, most-tail, tail)
	return fmt.Sprintf("%s\n[%d tokens left out]\n%s", first, omitted, last)
}
