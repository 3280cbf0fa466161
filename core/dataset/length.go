package dataset

import (
	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/sdk"
)

// length counts the tokens of a row, and reports what is left of one that a trainer cuts.
func (c *checker) length(line int, e *sdk.Example) {
	lengths := c.report.Lengths
	if lengths == nil {
		return
	}
	fixed, each := shape.Lengths(c.settings.Tokenizer, e)
	total, trained := fixed, -1 // where the first message that is trained begins
	for i, n := range each {
		m, last := e.Messages[i], i == len(each)-1
		if trained < 0 && m.Role == sdk.RoleAssistant && !m.Masked && (last || !c.settings.LastOnly) {
			trained = total
		}
		total += n
	}
	lengths.Total += total
	lengths.Longest = max(lengths.Longest, total)
	if lengths.MaxLength == 0 || total <= lengths.MaxLength {
		return
	}
	lengths.Trimmed++
	if trained >= lengths.MaxLength {
		lengths.Untrained++
		c.warn(line, "nothing to train on within the first %d tokens", lengths.MaxLength)
		return
	}
	c.warn(line, "longer than %d tokens: the trainer cuts off its end or, like Axolotl by default, drops it", lengths.MaxLength)
}
