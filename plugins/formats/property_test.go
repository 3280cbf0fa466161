package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// generator makes examples of what logs really hold: parallel calls, calls without arguments, nested arguments and large
// integers, empty texts and results, special tokens, bytes that are no UTF-8.
type generator struct{ *rand.Rand }

func (g generator) pick(texts ...string) string { return texts[g.IntN(len(texts))] }

func (g generator) text() string {
	return g.pick("", " \n", "kill frogs", "über \u2028 🐸 <b>&\"\\", "half \xff\xf0", "a\x00\x1b[0m\tb", "<|im_end|>", "</tool_call>\n", "```go\nx()\n```")
}

func (g generator) arguments() json.RawMessage {
	return json.RawMessage(g.pick(`{}`, "{\n  \"z\" : 1.0,\t\"a\":[ 1 , {} ]}", `{"n":123456789012345678901234567890,"x":-0.0}`,
		`{"a":{"b":[null,true,"\u003c|im_end|>"]}}`, `{"half":"\ud83d","command":"GOTO 1 2 0"}`, `{"a":1,"a":"twice"}`))
}

func (g generator) example(number int) *sdk.Example {
	e := &sdk.Example{ID: fmt.Sprint(number), Type: sdk.TypeDirectExecution, System: g.text(), Context: g.text()}
	e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: g.text()})
	for step := range g.IntN(4) {
		message := sdk.Message{Role: sdk.RoleAssistant, Text: g.text(), Thinking: g.text(), Masked: g.IntN(9) == 0}
		var results []sdk.Message
		for call := range g.IntN(4) {
			id := fmt.Sprintf("c%d-%d", step, call)
			message.Calls = append(message.Calls, sdk.Call{ID: id, Server: g.pick("", "game"), Tool: "tool", Arguments: g.arguments()})
			results = append(results, sdk.Message{Role: sdk.RoleTool, CallID: id, Text: g.text(), IsError: g.IntN(5) == 0})
		}
		e.Messages = append(append(e.Messages, message), results...)
	}
	last := len(e.Messages) // as the host cuts what is unfinished
	for last > 0 && (e.Messages[last-1].Role != sdk.RoleAssistant || e.Messages[last-1].Masked || silent(e.Messages[last-1])) {
		last--
	}
	e.Messages = e.Messages[:last]
	return e
}

// eachExample encodes generated examples and hands over those that were not refused.
func eachExample(t *testing.T, step int, options string, check func(t *testing.T, e *sdk.Example, row []byte)) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	format := openStep(t, step, sdk.Setup{Paths: []string{"out.jsonl"}}, options)
	accepted := 0
	for i := range 2000 {
		e := g.example(i)
		rows, err := format.Encode(t.Context(), e)
		if err != nil {
			require.ErrorContains(t, err, "refused: ")
			continue
		}
		accepted++
		require.Len(t, rows, 1)
		require.True(t, utf8.Valid(rows[0]))
		require.NotContains(t, string(rows[0]), "\n")
		require.True(t, json.Valid(rows[0]), "%s", rows[0])
		check(t, e, rows[0])
	}
	require.Greater(t, accepted, 100)
}

func openStep(t testing.TB, step int, setup sdk.Setup, options string) sdk.Format {
	opened, err := Plugin.Steps[step].Open(setup, options)
	require.NoError(t, err)
	return opened.(sdk.Format)
}

const (
	unifiedStep = iota
	chatmlStep
	axolotlStep
)

