package claude

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// transcripts returns the folders with all the sessions at hand: those of the golden cases and, if FTPREP_TRANSCRIPTS names
// some, real ones.
func transcripts(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	eachSession(t, func(path string, file txtar.File) {
		name := filepath.Join(folder, filepath.Base(path), file.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, file.Data, 0o600))
	})
	if real := os.Getenv("FTPREP_TRANSCRIPTS"); real != "" {
		return []string{folder, real}
	}
	return []string{folder}
}

// withoutSearch returns the plugin as it would be if it parsed every file.
func withoutSearch() sdk.Plugin {
	plugin := Plugin
	plugin.Steps = []sdk.Step{sdk.NewSource("claude", Plugin.Steps[0].Doc, func(setup sdk.Setup, o options) (sdk.Source, error) {
		opened, err := newSource(setup, o)
		if err == nil {
			opened.(*source).search = nil
		}
		return opened, err
	})}
	return plugin
}

func TestSearchChangesNothingButWhatIsParsed(t *testing.T) {
	paths := transcripts(t)
	for _, tools := range [][]string{
		{"mcp__*"}, {"mcp__github__*"}, {"Bash"}, {"Todo*", "get_*"}, {"*screenshot*"}, {"no_such_tool"}, {"*"}, {"?ash"}, {"mcp__*__get_*", "Agent"},
	} {
		for _, keep := range []string{"calls", "turn"} {
			selection, err := sdk.NewSelection(tools, keep)
			require.NoError(t, err)
			setup := sdk.Setup{Block: "test", Paths: paths, Selection: selection}
			with := sdktest.Read(t, Plugin, "claude", setup, "{}")
			without := sdktest.Read(t, withoutSearch(), "claude", setup, "{}")
			require.Equal(t, len(without.Examples), len(with.Examples), "%s", tools)
			for i := range with.Examples {
				require.Equal(t, encoded(t, without.Examples[i]), encoded(t, with.Examples[i]))
			}
			require.Zero(t, without.Tally.Unread)
		}
	}
}

func encoded(t *testing.T, e *sdk.Example) string {
	t.Helper()
	text, err := json.Marshal(e)
	require.NoError(t, err)
	return string(text)
}

func TestSearchReadsNoFileInVain(t *testing.T) {
	listed := `{"type":"attachment","attachment":{"type":"deferred_tools_delta","tools":["mcp__farm__milk"]}}` + "\n"
	quoted := `{"type":"user","uuid":"q","message":{"content":"what does {\"type\":\"tool_use\",\"name\":\"mcp__farm__milk\"} do?"}}` + "\n"
	content := listed + quoted + greeting
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "s.jsonl"), []byte(content), 0o600))
	selection, err := sdk.NewSelection([]string{"mcp__farm__*"}, "")
	require.NoError(t, err)
	reading := sdktest.Read(t, Plugin, "claude", sdk.Setup{Block: "test", Paths: []string{folder}, Selection: selection}, "{}")
	require.Empty(t, reading.Examples)
	require.Equal(t, 4, reading.Tally.Unread, "each line, the last one without a line end, too")
}

func TestSearchFindsCallsAnywhere(t *testing.T) {
	call := `{"type":"assistant","uuid":"c","message":{"id":"m","content":[{"type":"tool_use","id":"t","name":"mcp__farm__milk","input":{}}]}}`
	filler := `{"type":"progress","data":"` + strings.Repeat("x", 1000) + `"}` + "\n"
	selection, err := sdk.NewSelection([]string{"mcp__farm__*"}, "")
	require.NoError(t, err)
	for name, content := range map[string]string{
		"first":             call + "\n" + filler,
		"last":              filler + call,
		"second on a line":  `{"type":"mode"}` + call + "\n" + filler,
		"after much":        strings.Repeat(filler, 1000) + call + "\n",
		"on a long line":    `{"type":"mode","x":"` + strings.Repeat("x", 3*searchSize) + `"}` + call + "\n",
		"over a border":     strings.Repeat("\n", searchSize-100) + call + "\n",
		"after a byte mark": "\ufeff" + call,
		"over many lines":   spread(t, `{"type":"mode"}`+"\n"+call),
		"behind a mention":  `{"type":"user","message":{"content":"mcp__farm__milk"}}` + "\n" + strings.Repeat(filler, 1000) + call,
	} {
		found, _, err := newSearch(selection).find(context.Background(), strings.NewReader(content), func() error { return nil })
		require.NoError(t, err, name)
		require.True(t, found, name)
	}
	search := newSearch(selection)
	found, lines, err := search.find(context.Background(), strings.NewReader(strings.Repeat(filler, 1000)+"half"), func() error { return nil })
	require.NoError(t, err)
	require.False(t, found)
	require.Equal(t, 1001, lines)
}

