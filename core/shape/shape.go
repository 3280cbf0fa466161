// Package shape fits examples to an output: what its block asks for, and what its format cannot hold.
//
// A [Shaper] turns one example into parts, each an example of its own that the format encodes as it is. The steps are:
//
//	told; pairs, corrections   makes a conversation of the example; or pairs or judgements, where the format trains on these
//	conversation               puts it in order
//	context, tools             adds the context and the tool definitions
//	thinking, train            removes thoughts, and masks messages
//	special, results           refuses or breaks special tokens, and cuts long results
//	parts                      makes an example of each trained message, where the format trains on the last one only
//	narrow                     removes what the format cannot hold, or refuses the example
//	length, quoted, count      counts tokens, and cuts the example to its limit
package shape

import (
	"cmp"
	"slices"

	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// A Shaper shapes the examples of one output, one at a time.
type Shaper struct {
	options   Options
	holds     sdk.Holds
	offers    *offers
	tokenizer *tokens.Tokenizer // nil: nothing is counted
}

// New makes a shaper for a format and what it can hold. complete has every tool that examples may call; it may be nil.
// tokenizer counts tokens; it may be nil if the options ask for no count.
func New(options Options, holds sdk.Holds, complete *sdk.Toolset, tokenizer *tokens.Tokenizer) *Shaper {
	if holds.Details { // a record says what the log says, unless it is asked for something else
		options.ToolNames = cmp.Or(options.ToolNames, ToolNamesFull)
		if options.Distractors == 0 {
			options.Tools = cmp.Or(options.Tools, ToolsLogged)
		}
		options.SpecialTokens = cmp.Or(options.SpecialTokens, SpecialTokensKeep)
	}
	return &Shaper{options: options, holds: holds, offers: newOffers(complete, options, tokenizer), tokenizer: tokenizer}
}

// A Part is one row-to-be.
type Part struct {
	Example *sdk.Example // without its toolset
	Tools   *sdk.Toolset // what it offers; nil: nothing
	Hash    string       // of Tools
	Tokens  int          // its length; 0 if nothing is counted
}

// A Shaped example is what became of an example: parts, and why others are missing. Without parts the example is refused.
type Shaped struct {
	Parts   []Part
	Refused []string // a reason for each part that is missing
	Changed []string // what was done to the example that users want to know, such as "results cut"
}

// change records, once, what was done to the example.
func (s *Shaped) change(how string) {
	if !slices.Contains(s.Changed, how) {
		s.Changed = append(s.Changed, how)
	}
}

// Idle reports whether every example passes as it is, so that none needs to be decoded.
func (s *Shaper) Idle() bool {
	everything := sdk.Holds{
		Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Negatives: true, Masks: true, Details: true, Context: true,
	}
	nothing := Options{ToolNames: ToolNamesFull, Tools: ToolsLogged, SpecialTokens: SpecialTokensKeep, Tokenizer: s.options.Tokenizer}
	return s.holds == everything && s.options == nothing && s.tokenizer == nil
}

// Shape shapes one example, which it may change. logged has the tools that the model could call, by its log; nil: unknown.
func (s *Shaper) Shape(e *sdk.Example, logged *sdk.Toolset) Shaped {
	var shaped Shaped
	if s.options.System != "" {
		Prompt(e, s.options.System)
	}
	if s.options.Context == ContextStrip {
		e.Context, e.GameState = "", nil
	}
	examples, refused := s.conversations(e)
	if refused != "" {
		shaped.Refused = []string{refused}
		return shaped
	}
	for _, example := range examples {
		s.addParts(example, logged, &shaped)
	}
	return shaped
}

// conversations returns the conversations that an example makes: usually itself.
func (s *Shaper) conversations(e *sdk.Example) (examples []*sdk.Example, refused string) {
	switch {
	case s.holds.Preferences:
		return preferences(e)
	case s.holds.Judgements:
		return judgements(e)
	case e.Negative != nil && !(s.holds.Details && s.holds.Negatives):
		return nil, imitable
	case s.holds.Details:
		return []*sdk.Example{e}, "" // a format that keeps records as they are
	}
	if e.Detailed() {
		if e.Messages = told(e); len(e.Messages) == 0 {
			return nil, untold
		}
		e.Context, e.Chain, e.Correction, e.Negative = "", nil, nil, nil // the messages tell them
	}
	if refused := order(e); refused != "" {
		return nil, refused
	}
	return []*sdk.Example{e}, ""
}

// imitable is why an example of what not to do is refused by a format that cannot say that it is wrong.
const imitable = "it shows what not to do, and a model would learn to do it"

// untrainable is why an example is refused in which the model says and calls nothing, or only in masked messages.
const untrainable = "nothing in it can be trained on"

// addParts gives an example its context and its tools, and adds the parts that it makes.
func (s *Shaper) addParts(e *sdk.Example, logged *sdk.Toolset, shaped *Shaped) {
	s.context(e)
	offer := s.offers.offer(e, logged)
	for _, one := range s.apart(e) {
		s.finish(one, offer, shaped)
	}
}

// finish applies the other options to an example, narrows it to what the format can hold, and adds the parts that it makes or
// the reasons why they are refused.
func (s *Shaper) finish(e *sdk.Example, offer offer, shaped *Shaped) {
	s.thinking(e)
	s.train(e)
	if refused := s.special(e, shaped); refused != "" {
		shaped.Refused = append(shaped.Refused, refused)
		return
	}
	s.cutResults(e, shaped)
	rows := s.rows(e)
	if len(rows) == 0 {
		shaped.Refused = append(shaped.Refused, untrainable)
	}
	for _, row := range rows {
		refused := s.narrow(row)
		length := 0
		if refused == "" {
			length, refused = s.limit(row, offer, shaped)
		}
		if refused != "" {
			shaped.Refused = append(shaped.Refused, refused)
			continue
		}
		shaped.Parts = append(shaped.Parts, Part{Example: row, Tools: offer.set, Hash: offer.hash, Tokens: length})
	}
}
