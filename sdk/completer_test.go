package sdk

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// corpus returns examples of everything that is derived.
func corpus() []*Example {
	user := func(text string) Message { return Message{Role: RoleUser, Text: text} }
	says := func(text string, calls ...Call) Message {
		return Message{Role: RoleAssistant, Text: text, Calls: calls}
	}
	call := func(id, server, tool, arguments string) Call {
		return Call{ID: id, Server: server, Tool: tool, Arguments: json.RawMessage(arguments)}
	}
	result := func(id, text string) Message { return Message{Role: RoleTool, CallID: id, Text: text} }
	failed := result("2", "no way")
	failed.IsError = true
	earlier := user("earlier")
	earlier.Masked = true
	began := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	return []*Example{
		{Messages: []Message{user("hello"), says("hi")}},
		{Messages: []Message{user("hello"), says("hi")}},
		{Messages: []Message{earlier, user("look"), says("", call("1", "", "Bash", `{"command":"ls | wc -l"}`))}},
		{
			Identity: Identity{Opening: "o"}, Provenance: Provenance{Time: began, Records: 3, FirstLine: 4, LastLine: 6},
			Messages: []Message{
				user("walk"), says("I look.", call("1", "robot", "get_place", `{"b": 1.0, "a": 2}`)), result("1", "here"),
				says("", call("2", "robot", "walk", `{"to":"there"}`)), failed,
				says("", call("3", "robot", "get_place", "{}"), call("4", "", "Bash", `{"command":"rm x"}`)), result("3", "there"), result("4", "gone"),
				says("done"),
			},
		},
		{Chain: &ReasoningChain{Problem: "p", RootCause: "r", Solution: "s"}, SourceFile: "b.log"},
		{Correction: &CodeCorrection{BadCode: "b", GoodCode: "g"}, Source: "notes"},
		{Negative: &AntiPattern{Pattern: "x"}, Type: TypeNegative},
		{Messages: []Message{user("broken"), result("9", "of no call")}, Provenance: Provenance{Records: 2, FirstLine: 7}},
	}
}

// completed returns what the host makes of the corpus, one line each: what it sends on, and what it says about the unit.
func completed(t *testing.T, selection *Selection) string {
	client := NewClient(nil, ClientOptions{})
	client.described.Store(pluginToWire(Plugin{Name: "other", Version: "1"}))
	unit := Unit{ID: "unit", Files: []File{{Name: "a.log"}, {Name: "b.log"}}}
	complete, err := client.completer(t.Context(), Handle{setup: Setup{Selection: selection}}, unit)
	require.NoError(t, err)
	frame := ReadFrame{Tally: &Tally{Ignored: map[string]int{"empty line": 2}, Unreadable: 1}, Rejects: []Reject{{Line: 9, Cause: "cannot read the file"}}}
	for _, example := range corpus() {
		frame.Items = append(frame.Items, NewItem(example))
	}
	require.NoError(t, complete(&frame))
	var out strings.Builder
	line := func(value any) {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		fmt.Fprintf(&out, "%s\n", text)
	}
	for _, item := range frame.Items {
		example, err := item.Decode()
		require.NoError(t, err)
		line(example)
	}
	line(frame.Rejects)
	line(frame.Tally)
	line(definitions(frame.Observed))
	return out.String()
}

// TestTheCompletersVersionIsRaised: cached frames of sources in other languages are read again only if completerVersion
// changes, so it must change whenever the host completes them differently.
func TestTheCompletersVersionIsRaised(t *testing.T) {
	const golden = "testdata/completed.jsonl"
	selection, err := NewSelection([]string{"get_*", "Bash"}, "")
	require.NoError(t, err)
	got := fmt.Sprintf("{\"completerVersion\":%q}\n", completerVersion) + completed(t, nil) + completed(t, selection)
	was, err := os.ReadFile(golden)
	require.NoError(t, err)
	version, _, _ := strings.Cut(got, "\n")
	raised := !strings.HasPrefix(string(was), version+"\n")
	if flag.Lookup("update").Value.String() == "true" && raised { // the flag is that of package sdktest
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(was), got, "the host makes something else of the examples of sources in other languages: raise "+
		"completerVersion, so that what is kept of them is read again, and then go test ./sdk -update rewrites %s", golden)
}
