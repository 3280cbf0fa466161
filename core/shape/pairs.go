package shape

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ftprep/ftprep/sdk"
)

// preferences makes pairs of a better and a worse message, with the conversation before them, from what the log holds: a
// call that failed or that the user refused, and the one made in its place; a message before and after somebody corrected
// it; bad code and good code. Nothing is made up: an example without such a pair is refused.
func preferences(e *sdk.Example) (pairs []*sdk.Example, refused string) {
	if e.Correction != nil {
		pair, refused := correctionPair(e)
		if refused != "" {
			return nil, refused
		}
		return []*sdk.Example{pair}, ""
	}
	for _, c := range corrections(e) {
		pair := variant(e, c.before, c.better)
		pair.Rejected = &c.worse
		pairs = append(pairs, pair)
	}
	switch {
	case len(pairs) > 0:
		return pairs, ""
	case beginsWithSystem(e):
		return nil, systemInside
	}
	return nil, unpaired
}

// unpaired is why an example makes no pair.
const unpaired = "it has no worse answer beside a better one"

// judgements makes examples whose last message is judged. The end of a conversation in which nothing failed is good; what
// not to do, and the end of a conversation that the user rated down, is bad. Pairs are returned whole: [Shaper.apart] makes
// two judgements of each once both sides have been given the same tools.
func judgements(e *sdk.Example) (examples []*sdk.Example, refused string) {
	switch {
	case e.Correction != nil:
		return preferences(e)
	case e.Negative != nil && blank(e.Negative.Pattern):
		return nil, untrainable
	case e.Negative != nil && blank(e.Context):
		return nil, aboutNothing
	case e.Negative != nil:
		bad := sdk.Message{Role: sdk.RoleAssistant, Text: imperative(e.Negative.Pattern)}
		return []*sdk.Example{judged(e, howTo(e.Context), bad, false)}, ""
	case e.Chain != nil:
		if e.Messages = told(e); len(e.Messages) == 0 {
			return nil, untold
		}
		e.Context, e.Chain = "", nil
	}
	if pairs, _ := preferences(e); len(pairs) > 0 {
		return pairs, ""
	}
	good := endedWell(e)
	if !good && !below(e, "feedback") {
		return nil, "nothing says whether it is good"
	}
	if refused := order(e); refused != "" {
		return nil, refused
	}
	last := len(e.Messages) - 1
	return []*sdk.Example{judged(e, e.Messages[:last], e.Messages[last], good)}, ""
}

// judged returns an example of a good or a bad message, after what came before it.
func judged(e *sdk.Example, before []sdk.Message, m sdk.Message, good bool) *sdk.Example {
	one := variant(e, before, m)
	one.Rejected, one.Good = nil, &good
	return one
}

// apart makes two judgements of a pair if the format holds judgements. It returns any other example as it is.
func (s *Shaper) apart(e *sdk.Example) []*sdk.Example {
	if !s.holds.Judgements || e.Rejected == nil {
		return []*sdk.Example{e}
	}
	last := len(e.Messages) - 1
	before := e.Messages[:last]
	return []*sdk.Example{judged(e, before, *e.Rejected, false), judged(e, before, e.Messages[last], true)}
}

// endedWell reports whether a conversation came to its end, every call in it succeeded, and neither the log nor a filter nor
// the user says otherwise.
func endedWell(e *sdk.Example) bool {
	if below(e, "succeeded") || below(e, "feedback") {
		return false
	}
	for _, m := range e.Messages {
		if m.IsError {
			return false
		}
	}
	return !slices.Contains(e.Labels, sdk.LabelUnfinished) && len(e.Messages) > 0 && acts(e.Messages[len(e.Messages)-1])
}

// below reports whether a signal of an example is below one half.
func below(e *sdk.Example, signal string) bool {
	return slices.ContainsFunc(e.Signals, func(s sdk.Signal) bool { return s.Name == signal && s.Score < 0.5 })
}

// variant returns an example with another conversation: what came before, and one message of the model.
func variant(e *sdk.Example, before []sdk.Message, last sdk.Message) *sdk.Example {
	v := *e
	v.Chain, v.Correction, v.Negative = nil, nil, nil
	v.Messages = withoutRejected(append(slices.Clone(before), last))
	return &v
}

// correctionPair makes a pair of good and bad code.
func correctionPair(e *sdk.Example) (pair *sdk.Example, refused string) {
	good, bad := answers(e.Correction)
	if good == "" || bad == "" {
		return nil, unpaired
	}
	if blank(e.Context) {
		return nil, aboutNothing
	}
	pair = variant(e, howTo(e.Context), sdk.Message{Role: sdk.RoleAssistant, Text: good})
	pair.Rejected = &sdk.Message{Role: sdk.RoleAssistant, Text: bad}
	pair.Context = ""
	return pair, ""
}

// aboutNothing is why an example is refused that has no context, of which its question would be made.
const aboutNothing = "without its context the question says nothing"

// howTo returns the question for a good or a bad answer of an example whose log holds no question.
func howTo(context string) []sdk.Message {
	return []sdk.Message{{Role: sdk.RoleUser, Text: join(strings.TrimSpace(context), "How is this done right?")}}
}

var prohibition = regexp.MustCompile(`^(?i:don['’]t|do not|never)\s+`)

// imperative turns what one must not do into an answer that says to do it.
func imperative(pattern string) string {
	text := prohibition.ReplaceAllString(strings.TrimSpace(pattern), "")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
