package shape

import "github.com/ftprep/ftprep/sdk"

// tooLong is why an example is refused that is still too long after the output's policy for overlong examples was applied.
const tooLong = "longer than max_tokens"

// tooManyTools is why an example is refused whose tool definitions leave no room for a conversation.
const tooManyTools = "the definitions of its tools alone are longer than max_tokens"

// limit counts the tokens of a part and brings it within the limit, or returns why it is refused. Without a tokenizer there
// is no count and no limit.
func (s *Shaper) limit(e *sdk.Example, offer offer, shaped *Shaped) (length int, refused string) {
	if s.tokenizer == nil {
		return 0, ""
	}
	count := counter{s.tokenizer}
	each := count.messages(e)
	length = offer.tokens + count.around(e)
	for _, n := range each {
		length += n
	}
	if e.Rejected != nil {
		length += max(0, count.message(e.Rejected)-each[len(each)-1])
	}
	excess := length - s.options.MaxTokens
	if s.options.MaxTokens == 0 || excess <= 0 {
		return length, ""
	}
	if offer.tokens > s.options.MaxTokens {
		return length, tooManyTools
	}
	how := ""
	switch s.options.Overlong {
	case OverlongCutHistory:
		excess -= cutHistory(e, each, excess)
		how = "history cut"
	case OverlongCutResults:
		excess -= s.cutOldest(e, each, excess)
		how = "results cut"
	}
	if excess > 0 {
		return length, tooLong
	}
	shaped.change(how)
	return s.options.MaxTokens + excess, ""
}

// cutHistory removes the oldest turns, never the last one, until enough tokens are gone or no other turn is left. It returns
// how many tokens are gone.
func cutHistory(e *sdk.Example, each []int, excess int) (gone int) {
	from := 0
	for _, i := range turnStarts(e.Messages) {
		if gone >= excess {
			break
		}
		for ; from < i; from++ {
			gone += each[from]
		}
	}
	e.Messages = e.Messages[from:]
	return gone
}

// turnStarts returns the indices of the user messages that begin turns: all unmasked ones, and the masked ones before the
// first of these, since earlier turns may be masked as a whole. A masked one after that brings news in the middle of a turn.
func turnStarts(messages []sdk.Message) []int {
	var starts []int
	unmasked := false // an unmasked user message was seen
	for i, m := range messages {
		if m.Role != sdk.RoleUser || m.Masked && unmasked {
			continue
		}
		starts = append(starts, i)
		unmasked = !m.Masked
	}
	return starts
}

// cutOldest cuts the middle out of results, the oldest first, until enough tokens are gone. It returns how many are gone.
// Results that a later call quotes, as an edit quotes what it replaces, are cut last: without them nobody could have made
// that call.
func (s *Shaper) cutOldest(e *sdk.Example, each []int, excess int) (gone int) {
	quoted := quotedResults(e.Messages)
	for _, needed := range []bool{false, true} {
		for i := range e.Messages {
			if gone >= excess {
				return gone
			}
			if m := &e.Messages[i]; m.Role == sdk.RoleTool && quoted[i] == needed {
				m.Text = s.abridge(m.Text, leftOfResult)
				gone += max(0, each[i]-counter{s.tokenizer}.message(m))
			}
		}
	}
	return gone
}