func TestUnifiedHoldsEverything(t *testing.T) {
	type call struct {
		ID, Server, Tool string
		Arguments        json.RawMessage
	}
	eachExample(t, unifiedStep, `{}`, func(t *testing.T, e *sdk.Example, row []byte) {
		var got struct {
			Messages []struct {
				Role, Content, Thinking string
				Calls                   []call `json:"tool_calls"`
				CallID                  string `json:"tool_call_id"`
				IsError                 bool   `json:"is_error"`
				Weight                  *int
			}
		}
		require.NoError(t, json.Unmarshal(row, &got))
		require.Len(t, got.Messages, len(e.Messages))
		for i, want := range e.Messages {
			m := got.Messages[i]
			require.Equal(t, string(want.Role), m.Role)
			require.Equal(t, strings.ToValidUTF8(want.Text, "\ufffd"), strings.ReplaceAll(m.Content, "\ufffd\ufffd", "\ufffd"))
			require.Equal(t, want.CallID, m.CallID)
			require.Equal(t, want.IsError, m.IsError)
			require.Equal(t, want.Masked, m.Weight != nil && *m.Weight == 0)
			require.Len(t, m.Calls, len(want.Calls))
			for j, c := range want.Calls {
				require.Equal(t, c.ID, m.Calls[j].ID)
				require.Equal(t, c.Server, m.Calls[j].Server)
				require.Equal(t, decoded(t, c.Arguments), decoded(t, m.Calls[j].Arguments))
			}
		}
		require.Subset(t, unifiedKeys, keys(t, row))
		require.True(t, slices.IsSortedFunc(keys(t, row), func(a, b string) int {
			return slices.Index(unifiedKeys, a) - slices.Index(unifiedKeys, b)
		}))
	})
}

var unifiedKeys = strings.Fields(`id source source_file example_type task_type user_message system context game_state
	messages tool_calls response_text problem root_cause reasoning bad_code good_code tags labels signals quality_score
	split tools provenance`)

// decoded decodes a value and keeps its numbers as written.
func decoded(t *testing.T, raw []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&value))
	return value
}

// keys lists the keys of an object in their order.
func keys(t *testing.T, object []byte) (keys []string) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, err := decoder.Token()
	require.NoError(t, err)
	for decoder.More() {
		key, err := decoder.Token()
		require.NoError(t, err)
		keys = append(keys, key.(string))
		var value json.RawMessage
		require.NoError(t, decoder.Decode(&value))
	}
	return keys
}

func TestChatmlTurns(t *testing.T) {
	emptyTurn := regexp.MustCompile(`<\|im_start\|>\w+\n\s*<\|im_end\|>`)
	start := regexp.MustCompile(`<\|im_start\|>(\w+)\n`)
	for _, options := range []string{`{}`, `{"tool_turns":true}`} {
		t.Run(options, func(t *testing.T) {
			g, format := generator{rand.New(rand.NewPCG(1, 2))}, openNamed(t, "chatml", "out.jsonl", options)
			for i := range 600 {
				e := g.conversation(i, chatmlHolds)
				var got struct{ Text string }
				row := encodeRow(t, format, e)
				require.NoError(t, json.Unmarshal(row, &got))
				require.NotRegexp(t, emptyTurn, got.Text)
				var previous string
				for _, match := range start.FindAllStringSubmatch(got.Text, -1) {
					require.False(t, match[1] == previous && previous != "tool", "two turns of one role: %s", got.Text)
					previous = match[1]
				}
				require.Equal(t, "assistant", previous)
				require.Equal(t, strings.Count(got.Text, "<|im_start|>"), strings.Count(got.Text, "<|im_end|>"))
				decoded, problems := format.(sdk.Decoder).Decode(row)
				require.Empty(t, problems)
				require.Equal(t, callLines(t, e), callLines(t, decoded), "%s", got.Text)
			}
		})
	}
}

func TestAxolotlRows(t *testing.T) {
	g, format := generator{rand.New(rand.NewPCG(1, 2))}, openNamed(t, "axolotl", "out.jsonl", `{}`)
	for i := range 600 {
		e := g.conversation(i, axolotlHolds)
		var got struct{ Instruction, Input, Output string }
		row := encodeRow(t, format, e)
		require.NoError(t, json.Unmarshal(row, &got))
		require.NotEmpty(t, strings.TrimSpace(got.Instruction))
		require.NotEmpty(t, strings.TrimSpace(got.Output))
		require.Equal(t, []string{"instruction", "input", "output"}, keys(t, row))
		decoded, problems := format.(sdk.Decoder).Decode(row)
		require.Empty(t, problems)
		require.Equal(t, callLines(t, e), callLines(t, decoded), "%s", got.Output)
	}
}

// callLines returns the calls of an example, in order.
func callLines(t *testing.T, e *sdk.Example) (lines []string) {
	for _, call := range e.Calls() {
		arguments, err := appendDumped(nil, call.Arguments)
		require.NoError(t, err)
		lines = append(lines, call.FullName()+string(arguments))
	}
	return lines
}
