package formats

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

const mistralDoc = `Rows of messages and tools for mistral-finetune, valid for Mistral's V3 tokenizer, in uncompressed files. ` +
	`The id of a call is nine letters and digits, made from the example's id. A message holds either text or calls. Thinking is left out. A message that is only shown has weight 0. ` +
	`If a row has tools, mistral-finetune trains only on its last message; by default (dynamic_chunk_fn_call), it also makes a sample that ends on each earlier one. ` +
	`Names of tools must be 1 to 64 letters, digits, _ and -; otherwise the example is refused.`

type mistralOptions struct {
	Narration string `option:"narration" doc:"What happens to text beside calls, of which the V3 tokenizer takes only one. leave_out: the text is left out. refuse: the example is refused." default:"leave_out" one_of:"leave_out,refuse"`
}

// mistralChat is what mistral-common's validators accept in finetuning mode.
var mistralChat = chat{names: true, apart: true, strict: "Mistral", flag: weightFlag}

var mistralHolds = sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true, Masks: true}

// mistral writes rows for mistral-finetune.
type mistral struct {
	chat   chat
	tools  toolList
	refuse bool // an example with text beside calls
	row    writer
}

func newMistral(setup sdk.Setup, o mistralOptions) (sdk.Format, error) {
	if compressed(setup) {
		return nil, &sdk.OptionError{Option: "path", Reason: "mistral-finetune does not read compressed rows; use .jsonl"}
	}
	return &mistral{chat: mistralChat, refuse: o.Narration == "refuse"}, noTable(setup)
}

func (m *mistral) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := checkTalk(e.Messages); err != nil {
		return nil, err
	}
	if !apiNames(e) {
		return nil, errName
	}
	if m.refuse && slices.ContainsFunc(e.Messages, narrates) {
		return nil, sdk.Refuse("text beside a call: the V3 tokenizer takes only one of them")
	}
	w := &m.row
	w.begin()
	m.chat.messages(w, "messages", e.System, shortIDs(e))
	m.tools.append(w, "tools", e.Toolset)
	return w.end()
}

func narrates(m sdk.Message) bool { return len(m.Calls) > 0 && strings.TrimSpace(m.Text) != "" }

// shortIDs returns the conversation with call ids as Mistral wants them, made from the example's id and the call's number.
func shortIDs(e *sdk.Example) []sdk.Message {
	messages := slices.Clone(e.Messages)
	n := 0
	var old, short []string // ids of the calls that results may answer
	for i := range messages {
		m := &messages[i]
		if m.Role == sdk.RoleTool {
			if j := slices.Index(old, m.CallID); j >= 0 {
				m.CallID = short[j]
			}
			continue
		}
		old, short = old[:0], short[:0]
		m.Calls = slices.Clone(m.Calls)
		for j := range m.Calls {
			id := shortID(e.ID, n)
			old, short = append(old, m.Calls[j].ID), append(short, id)
			m.Calls[j].ID = id
			n++
		}
	}
	return messages
}

// shortID returns nine letters and digits: enough of a hash that no two calls of an example share them.
func shortID(example string, call int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum := sha256.Sum256([]byte(example + "#" + strconv.Itoa(call)))
	n := binary.BigEndian.Uint64(sum[:])
	var id [9]byte
	for i := range id {
		id[i] = digits[n%uint64(len(digits))]
		n /= uint64(len(digits))
	}
	return string(id[:])
}

func (m *mistral) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row, "tools")
	if top == nil {
		return nil, r.problems
	}
	e := &sdk.Example{}
	m.chat.decode(r, top["messages"], "messages", e)
	if tools, ok := top["tools"]; ok {
		e.Toolset = r.tools(tools)
	}
	decodeNames(r, e)
	for i := range e.Messages {
		message := &e.Messages[i]
		r.check(message.Role != sdk.RoleTool || isShortID(message.CallID), "an id of a result that is not nine letters and digits")
		for _, call := range message.Calls {
			r.check(isShortID(call.ID), "an id of a call that is not nine letters and digits")
		}
	}
	return e, r.problems
}

func isShortID(id string) bool { return len(id) == 9 && apiName(id) && !strings.ContainsAny(id, "_-") }
