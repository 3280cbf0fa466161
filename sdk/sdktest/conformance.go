package sdktest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// Conformance checks what every plugin must do, whatever its steps: the description is complete, bad options are
// refused by name, odd input neither panics nor loses records, the same input gives the same output, and a cancelled
// call ends. Steps with required options are opened with those in options, by "KIND.TYPE", as JSON objects.
func Conformance(t *testing.T, plugin sdk.Plugin, options map[string]string) {
	client := Connect(t, plugin)
	described, err := client.Describe(t.Context())
	require.NoError(t, err)
	require.Len(t, described.Steps, len(plugin.Steps))
	for _, step := range described.Steps {
		label := string(step.Kind) + "." + step.Type
		values := options[label]
		if values == "" {
			values = "{}"
		}
		t.Run(label, func(t *testing.T) {
			refusesUnknownOption(t, client, step, values)
			switch {
			case step.Kind == sdk.KindSource:
				sourceConformance(t, plugin, step, values)
			case step.Kind == sdk.KindFormat:
				formatConformance(t, plugin, step, values)
			case step.Keyed:
				require.Equal(t, Keys(t, plugin, step.Type, values, oddExamples()...), Keys(t, plugin, step.Type, values, oddExamples()...))
			default:
				filterConformance(t, plugin, step, values)
			}
		})
	}
}

func refusesUnknownOption(t *testing.T, client *sdk.Client, step sdk.Step, values string) {
	var object map[string]any
	require.NoError(t, json.Unmarshal([]byte(values), &object))
	object["no_such_option"] = true
	bad, err := json.Marshal(object)
	require.NoError(t, err)
	setup := sdk.Setup{Block: "test", Paths: []string{filepath.Join(t.TempDir(), "out.jsonl")}}
	_, err = client.Open(t.Context(), step.Kind, step.Type, setup, bad)
	var optionError *sdk.OptionError
	require.ErrorAs(t, err, &optionError)
	require.Equal(t, "no_such_option", optionError.Option)
}

// oddNames are base names under which sources look for logs.
var oddNames = []string{"odd.md", "odd.jsonl", "conversations_2026-01-01.jsonl", "odd.txt", "odd.json"}

// oddContents is input that no log should hold and some does.
func oddContents() map[string]string {
	return map[string]string{
		"empty":     "",
		"garbage":   "\x00\x01\x02\xff\xfe\x7fELF\x80\x81",
		"crlf":      "# a\r\n\r\n{\"type\":\"user\"}\r\n",
		"bom":       "\ufeff{\"type\":\"user\"}\n# a\n",
		"invalid":   "{\"type\":\"user\",\"message\":\"\xff\xfe\"}\n# \xff\n",
		"half":      "{\"type\":\"user\",\"mess",
		"nul":       "{\"type\":\"user\"}\x00\x00\n",
		"long line": "{\"type\":\"user\",\"text\":\"" + strings.Repeat("x", 3<<20) + "\"}\n",
		"numbers":   "1\nnull\n[]\n\"text\"\n{}\n",
	}
}

func sourceConformance(t *testing.T, plugin sdk.Plugin, step sdk.Step, values string) {
	read := func(folder string) Reading {
		return Read(t, plugin, step.Type, sdk.Setup{Block: "test", Paths: []string{folder}}, values)
	}
	empty := read(t.TempDir())
	require.Empty(t, empty.Examples, "an empty folder holds no examples")
	for label, content := range oddContents() {
		t.Run(label, func(t *testing.T) {
			folder := t.TempDir()
			for _, name := range oddNames {
				require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644))
			}
			first, second := read(folder), read(folder)
			require.Equal(t, first.Examples, second.Examples, "the same input gives the same output")
			require.Equal(t, first.Tally, second.Tally)
			require.Len(t, first.Rejects, first.Tally.Rejected, "every rejected record is reported")
		})
	}
	t.Run("unreadable", func(t *testing.T) {
		folder := t.TempDir()
		for _, name := range oddNames {
			require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o755))
			require.NoError(t, os.Symlink("loop-"+name, filepath.Join(folder, "loop-"+name)))
		}
		read(folder)
	})
	t.Run("cancel", func(t *testing.T) { cancelled(t, plugin, step, values) })
}

