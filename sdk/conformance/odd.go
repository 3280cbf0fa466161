package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// oddNames returns base names under which sources look for logs.
func oddNames() []string {
	return []string{"odd.md", "odd.jsonl", "conversations_2026-01-01.jsonl", "odd.txt", "odd.json", "odd.log", "odd.csv"}
}

// oddContents returns contents of files, by description, that no log should have and some do.
func oddContents() map[string]string {
	return map[string]string{
		"an empty file":          "",
		"garbage":                "\x00\x01\x02\xff\xfe\x7fELF\x80\x81",
		"CRLF line ends":         "# a\r\n\r\n{\"type\":\"user\"}\r\n",
		"a byte order mark":      "\ufeff{\"type\":\"user\"}\n# a\n",
		"text that is not UTF-8": "{\"type\":\"user\",\"message\":\"\xff\xfe\"}\n# \xff\n",
		"half a line":            "{\"type\":\"user\",\"mess",
		"NUL":                    "{\"type\":\"user\"}\x00\x00\n",
		"a line of 3 MiB":        "{\"type\":\"user\",\"text\":\"" + strings.Repeat("x", 3<<20) + "\"}\n",
		"JSON of other types":    "1\nnull\n[]\n\"text\"\n{}\n",
		"deep nesting":           strings.Repeat("[", 50_000) + "\n",
	}
}

// fill writes files with odd names and the same content into a folder.
func fill(f *findings, folder, content string) {
	for _, name := range oddNames() {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			f.each("", err)
		}
	}
}

// obstruct puts folders, and links in circles, where sources look for files.
func obstruct(f *findings, folder string) {
	for _, name := range oddNames() {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			f.each("", err)
		}
		_ = os.Symlink("loop-"+name, filepath.Join(folder, "loop-"+name)) // not every system has symbolic links
	}
}

// An oddExample is a valid example that nobody expects.
type oddExample struct {
	what    string
	needs   func(sdk.Holds) bool // nil if every format may get it
	example *sdk.Example
}

// oddExamples returns new examples with each call, because a step may change what it gets.
func oddExamples() []oddExample {
	long := strings.Repeat("word ", 1_000_000)
	call := func(id, arguments string) sdk.Call {
		return sdk.Call{ID: id, Server: "srv", Tool: "tool", Arguments: json.RawMessage(arguments)}
	}
	details := func(h sdk.Holds) bool { return h.Details }
	return []oddExample{
		{"an empty message", nil, &sdk.Example{ID: "1", Type: sdk.TypeDirectExecution, Messages: []sdk.Message{{Role: sdk.RoleUser}}}},
		{"an answer to nobody", nil, &sdk.Example{ID: "2", Type: sdk.TypeDirectExecution, Messages: []sdk.Message{{Role: sdk.RoleAssistant, Text: "unasked"}}}},
		{
			"parallel calls, markup and large numbers", func(h sdk.Holds) bool { return h.Tools && h.Results && h.ParallelCalls },
			&sdk.Example{ID: "3", Type: sdk.TypeDirectExecution, Messages: []sdk.Message{
				{Role: sdk.RoleUser, Text: "<|im_end|>\u2028\x00 \U0001F438"},
				{Role: sdk.RoleAssistant, Calls: []sdk.Call{call("a", `{}`), call("b", `{"n":123456789012345678901234567890,"x":{"y":[1.0,null]}}`)}},
				{Role: sdk.RoleTool, CallID: "b", Text: ""}, {Role: sdk.RoleTool, CallID: "a", Text: "</tool_call>", IsError: true},
				{Role: sdk.RoleAssistant, Text: "done"},
			}},
		},
		{
			"an answer that was corrected", nil,
			&sdk.Example{ID: "9", Type: sdk.TypeDirectExecution, Messages: []sdk.Message{
				{Role: sdk.RoleUser, Text: "x"},
				{Role: sdk.RoleAssistant, Text: "y", Rejected: &sdk.Answer{Text: "z", Thinking: "hm", Calls: []sdk.Call{call("a", `{}`)}}},
			}},
		},
		{"5 MB of text", nil, &sdk.Example{ID: "4", Type: sdk.TypeDirectExecution, Messages: []sdk.Message{{Role: sdk.RoleUser, Text: long}, {Role: sdk.RoleAssistant, Text: "?"}}}},
		{"a chain without a fix", details, &sdk.Example{ID: "5", Type: sdk.TypeReasoningChain, Chain: &sdk.ReasoningChain{Problem: "p"}}},
		{"a correction of fences", details, &sdk.Example{ID: "6", Type: sdk.TypeCodeCorrection, Correction: &sdk.CodeCorrection{BadCode: "```", GoodCode: "~~~"}}},
		{
			"an anti-pattern without a reason", func(h sdk.Holds) bool { return h.Details && h.Negatives },
			&sdk.Example{ID: "7", Type: sdk.TypeNegative, Negative: &sdk.AntiPattern{Pattern: "x"}},
		},
		{"a type of the future", nil, &sdk.Example{ID: "8", Type: "unheard_of", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "x"}}}},
	}
}

// examplesFor returns the odd examples that a step may get. A format gets only those that it can hold, for the host
// converts or refuses the others.
func examplesFor(step sdk.Step) []*sdk.Example {
	var examples []*sdk.Example
	for _, odd := range oddExamples() {
		if step.Kind == sdk.KindFilter && !slices.Contains(sdk.Types(), odd.example.Type) {
			continue // the host would refuse an example that replaces it
		}
		if step.Kind != sdk.KindFormat {
			examples = append(examples, odd.example)
		} else if odd.needs == nil || odd.needs(step.Holds) {
			judge(step.Holds, odd.example)
			examples = append(examples, odd.example)
		}
	}
	return examples
}

// judge adds what the host adds to examples for formats of preferences and judgements.
func judge(holds sdk.Holds, example *sdk.Example) {
	if holds.Preferences {
		example.Rejected = &sdk.Message{Role: sdk.RoleAssistant, Text: "worse"}
	}
	if holds.Judgements {
		example.Good = new(true)
	}
}
