package shape

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ftprep/ftprep/sdk"
)

// A correction is a message whose calls failed, or that somebody corrected, and the message that took its place.
type correction struct {
	before        []sdk.Message
	worse, better sdk.Message
}

// corrections finds pairs of a worse and a better message in a conversation: messages that were corrected by hand, and
// failed calls that the very next message repeats in another way and with success (see alike). The text beside such calls is
// left out, since it speaks of the failure.
func corrections(e *sdk.Example) []correction {
	results := resultsOf(e.Messages)
	leadingSystem(e)
	messages := tidy(withoutRepeats(e.Messages), results)
	if len(messages) == 0 || messages[0].Role != sdk.RoleUser {
		return nil
	}
	var found []correction
	for i, m := range messages {
		if m.Masked {
			continue
		}
		if c := (correction{messages[:i], rejected(m), answer(m)}); m.Rejected != nil && !equal(c.worse, c.better) {
			found = append(found, c)
		}
		if !results.failed(m) {
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

// answer returns what a message says and calls, without the reasoning.
func answer(m sdk.Message) sdk.Message {
	return sdk.Message{Role: sdk.RoleAssistant, Text: m.Text, Calls: slices.Clone(m.Calls)}
}

// rejected returns what a message was before it was corrected, or the message itself.
func rejected(m sdk.Message) sdk.Message {
	if m.Rejected == nil {
		return m
	}
	return sdk.Message{Role: sdk.RoleAssistant, Text: m.Rejected.Text, Calls: slices.Clone(m.Rejected.Calls)}
}

// equal reports whether two answers say and call the same. Spacing does not count: it may differ in files written by hand.
func equal(a, b sdk.Message) bool {
	same := func(x, y sdk.Call) bool {
		return x.FullName() == y.FullName() && bytes.Equal(compact(x.Arguments), compact(y.Arguments))
	}
	return strings.TrimSpace(a.Text) == strings.TrimSpace(b.Text) && slices.EqualFunc(a.Calls, b.Calls, same)
}

func compact(value json.RawMessage) []byte {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return value
	}
	return b.Bytes()
}

// onlyCalls returns a message without what is said beside its calls.
func onlyCalls(m sdk.Message) sdk.Message {
	return sdk.Message{Role: sdk.RoleAssistant, Calls: slices.Clone(m.Calls)}
}

// alike reports whether two messages make the same attempt in different words: they call the same tools, with arguments that
// are not equal but share a third of their words. Command lines must share half of their words, and run the same program: a
// command that fails is often an answer in itself, and the next one asks something else.
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

// onlyChecks reports whether a command is a dry run, which fails if there is something to do.
func onlyChecks(call sdk.Call) bool { return call.Shell() && checking.Match(call.Arguments) }

var checking = regexp.MustCompile(`--(?:check|dry-run)\b(?:[^-=\w]|$)`)

// similarity returns the Jaccard index of the words of two JSON values: how many they share, of all that either has.
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

// words returns the words and numbers in a JSON value, including those in keys.
func words(value json.RawMessage) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsFuncSeq(string(value), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		all[word] = true
	}
	return all
}