func cancelled(t *testing.T, plugin sdk.Plugin, step sdk.Step, values string) {
	folder := t.TempDir()
	for _, name := range oddNames {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("{}\n"), 0o644))
	}
	client := Connect(t, plugin)
	setup := sdk.Setup{Block: "test", Paths: []string{folder}}
	handle, err := client.Open(t.Context(), step.Kind, step.Type, setup, []byte(values))
	require.NoError(t, err)
	units, err := client.Units(t.Context(), handle)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, unit := range units {
		done := make(chan error, 1)
		go func() { done <- client.Read(ctx, handle, []sdk.Unit{unit}, func(sdk.ReadFrame) error { return nil }) }()
		select {
		case err := <-done:
			require.ErrorIs(t, err, context.Canceled)
		case <-time.After(10 * time.Second):
			require.Fail(t, "a cancelled read did not end")
		}
	}
}

// oddExamples are examples that hold together but that nobody expects.
func oddExamples() []*sdk.Example {
	long := strings.Repeat("word ", 200_000)
	call := func(id, arguments string) sdk.Call {
		return sdk.Call{ID: id, Tool: "tool", Arguments: json.RawMessage(arguments)}
	}
	return []*sdk.Example{
		{ID: "1", Type: sdk.DirectExecution, Messages: []sdk.Message{{Role: sdk.User}}},
		{ID: "2", Type: sdk.DirectExecution, Messages: []sdk.Message{{Role: sdk.Assistant, Text: "unasked"}}},
		{ID: "3", Type: sdk.DirectExecution, Messages: []sdk.Message{
			{Role: sdk.User, Text: "<|im_end|>\u2028\x00 \U0001F438"},
			{Role: sdk.Assistant, Calls: []sdk.Call{call("a", `{}`), call("b", `{"n":123456789012345678901234567890,"x":{"y":[1.0,null]}}`)}},
			{Role: sdk.Tool, CallID: "b", Text: ""}, {Role: sdk.Tool, CallID: "a", Text: "</tool_call>", IsError: true},
			{Role: sdk.Assistant, Text: "done"},
		}},
		{ID: "4", Type: sdk.DirectExecution, Messages: []sdk.Message{{Role: sdk.User, Text: long}, {Role: sdk.Assistant, Text: long}}},
		{ID: "5", Type: sdk.Chain, Chain: &sdk.ReasoningChain{Problem: "p"}},
		{ID: "6", Type: sdk.Correction, Correction: &sdk.CodeCorrection{BadCode: "```", GoodCode: "~~~"}},
		{ID: "7", Type: sdk.Negative, Negative: &sdk.AntiPattern{Pattern: "x"}},
		{ID: "8", Type: "unheard_of", Messages: []sdk.Message{{Role: "narrator", Text: "x"}}},
	}
}

func filterConformance(t *testing.T, plugin sdk.Plugin, step sdk.Step, values string) {
	apply := func() []Applied {
		return Apply(t, plugin, step.Type, sdk.Setup{Block: "test"}, values, oddExamples()...)
	}
	first := apply()
	require.Equal(t, first, apply(), "the same input gives the same output")
	for i, applied := range first {
		for _, example := range applied.Examples {
			if len(applied.Examples) == 1 {
				require.Equal(t, oddExamples()[i].ID, example.ID, "filters never change an id")
			}
		}
		for _, decision := range applied.Decisions {
			if decision.Action == sdk.ActionDrop {
				require.NotEmpty(t, decision.Reason, "a drop has a reason")
			}
		}
	}
}

func formatConformance(t *testing.T, plugin sdk.Plugin, step sdk.Step, values string) {
	encode := func() Encoding {
		setup := sdk.Setup{Block: "test", Paths: []string{"out.jsonl"}}
		return Encode(t, plugin, step.Type, setup, values, oddExamples()...)
	}
	first := encode()
	require.Equal(t, first, encode(), "the same input gives the same output")
	if first.Framing != sdk.Rows {
		return
	}
	for _, encoded := range first.Encoded {
		for _, row := range encoded.Rows {
			require.True(t, json.Valid(row), "a row is valid JSON: %.200s", row)
			require.NotContains(t, string(row), "\n", "a row has no line end")
		}
	}
}
