package formats

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// conversation reads who says what. The keys of a row tell its form.
func (r *datasetReader) conversation(o object) {
	for _, key := range []string{"messages", "conversations"} {
		if turns := r.unfolded(o[key], key); turns.Kind() == '[' {
			delete(o, key)
			r.turns(turns, key)
			if o["chosen"].Kind() == '{' && o["rejected"].Kind() == '{' { // as LLaMA-Factory has pairs
				r.pair(single(o.take("chosen")), single(o.take("rejected")), "chosen", "rejected")
			}
			return
		}
	}
	switch {
	case o["input"].Kind() == '{':
		input := r.object(o.take("input"), "input")
		r.turns(input.take("messages"), "input/messages")
		r.about(input)
		r.rest(input, "input")
		r.pair(o.take("preferred_output"), o.take("non_preferred_output"), "preferred_output", "non_preferred_output")
	case o["chosen"].Kind() == '[' || o["chosen"].Kind() == '"' && o["prompt"] != nil:
		if o["prompt"].Kind() == '[' || o["chosen"].Kind() == '"' { // else what was asked stands in chosen, too
			r.prompt(o.take("prompt"))
		}
		r.pair(o.take("chosen"), o.take("rejected"), "chosen", "rejected")
	case o["prompt"] != nil && o["completion"] != nil:
		r.prompt(o.take("prompt"))
		maskAnswers(r.example.Messages)
		r.answers(o.take("completion"), "completion")
	case o["instruction"] != nil:
		r.instruction(o)
	case o["steps"].Kind() == '[':
		r.trajectory(o)
	case o["chosen"].Kind() == '"':
		r.report("chosen is text, but what it answers is in neither prompt nor instruction")
	default:
		r.report("a row of an unknown form: it needs messages, conversations, prompt, chosen, input, instruction or steps as a known format has them")
	}
}

// unfolded returns the list that a text holds, as in tables whose messages differ from row to row. Any other value it returns
// as it is.
func (r *datasetReader) unfolded(value jsontext.Value, what string) jsontext.Value {
	if value.Kind() != '"' || !strings.HasPrefix(strings.TrimSpace(r.text(value, what)), "[") {
		return value
	}
	return r.unwrap(value, what)
}

func single(value jsontext.Value) jsontext.Value {
	return slices.Concat(jsontext.Value("["), value, jsontext.Value("]"))
}

// judged reads whether an answer is good. It rejects a row with a bad one, which would be imitated. A label without a
// completion need not be a judgement: it may be the name of a class.
func (r *datasetReader) judged(o object) {
	for _, key := range []string{"kto_tag", "label"} {
		switch strings.ToLower(strings.Trim(string(o[key]), `"`)) {
		case "true":
			delete(o, key)
		case "false":
			r.report(key + " is false: a model would learn to imitate the bad answer")
		default:
			judges := key == "kto_tag" || o["completion"] != nil
			r.check(!judges || o[key] == nil || o[key].Kind() == 'n', key+" is neither true nor false")
		}
	}
}

// ofTemplate matches what a template writes between messages. It would be trained on as if a user had written it.
var ofTemplate = regexp.MustCompile(`(?m)^(### ?)?(Human|Assistant):|^### (Instruction|Input|Response):|\[/?INST\]|<\|\w+\|>|<start_of_turn>`)

// prompt reads what comes before an answer: a list of messages, or the text of the only one.
func (r *datasetReader) prompt(value jsontext.Value) {
	if value.Kind() != '"' {
		r.turns(value, "prompt")
		return
	}
	text := r.text(value, "prompt")
	r.check(!ofTemplate.MatchString(text), "prompt is text that a template wrote, which is not read; write it as a list of messages")
	r.asked(text)
}

// answers reads what the model says: a list of messages, or the text of the only one.
func (r *datasetReader) answers(value jsontext.Value, what string) {
	if value.Kind() != '"' {
		r.turns(value, what)
		return
	}
	r.said(r.text(value, what))
}