func TestSearchFindsCallsAtAnyOffset(t *testing.T) {
	call := `{"type":"assistant","uuid":"c","message":{"id":"m","content":[{"type":"tool_use","id":"t","name":"mcp__farm__milk","input":{}}]}}`
	mention := `{"type":"user","message":{"content":"mcp__farm__milk"}}`
	selection, err := sdk.NewSelection([]string{"mcp__farm__*"}, "")
	require.NoError(t, err)
	search, alive := newSearch(selection), func() error { return nil }
	for before := range 2 * len(call) {
		filler := strings.Repeat("\n", 5) + strings.Repeat("x", searchSize-before) + "\n"
		found, _, err := search.find(context.Background(), strings.NewReader(filler+call), alive)
		require.NoError(t, err)
		require.True(t, found, "a call with %d bytes before a border", before)
		found, lines, err := search.find(context.Background(), strings.NewReader(filler+mention+"\n"+filler), alive)
		require.NoError(t, err)
		require.False(t, found, before)
		require.Equal(t, 13, lines)
	}
}

func TestPlainPiece(t *testing.T) {
	for glob, want := range map[string]string{
		"mcp__*": "mcp__", "mcp__*__get_*": "__get_", "*": "", "?ash": "ash", "B*": "B", "Bash": "Bash", "get_*_status": "_status",
		"*\u00e9tat": "tat", `a\*bc`: "bc", "mcp__a-b__c": "mcp__a-b__c",
	} {
		require.Equal(t, want, plainPiece(glob), glob)
	}
	for _, vague := range []string{"*", "B*", strings.Repeat("a", searchSize)} {
		require.Nil(t, newSearch(&sdk.Selection{Tools: []string{"Bash", vague}}), "%.9s", vague)
	}
}

func TestIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(letters string, length int) []byte {
		text := make([]byte, length)
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		return text
	}
	for range 20000 {
		letters := []string{"ab", "abcdefgh_", "eKaXt"}[random.IntN(3)]
		pieces := make([]string, 1+random.IntN(4))
		for i := range pieces {
			pieces[i] = string(word(letters, 2+random.IntN(12)))
		}
		text := word(letters, random.IntN(200))
		want := slices.ContainsFunc(pieces, func(piece string) bool { return bytes.Contains(text, []byte(piece)) })
		found := newIndex(pieces)(text)
		require.Equal(t, want, found >= 0, "%q in %q", pieces, text)
		if want {
			at := string(text[found:])
			require.True(t, slices.ContainsFunc(pieces, func(piece string) bool { return strings.HasPrefix(at, piece) }), "%q at %q", pieces, at)
		}
	}
}

func TestIndexOfMany(t *testing.T) {
	var pieces []string
	for i := range 900 {
		pieces = append(pieces, fmt.Sprintf("tool_%03x", i*3))
	}
	index := newIndex(pieces)
	for _, piece := range pieces {
		require.Equal(t, 7, index([]byte("before "+piece+" and after")), piece)
	}
	require.Equal(t, -1, index([]byte(strings.Repeat("tool_00 ool_001 tool_xyz ", 100))))
}
