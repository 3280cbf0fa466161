package shape

import (
	"encoding/json"
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
	v.Messages = append(slices.Clone(before), last)
	return &v
}

// correction is a message whose calls failed and the one that took its place.
type correction struct {
	before        []sdk.Message
	worse, better sdk.Message
}

// corrections finds, in a conversation, calls that failed and were at once made again in another way, with success: of the
// same tool, with arguments that have much in common; see alike. What is said beside the calls is left out, since it speaks
// of the failure.
func corrections(e *sdk.Example) []correction {
	results := resultsOf(e.Messages)
	leadingSystem(e)
	messages := tidy(withoutRepeats(e.Messages), results)
	if len(messages) == 0 || messages[0].Role != sdk.RoleUser {
		return nil
	}
	var found []correction
	for i, m := range messages {
		if m.Masked || !results.failed(m) {
			continue
		}
		next := i + 1
		for next < len(messages) && messages[next].Role == sdk.RoleTool {
			next++
		}
		if next < len(messages) && results.succeeded(messages[next]) && alike(m, messages[next]) {
			found = append(found, correction{before: messages[:i], worse: onlyCalls(m), better: onlyCalls(messages[next])})
		}
	}
	return found
}

func onlyCalls(m sdk.Message) sdk.Message {
	return sdk.Message{Role: sdk.RoleAssistant, Calls: slices.Clone(m.Calls)}
}

// alike reports whether two messages make the same attempt in different words: calls of the same tools, whose arguments
// share a third of their words but are not equal. Command lines have to share half, and their program: a failed command is
// often an answer, and the next one another question.
func alike(a, b sdk.Message) bool {
	if len(a.Calls) != len(b.Calls) {
		return false
	}
	equal := true
	for i := range a.Calls {
		if a.Calls[i].FullName() != b.Calls[i].FullName() {
			return false
		}
		x, y := a.Calls[i].Arguments, b.Calls[i].Arguments
		least := 1.0 / 3
		if a.Calls[i].Shell() {
			least = 1.0 / 2
		}
		if similarity(x, y) < least || a.Calls[i].Program() != b.Calls[i].Program() || onlyChecks(a.Calls[i]) != onlyChecks(b.Calls[i]) {
			return false
		}
		equal = equal && string(x) == string(y)
	}
	return !equal
}

// onlyChecks reports whether a command only says what it would do, and fails where there is something to do.
func onlyChecks(call sdk.Call) bool { return call.Shell() && checking.Match(call.Arguments) }

var checking = regexp.MustCompile(`--(?:check|dry-run)\b(?:[^-=\w]|$)`)

// similarity is the share of the words of both that two JSON values have in common.
func similarity(a, b json.RawMessage) float64 {
	inA, inB := words(a), words(b)
	if len(inA)+len(inB) == 0 {
		return 1
	}
	common := 0
	for word := range inA {
		if inB[word] {
			common++
		}
	}
	return float64(common) / float64(len(inA)+len(inB)-common)
}

func words(value json.RawMessage) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsFuncSeq(string(value), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		all[word] = true
	}
	return all
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
