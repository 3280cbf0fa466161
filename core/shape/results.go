package shape

import (
	"fmt"

	"github.com/ftprep/ftprep/sdk"
)

// leftOfResult is how many tokens of a result are left where results are cut because the example is too long.
const leftOfResult = 64

// markTokens is about what the mark of a cut costs: nothing is cut to save less.
const markTokens = 8

// cutResults cuts the results of tools that have more tokens than the output wants.
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

// abridge cuts the middle out of a text with more than so many tokens; two thirds of what stays are its beginning. A mark
// says how much is gone.
func (s *Shaper) abridge(text string, most int) string {
	if s.tokenizer.Count(text) <= most+markTokens {
		return text
	}
	tail := most / 3
	first, last, omitted := s.tokenizer.Cut(text, most-tail, tail)
	return fmt.Sprintf("%s\n[%d tokens left out]\n%s", first, omitted, last)
}
