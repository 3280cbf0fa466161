package shape

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// How many tokens ChatML, as Qwen's templates write it, puts around a message, a call, a result, reasoning, a tool's
// definition and the list of definitions. Other templates differ by a few tokens a message.
const (
	aroundMessage    = 5
	aroundCall       = 14
	aroundResult     = 6
	aroundThinking   = 6
	aroundDefinition = 24
	aroundTools      = 90
)

// Lengths counts the tokens of an example as it stands in a row: messages has those of each message, and before has those of
// everything else.
func Lengths(tokenizer *tokens.Tokenizer, e *sdk.Example) (before int, messages []int) {
	count := counter{tokenizer}
	return count.definitions(e.Toolset) + count.around(e), count.messages(e)
}

// counter counts the tokens of parts of an example.
type counter struct{ *tokens.Tokenizer }

// json counts a JSON value as templates write it, with spaces after colons and commas.
func (c counter) json(value []byte) int {
	spaced, err := jsontext.AppendFormat(nil, value, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
		jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true))
	if err != nil {
		return c.Count(string(value))
	}
	return c.Count(string(spaced))
}

// around counts everything but the messages and the tool definitions.
func (c counter) around(e *sdk.Example) int {
	n := c.Count(e.System) + c.Count(e.Context) + c.Count(string(e.GameState))
	switch {
	case e.Chain != nil:
		n += c.Count(e.Chain.Problem) + c.Count(e.Chain.RootCause) + c.Count(e.Chain.Reasoning) + c.Count(e.Chain.Solution)
	case e.Correction != nil:
		d := e.Correction
		n += c.Count(d.BadCode) + c.Count(d.BadReason) + c.Count(d.GoodCode) + c.Count(d.GoodReason)
	case e.Negative != nil:
		n += c.Count(e.Negative.Pattern) + c.Count(e.Negative.Reason)
	}
	return n
}

func (c counter) messages(e *sdk.Example) []int {
	each := make([]int, len(e.Messages))
	for i := range e.Messages {
		each[i] = c.message(&e.Messages[i])
	}
	return each
}

func (c counter) message(m *sdk.Message) int {
	n := aroundMessage + c.Count(m.Text)
	if m.Role == sdk.RoleTool {
		n += aroundResult
	}
	if m.Thinking != "" {
		n += aroundThinking + c.Count(m.Thinking)
	}
	for _, call := range m.Calls {
		n += aroundCall + c.Count(call.FullName()) + c.json(call.Arguments)
	}
	return n
}

func (c counter) definitions(set *sdk.Toolset) int {
	if set == nil {
		return 0
	}
	n := aroundTools
	for _, tool := range set.Tools {
		n += aroundDefinition + c.Count(tool.FullName()) + c.Count(tool.Description) + c.json(tool.Parameters())
	}
	return n
}
