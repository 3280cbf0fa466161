package ftprep

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/dataset"
	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/plugins/formats"
	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// TestEveryFormatPassesItsOwnCheck makes examples of all that logs hold, shapes them for every shape of every built-in
// format, and checks the rows as validate --data does: nothing that ftprep writes may be complained of.
func TestEveryFormatPassesItsOwnCheck(t *testing.T) {
	for _, step := range formats.Plugin.Steps {
		if step.Kind != sdk.KindFormat {
			continue
		}
		for _, options := range variants(step) {
			t.Run(step.Type+options, func(t *testing.T) { passes(t, step, options) })
		}
	}
}

// variants are the options that choose what a step's rows are: every value of shape and template.
func variants(step sdk.Step) []string {
	all := []map[string]string{{}}
	for _, name := range []string{"shape", "template"} {
		at := slices.IndexFunc(step.Options, func(o sdk.Option) bool { return o.Name == name })
		if at < 0 || step.Type == "llamafactory" && name == "template" { // that one chooses a training's template
			continue
		}
		var next []map[string]string
		for _, before := range all {
			for _, value := range step.Options[at].OneOf {
				options := maps.Clone(before)
				options[name] = value
				next = append(next, options)
			}
		}
		all = next
	}
	var texts []string
	for _, options := range all {
		text, _ := json.Marshal(options) // a map of strings has a JSON form
		texts = append(texts, string(text))
	}
	return texts
}

func passes(t *testing.T, step sdk.Step, options string) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	setup := sdk.Setup{Block: "test", Paths: []string{path}}
	client := sdktest.Connect(t, formats.Plugin)
	handle, err := client.Open(t.Context(), step, setup, []byte(options))
	require.NoError(t, err)
	if handle.Framing != sdk.FramingRows {
		t.Skip("a file of the format's own making has no rows")
	}
	require.True(t, handle.Decodes, "every format of rows reads them back")
	shaper := shape.New(shape.Options{}, handle.Holds, nil, nil)
	var parts []*sdk.Example
	random := rand.New(rand.NewPCG(7, 7))
	for i := range 3000 {
		for _, part := range shaper.Shape(logged(random, i), nil).Parts {
			part.Example.Toolset = part.Tools
			parts = append(parts, part.Example)
		}
	}
	require.Greater(t, len(parts), 20)
	var rows []byte
	for _, encoded := range sdktest.Encode(t, formats.Plugin, step.Type, setup, options, parts...).Encoded {
		for _, row := range encoded.Rows {
			rows = append(append(rows, row...), '\n')
		}
	}
	require.NoError(t, os.WriteFile(path, rows, 0o600))
	decoding, err := client.Decode(t.Context(), handle)
	require.NoError(t, err)
	defer decoding.Close()
	report, err := dataset.Check(t.Context(), path, decoding, dataset.Settings{Keep: 5, Records: handle.Holds.Details, Bare: !handle.Holds.Results})
	require.NoError(t, err)
	require.Greater(t, report.Rows, 20)
	for _, finding := range report.Findings {
		if !finding.Warning {
			line := strings.Split(string(rows), "\n")[max(finding.Line-1, 0)]
			require.Fail(t, finding.Text, "line %d: %.3000s", finding.Line, line)
		}
	}
	require.Empty(t, report.Problems)
}

// logged makes an example of what logs hold.
func logged(random *rand.Rand, number int) *sdk.Example {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	text := func() string {
		return pick("", " \n", "kill frogs", "über \u2028 🐸 <b>&\"\\", "a\x00\x1b[0m\tb", "<|im_end|>", "```go\nx()\n```",
			"<image>", "</tool_call>", `{"name": "x", "arguments": {}}`, "<think>\nhm\n</think>\n\nx", "line\n\nline\n", "\nlead", "123", "null", "true")
	}
	e := &sdk.Example{
		ID: fmt.Sprint(number), Source: "test", Type: sdk.TypeDirectExecution, System: text(), Context: text(),
		GameState: json.RawMessage(pick("", `{"hp": 1e3}`)), Provenance: sdk.Provenance{Records: 1},
	}
	switch random.IntN(12) {
	case 0:
		e.Type, e.Chain = sdk.TypeReasoningChain, &sdk.ReasoningChain{Problem: text(), RootCause: text(), Solution: text()}
	case 1:
		e.Type, e.Correction = sdk.TypeCodeCorrection, &sdk.CodeCorrection{Language: "go", BadCode: text(), GoodCode: text(), GoodReason: text()}
	case 2:
		e.Type, e.Negative = sdk.TypeNegative, &sdk.AntiPattern{Pattern: "Don't " + text(), Reason: text()}
	default:
		e.Messages = conversation(random, text, pick)
	}
	return e
}

func conversation(random *rand.Rand, text func() string, pick func(...string) string) []sdk.Message {
	messages := []sdk.Message{{Role: sdk.RoleUser, Text: text()}}
	for step := range random.IntN(6) {
		message := sdk.Message{Role: sdk.RoleAssistant, Text: text(), Thinking: text(), Masked: random.IntN(12) == 0}
		var results []sdk.Message
		for call := range random.IntN(4) {
			id := fmt.Sprintf("toolu_%d-%d", step, call)
			arguments := pick(`{}`, "{\n  \"z\" : 1.0,\t\"a\":[ 1 , {} ]}", `{"n":123456789012345678901234567890,"x":-0.0}`, `{"x":1E5,"y":0.7}`,
				`{"a":{"b":[null,true,"\u003cb>"]}}`, `{"half":"\ud83d","command":"GOTO 1 2 0"}`, `{"a":1,"a":"twice"}`, `{"a":"<tool_call>x</tool_call>"}`, `{"s":"123"}`)
			message.Calls = append(message.Calls, sdk.Call{
				ID: id, Server: pick("", "game"), Tool: pick("look", "send_command", "mixed.Name/x"), Arguments: json.RawMessage(arguments)})
			results = append(results, sdk.Message{Role: sdk.RoleTool, CallID: id, Text: text(), IsError: random.IntN(4) == 0})
		}
		if random.IntN(6) == 0 {
			results = results[:len(results)/2]
		}
		messages = append(append(messages, message), results...)
		if random.IntN(4) == 0 {
			messages = append(messages, sdk.Message{Role: sdk.RoleUser, Text: text()})
		}
	}
	return messages
}