// turns reads a list of messages.
func (r *datasetReader) turns(list jsontext.Value, what string) {
	values := r.list(list, what)
	for i, value := range values {
		if i == len(values)-1 {
			r.unreadBefore = maps.Clone(r.unread)
		}
		r.within("/"+what+"/"+strconv.Itoa(i), func() {
			o := r.object(value, "a message")
			r.turn(o)
			r.rest(o, "a message")
		})
	}
}

// within reads a part of a row and puts its place before the problems that it has.
func (r *datasetReader) within(place string, read func()) {
	before := len(r.problems)
	read()
	for k := before; k < len(r.problems); k++ {
		r.problems[k] = place + ": " + r.problems[k]
	}
}

// pair reads two answers to what was read already. Both may begin with more messages, which must be the same. Only the better
// answer is trained; the worse one becomes what it was preferred to.
func (r *datasetReader) pair(better, worse jsontext.Value, betterKey, worseKey string) {
	other := r.fork()
	r.answers(better, betterKey)
	other.answers(worse, worseKey)
	for _, problem := range other.problems {
		r.report(problem)
	}
	r.countUnreadAnswer(other)
	ours, theirs := r.example.Messages, other.example.Messages
	last := len(ours) - 1
	if last < 0 || last != len(theirs)-1 || ours[last].Role != sdk.RoleAssistant || theirs[last].Role != sdk.RoleAssistant ||
		r.example.System != other.example.System || !reflect.DeepEqual(ours[:last], theirs[:last]) {
		r.report(betterKey + " and " + worseKey + " are not one answer each to the same messages")
		return
	}
	maskAnswers(ours[:last])
	ours[last].Masked, ours[last].Rejected = false, &sdk.Answer{Text: theirs[last].Text, Thinking: theirs[last].Thinking, Calls: theirs[last].Calls}
}

// countUnreadAnswer counts what other left unread of its last message. What it left unread of the messages before it was
// counted when r read the same messages.
func (r *datasetReader) countUnreadAnswer(other *datasetReader) {
	for member, n := range other.unread {
		if n -= other.unreadBefore[member]; n > 0 {
			r.unread[member] += n
		}
	}
}

// fork makes a reader that goes on from the same messages.
func (r *datasetReader) fork() *datasetReader {
	other := *r
	example := *r.example
	example.Messages = slices.Clone(example.Messages)
	if last := len(example.Messages) - 1; last >= 0 { // more calls may be added to it
		example.Messages[last].Calls = slices.Clip(example.Messages[last].Calls)
	}
	other.example, other.problems, other.unread, other.unreadBefore, other.callMatcher = &example, nil, map[string]int{}, nil, r.callMatcher.clone()
	return &other
}

// maskAnswers masks the messages of the model's, and only these.
func maskAnswers(messages []sdk.Message) {
	for i := range messages {
		messages[i].Masked = messages[i].Role == sdk.RoleAssistant
	}
}

// instruction reads a row of one question, perhaps after a history, and its answer or a pair of answers. The input goes below
// the instruction, where trainers put it.
func (r *datasetReader) instruction(o object) {
	for _, value := range r.listed(o.take("history"), "history") {
		turn := r.list(value, "a turn of history")
		if len(turn) != 2 {
			r.report("a turn of history is not a question and its answer")
			return
		}
		r.asked(r.text(turn[0], "a question of history"))
		r.said(r.text(turn[1], "an answer of history"))
	}
	var asked []string
	for _, key := range []string{"instruction", "input"} {
		if text := r.optional(o.take(key), key); text != "" {
			asked = append(asked, text)
		}
	}
	r.asked(strings.Join(asked, "\n"))
	output := o.take("output")
	if output == nil && o["chosen"].Kind() == '"' { // as LLaMA-Factory has pairs
		r.pair(o.take("chosen"), o.take("rejected"), "chosen", "rejected")
		return
	}
	r.said(r.text(output, "output"))
}

func (r *datasetReader) asked(text string) { r.add(sdk.Message{Role: sdk.RoleUser, Text: text}) }

func (r *datasetReader) said(text string) {
	r.add(r.thought(sdk.Message{Role: sdk.RoleAssistant, Text: text}))
}

// listed reads a value that must be a list if it is there.
func (r *datasetReader) listed(value jsontext.Value, what string) []jsontext.Value {
	if value == nil {
		return nil
	}
	return r.list(value, what)
}
