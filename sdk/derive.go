package sdk

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// complete derives what the source left open: type, task type and phases. It also sets the id.
func (e *Example) complete() {
	e.cleanText()
	if e.Type == "" {
		e.Type = e.deriveType()
	}
	if e.TaskType == "" {
		e.TaskType = e.DerivedTaskType()
	}
	e.derivePhases()
	e.ID = e.hash()
}

// deriveType derives the type of an example. In a conversation, a call in a message after some result depends on that
// result; parallel calls alone do not make it multi-step.
func (e *Example) deriveType() Type {
	switch {
	case e.Chain != nil:
		return TypeReasoningChain
	case e.Correction != nil:
		return TypeCodeCorrection
	case e.Negative != nil:
		return TypeNegative
	}
	answered := false
	for _, message := range e.Messages {
		if message.Masked {
			continue
		}
		if answered && len(message.Calls) > 0 {
			return TypeMultiStep
		}
		answered = answered || message.Role == RoleTool
	}
	return TypeDirectExecution
}

// DerivedTaskType returns the task type that an example has if its log names none.
func (e *Example) DerivedTaskType() string {
	switch {
	case e.Detailed():
		return ""
	case e.Type == TypeMultiStep:
		return taskMultiStep
	case slices.ContainsFunc(e.Calls(), func(call AnsweredCall) bool { return !call.Masked }):
		return taskSimpleCommand
	}
	return taskConversation
}

// Detailed reports whether the example is a reasoning chain, a correction or an anti-pattern instead of a conversation.
func (e *Example) Detailed() bool { return e.Chain != nil || e.Correction != nil || e.Negative != nil }

// UserMessage returns what the human asked: the text of the first user message that is not masked. In a branch, whose
// request may be masked because another example has it as well, it falls back to the first masked one.
func (e *Example) UserMessage() string {
	for _, masked := range []bool{false, true} {
		if masked && !slices.Contains(e.Labels, LabelBranch) {
			break
		}
		for _, message := range e.Messages {
			if message.Role == RoleUser && message.Masked == masked {
				return message.Text
			}
		}
	}
	return ""
}

// ResponseText returns the last text of the model after its last call, or the solution of a reasoning chain.
func (e *Example) ResponseText() string {
	if e.Chain != nil {
		return e.Chain.Solution
	}
	for i := len(e.Messages) - 1; i >= 0; i-- {
		message := e.Messages[i]
		if message.Role == RoleTool || len(message.Calls) > 0 || message.Role == RoleAssistant && message.Masked {
			return ""
		}
		if message.Role == RoleAssistant && strings.TrimSpace(message.Text) != "" {
			return message.Text
		}
	}
	return ""
}

// An AnsweredCall is a call with its result, if it has one.
type AnsweredCall struct {
	Call
	Answered bool
	Result   string
	IsError  bool
	Masked   bool // the message that makes the call is not trained on
}

// Calls returns the calls of all messages in order, each with its result.
func (e *Example) Calls() []AnsweredCall {
	n := 0
	for i := range e.Messages {
		n += len(e.Messages[i].Calls)
	}
	if n == 0 {
		return nil
	}
	calls := make([]AnsweredCall, 0, n)
	open := make(map[string]int, n)
	for _, message := range e.Messages {
		for _, call := range message.Calls {
			open[call.ID] = len(calls)
			calls = append(calls, AnsweredCall{Call: call, Masked: message.Masked})
		}
		if i, ok := open[message.CallID]; ok && message.Role == RoleTool {
			calls[i].Answered, calls[i].Result, calls[i].IsError = true, message.Text, message.IsError
			delete(open, message.CallID)
		}
	}
	return calls
}

// Answered returns the ids of the calls that have a result, in the order of the results. It is the default of Calls in
// [Identity].
func (e *Example) Answered() []string {
	var ids []string
	for i := range e.Messages {
		if m := &e.Messages[i]; m.Role == RoleTool {
			ids = append(ids, m.CallID)
		}
	}
	return ids
}

// hash returns an id for the example that depends on its content, identity and source file, so it is the same in every
// run, order and place.
func (e *Example) hash() string {
	parts := make([]string, 0, 16)
	parts = append(parts, e.Source, e.SourceFile, string(e.Type), e.Identity.Opening, e.Context)
	for _, message := range e.Messages {
		parts = append(parts, string(message.Role), message.Text, message.Thinking, message.CallID)
		for _, call := range message.Calls {
			parts = append(parts, call.ID, call.FullName(), string(call.Arguments))
		}
	}
	switch {
	case e.Chain != nil:
		parts = append(parts, e.Chain.Problem, e.Chain.RootCause, e.Chain.Reasoning, e.Chain.Solution)
	case e.Correction != nil:
		parts = append(parts, e.Correction.BadCode, e.Correction.BadReason, e.Correction.GoodCode, e.Correction.GoodReason)
	case e.Negative != nil:
		parts = append(parts, e.Negative.Pattern, e.Negative.Reason)
	}
	return hash(parts...)
}

// hashBytes is how many bytes of a hash make a name: few enough to type, enough never to collide.
const hashBytes = 12

// hash returns a name for texts, in hexadecimal. Each text is hashed with its length before it, so that only equal lists
// of texts have the same name.
func hash(parts ...string) string {
	const few, longestLength = 2 << 10, len("9223372036854775807:")
	size := 0
	for _, part := range parts {
		size += longestLength + len(part)
	}
	var sum [sha256.Size]byte
	if size <= few { // most examples; their texts are put together on the stack, because every example is hashed
		data := make([]byte, 0, few)
		for _, part := range parts {
			data = append(strconv.AppendInt(data, int64(len(part)), 10), ':')
			data = append(data, part...)
		}
		sum = sha256.Sum256(data)
	} else {
		all := sha256.New()
		gathered := bufio.NewWriter(all) // hashing a short text by itself costs more than copying it
		for _, part := range parts {
			_, _ = gathered.WriteString(strconv.Itoa(len(part)) + ":")
			_, _ = gathered.WriteString(part)
		}
		_ = gathered.Flush() // a hash returns no errors
		all.Sum(sum[:0])
	}
	return hex.EncodeToString(sum[:hashBytes])
}
