package formats

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

const (
	goRow = `{"messages": [{"role": "user", "content": "go"}, {"role": "assistant", "content": "Gone."}]}`
	onRow = `{"messages": [{"role": "user", "content": "on"}, {"role": "assistant", "content": "On."}]}`
)

// readNamed writes a file of that name and reads it.
func readNamed(t testing.TB, source, name, content string) sdktest.Reading {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	return sdktest.Read(t, Plugin, source, sdk.Setup{Paths: []string{path}}, `{}`)
}

// TestOnlyAFileCalledJSONIsAList: a line that is no row must not take those after it away.
func TestOnlyAFileCalledJSONIsAList(t *testing.T) {
	for _, cut := range []string{"[truncated half of a row", `[{"messages": []`, " \ufeff[", "\ufeff["} {
		reading := readNamed(t, "dataset", "mine.jsonl", cut+"\n"+goRow+"\n"+onRow+"\n")
		require.Len(t, reading.Examples, 2, cut)
		require.Len(t, reading.Rejects, 1)
		require.Equal(t, 1, reading.Rejects[0].Line)
	}
	unified := `{"id":"1","source":"s","source_file":"f","example_type":"direct_execution","task_type":"","user_message":"go","messages":[{"role":"user","content":"go"},{"role":"assistant","content":"Gone."}],"provenance":{"records":1}}`
	reading := readNamed(t, "unified", "mine.JSONL", "[truncated half of a row\n"+unified+"\n"+unified+"\n")
	require.Len(t, reading.Examples, 2)
	require.Len(t, reading.Rejects, 1)
	for _, name := range []string{"mine.json", "mine.JSON"} {
		require.Len(t, readNamed(t, "unified", name, "["+unified+","+unified+"]").Examples, 2)
		require.Len(t, readNamed(t, "dataset", name, goRow+"\n"+onRow+"\n").Examples, 2, "rows on lines of their own")
	}
}

// TestRowsOfAListHavePlaces: examples tell the lines on which their rows stand, and rejects tell the row's number, too.
func TestRowsOfAListHavePlaces(t *testing.T) {
	reading := readNamed(t, "dataset", "mine.json", "\n  [\n"+`  {"conversations": [{"from": "human", "value": "go"},
    {"from": "gpt", "value": "Gone."}]}, {"messages": [
    {"role": "user", "content": "on"},
    {"role": "assistant", "content": "On."}]},
  7,
  `+goRow+"\n]\n")
	require.Equal(t, []sdk.Reject{{File: "mine.json", Line: 7, Cause: "element 3: not a JSON object, as every row must be"}}, reading.Rejects)
	var lines []string
	for _, e := range reading.Examples {
		lines = append(lines, fmt.Sprint(e.Provenance.FirstLine, "-", e.Provenance.LastLine))
	}
	require.Equal(t, []string{"3-4", "4-6", "8-8"}, lines)
}

// TestAListThatIsNotWhole: the rows before the fault are kept, and the file counts as one that could not be read.
func TestAListThatIsNotWhole(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{"[" + goRow + "]\n" + onRow + "\n", "line 2: something follows the list; a file must be one list, or have each row on a line of its own"},
		{"[" + goRow + "]\n\njunk", "line 3: something follows the list; a file must be one list, or have each row on a line of its own"},
		{"[" + goRow + ",\n\n" + onRow[:30], "line 3: the list does not end: the file may be cut off"},
		{"[" + goRow + ",\n\n" + onRow + ",\n", "line 3: the list does not end: the file may be cut off"},
		{"[" + goRow + "\n\n", "line 2: the list does not end: the file may be cut off"},
		{"[\n" + goRow + "\n" + onRow + "]", "line 3: not valid JSON, and nothing after it is read: invalid character '{' after array element (expecting ',' or ']')"},
		{"[" + goRow + ",\n{\"messages\":\n\n[oak]}]", "line 4: not valid JSON, and nothing after it is read: invalid character 'o' at start of value"},
	} {
		reading := readNamed(t, "dataset", "mine.json", c.content)
		require.NotEmpty(t, reading.Examples)
		require.Equal(t, []sdk.Reject{{File: "mine.json", Cause: "cannot read the file: " + c.want}}, reading.Rejects)
		require.Equal(t, 1, reading.Tally.Unreadable)
	}
}
