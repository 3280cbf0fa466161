package shape

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ftprep/ftprep/sdk"
)

// preferences makes pairs of a better and a worse message, each with what came before both, of what the log holds: a call
// that failed or that the user refused, and the one that was made in its place; bad code and good code. Nothing is made up:
// an example without such a pair is refused.
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
	if len(pairs) == 0 {
		return nil, unpaired
	}
	return pairs, ""
}

// unpaired is why an example makes no pair.
const unpaired = "it has no worse answer beside a better one"

// judgements makes messages that are good or bad: calls that failed and those made in their place, the end of a
// conversation in which nothing went wrong, good code, bad code, and what not to do.
func judgements(e *sdk.Example) (judged []*sdk.Example, refused string) {
	judge := func(before []sdk.Message, m sdk.Message, good bool) {
		example := variant(e, before, m)
		example.Good = &good
		judged = append(judged, example)
	}
	switch {
	case e.Correction != nil:
		pair, refused := correctionPair(e)
		if refused != "" {
			return nil, refused
		}
		question, good := pair.Messages[:1], pair.Messages[1]
		judge(question, good, true)
		judge(question, *pair.Rejected, false)
		return judged, ""
	case e.Negative != nil && blank(e.Negative.Pattern):
		return nil, untrainable
	case e.Negative != nil && blank(e.Context):
		return nil, aboutNothing
	case e.Negative != nil:
		judge(howTo(e.Context), sdk.Message{Role: sdk.RoleAssistant, Text: imperative(e.Negative.Pattern)}, false)
		return judged, ""
	case e.Chain != nil:
		if e.Messages = told(e); len(e.Messages) == 0 {
			return nil, untold
		}
		e.Context, e.Chain = "", nil
	}
	for _, c := range corrections(e) {
		judge(c.before, c.worse, false)
		judge(c.before, c.better, true)
	}
	switch {
	case len(judged) > 0:
		return judged, ""
	case !endedWell(e):
		return nil, "nothing says whether it is good"
	}
	if refused := order(e); refused != "" {
		return nil, refused
	}
	last := len(e.Messages) - 1
	judge(e.Messages[:last], e.Messages[last], true)
	return judged, ""
}

// endedWell reports whether a conversation came to its end and every call of it succeeded.
func endedWell(e *sdk.Example) bool {
	for _, m := range e.Messages {
		if m.IsError {
			return false
		}
	}
	return !slices.Contains(e.Labels, sdk.LabelUnfinished) && len(e.Messages) > 0 && acts(e.Messages[len(e.Messages)-1])
}

// variant is an example with another conversation: what came before, and one message of the model's.
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

// aboutNothing is why an example is refused for which a question would have to be made up of a context that it lacks.
const aboutNothing = "without its context the question says nothing"

// howTo is the question to a good or a bad answer, for an example whose log holds no question.
func howTo(context string) []sdk.Message {
	return []sdk.Message{{Role: sdk.RoleUser, Text: join(strings.TrimSpace(context), "How is this done right?")}}
}

var prohibition = regexp.MustCompile(`^(?i:don['’]t|do not|never)\s+`)

// imperative turns what one must not do into the answer that tells to do it.
func imperative(pattern string) string {
	text := prohibition.ReplaceAllString(strings.TrimSpace(pattern), "")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
