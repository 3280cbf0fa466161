package formats

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// conversation makes an example as the host hands it to a format that holds so much. It starts with a user message and ends
// with one of the model's. Every call has its result after it, except in the last message, and special tokens are gone.
func (g generator) conversation(number int, holds sdk.Holds) *sdk.Example {
	e := &sdk.Example{ID: fmt.Sprint(number), Source: "journal", Type: sdk.TypeDirectExecution, System: g.plain()}
	if holds.Context {
		e.Context, e.GameState = g.plain(), json.RawMessage(g.pick("", `{"hp":[35,35.50]}`))
	}
	if g.IntN(4) > 0 && holds.Tools {
		e.Toolset = shapedTools
	}
	e.Messages = []sdk.Message{{Role: sdk.RoleUser, Text: g.asked()}}
	steps := 1 + g.IntN(4)
	for step := range steps {
		m := g.reply(step, holds)
		e.Messages = append(e.Messages, m)
		if step == steps-1 {
			break
		}
		for _, call := range m.Calls {
			e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleTool, CallID: call.ID, Text: g.plain(), IsError: g.IntN(5) == 0})
		}
		if holds.Turns && (len(m.Calls) == 0 || g.IntN(6) == 0) {
			e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: g.asked()})
		} else if len(m.Calls) == 0 {
			break
		}
	}
	last := &e.Messages[len(e.Messages)-1]
	last.Masked = false
	if holds.Preferences {
		rejected := g.reply(9, holds)
		e.Rejected = &rejected
	}
	if holds.Judgements {
		good := g.IntN(2) == 0
		e.Good = &good
	}
	return e
}

func (g generator) reply(step int, holds sdk.Holds) sdk.Message {
	m := sdk.Message{Role: sdk.RoleAssistant, Text: g.plain(), Masked: holds.Masks && g.IntN(4) == 0}
	if holds.Thinking {
		m.Thinking = g.pick("", "", "Look first.", "\nWhere?\n\nThere.\n")
	}
	calls := g.IntN(4)
	if !holds.ParallelCalls {
		calls = min(calls, 1)
	}
	if !holds.Tools {
		calls = 0
	}
	for call := range calls {
		m.Calls = append(m.Calls, sdk.Call{
			ID: fmt.Sprintf("c%d-%d", step, call), Server: g.pick("", "game"), Tool: g.pick("look", "send_command"), Arguments: g.object(),
		})
	}
	if len(m.Calls) == 0 && strings.TrimSpace(m.Text) == "" {
		m.Text = "Done."
	}
	return m
}

// plain returns a text without special tokens; asked returns one that also says something.
func (g generator) plain() string {
	return g.pick("", " \n", "kill frogs", "\n\nüber \u2028 🐸 <b>&\"\\\n", "a\x00\x1b[0m\tb", "```go\nx()\n```", "1.50 -0 {\"a\":1,\"a\":2}")
}

// object returns a call's arguments.
func (g generator) object() json.RawMessage {
	return json.RawMessage(g.pick(`{}`, "{\n  \"z\" : 1.0,\t\"a\":[ 1 , {} ]}", `{"n":123456789012345678901234567890,"x":-0.0,"y":1E5,"i":-0}`,
		`{"a":{"b":[null,true,"\u003cb>\/"]}}`, `{"half":"\ud83d","command":"GOTO 1 2 0","né":"\u2028\u001b"}`, `{"a":1,"b":2,"a":"twice"}`))
}

func (g generator) asked() string { return g.pick("kill frogs", "über \u2028 🐸 <b>&\"\\", " go\n") }

var shapedTools = &sdk.Toolset{Tools: []sdk.ToolDefinition{
	{Server: "game", Name: "look"},
	{Name: "look", Description: "Looks \"around\".", Schema: json.RawMessage(`{"properties":{"n":{"type":"integer","maximum":1e5}},"type":"object"}`)},
	{Server: "game", Name: "send_command", Description: "Sends.", Schema: json.RawMessage(`{"additionalProperties":false}`)},
	{Name: "send_command", Schema: json.RawMessage(`{"type":"object","properties":{},"x":"<é>"}`)},
}}

// roundTrip encodes conversations and reads the rows back. expect changes an example to what should come back, and [heard]
// compares the two. row, which may be nil, looks at each row and at the example that is expected of it.
func roundTrip(t *testing.T, step, path, options string, expect func(e *sdk.Example), row func(t *testing.T, e *sdk.Example, row []byte)) {
	format := openNamed(t, step, path, options)
	holds := holdsOf(t, step, format)
	g := generator{rand.New(rand.NewPCG(3, 4))}
	accepted := 0
	for i := range 600 {
		e := g.conversation(i, holds)
		rows, err := format.Encode(t.Context(), e)
		if err != nil {
			require.ErrorContains(t, err, "refused: ")
			continue
		}
		accepted++
		require.Len(t, rows, 1)
		require.True(t, json.Valid(rows[0]), "%s", rows[0])
		require.NotContains(t, string(rows[0]), "\n")
		decoded, problems := format.(sdk.Decoder).Decode(rows[0])
		require.Empty(t, problems, "%s", rows[0])
		expect(e)
		require.Equal(t, heard(t, e), heard(t, decoded), "%s", rows[0])
		if row != nil {
			row(t, e, rows[0])
		}
	}
	require.Greater(t, accepted, 300)
}

// heard returns what an example says in lines that can be compared.
func heard(t *testing.T, e *sdk.Example) (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	message := func(m sdk.Message) {
		say("%s masked=%t %q %q", m.Role, m.Masked, m.Thinking, m.Text)
		for _, call := range m.Calls {
			arguments, err := appendDumped(nil, call.Arguments)
			require.NoError(t, err)
			say("call %s %s", call.FullName(), arguments)
		}
	}
	say("system %q", e.System)
	for _, m := range e.Messages {
		message(m)
	}
	if e.Rejected != nil {
		say("rejected")
		message(*e.Rejected)
	}
	if e.Good != nil {
		say("good %t", *e.Good)
	}
	if e.Toolset != nil {
		for _, tool := range e.Toolset.Tools {
			schema, err := appendDumped(nil, tool.Parameters())
			require.NoError(t, err)
			say("tool %s %q %s", tool.FullName(), tool.Description, schema)
		}
	}
	return lines
}

// textRow returns a row with nothing but a text.
func textRow(text string) []byte { return append(appendQuoted([]byte(`{"text":`), text), '}') }

// openNamed opens a format of the plugin by its type, for an output to a path.
func openNamed(t testing.TB, step, path, options string) sdk.Format {
	for i, s := range Plugin.Steps {
		if s.Type == step && s.Kind == sdk.KindFormat {
			return openStep(t, i, sdk.Setup{Paths: []string{path}}, options)
		}
	}
	require.Failf(t, "no such step", "%q", step)
	return nil
}

// holdsOf returns what a format holds, or what its step says if that does not depend on options.
func holdsOf(t testing.TB, step string, format sdk.Format) sdk.Holds {
	if holder, ok := format.(sdk.Holder); ok {
		return holder.Holds()
	}
	for _, s := range Plugin.Steps {
		if s.Type == step {
			return s.Holds
		}
	}
	require.Failf(t, "no such step", "%q", step)
	return sdk.Holds{}
}
