package scout

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk/packed"
)

const session = `{"type":"user","sessionId":"s","message":{"content":"go"}}
{"type":"assistant","sessionId":"s","message":{"content":[{"type":"tool_use","id":"1","name":"mcp__robot__walk","input":{}}]}}
{"type":"assistant","sessionId":"s","message":{"content":[{"type": "tool_use","id":"2","name": "mcp__robot__carry","input":{}},{"type":"tool_use","id":"3","name":"mcp__my_mail__send","input":{}}]}}
{"type":"assistant","sessionId":"s","message":{"content":[{"type":"tool_use","id":"4","name":"Bash","input":{"command":"mcp__shell__x"}}]}}
`

// write makes files in a folder of its own, which becomes the current one.
func write(t *testing.T, files map[string]string) string {
	folder := t.TempDir()
	t.Chdir(folder)
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	return folder
}

func TestKinds(t *testing.T) {
	for _, test := range []struct{ name, content, kind string }{
		{"notes.md", "# Notes", journal},
		{"NOTES.Markdown", "", journal},
		{"conversations_2026-01-01.jsonl", "", discord},
		{"0f1e.jsonl", session, claude},
		{"summary.jsonl", `{"type":"summary","leafUuid":"x"}`, claude},
		{"other.jsonl", `{"event":"click"}`, ""},
		{"empty.jsonl", "", ""},
		{"notes.txt", "# Notes", ""},
		{"session.json", session, ""},
		{"0f1e.jsonl.gz", gzipped(t, session), claude},
		{"conversations_2026-01-01.jsonl.zst", "", discord},
		{"other.jsonl.gz", gzipped(t, `{"event":"click"}`), ""},
		{"notes.md.gz", gzipped(t, "# Notes"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, map[string]string{test.name: test.content})
			kind, err := kindOf(test.name)
			require.NoError(t, err)
			require.Equal(t, test.kind, kind)
			finds, err := Logs(test.name)
			require.NoError(t, err)
			if test.kind == "" {
				require.Empty(t, finds)
				return
			}
			require.Len(t, finds, 1)
			require.Equal(t, test.kind, finds[0].Source)
			require.Equal(t, test.name, finds[0].Path)
			require.Equal(t, int64(len(test.content)), finds[0].Bytes)
		})
	}
	_, err := kindOf("no-such-file.jsonl")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func gzipped(t *testing.T, text string) string {
	var content strings.Builder
	w := packed.Writer(&content, ".gz")
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return content.String()
}

func TestLogs(t *testing.T) {
	folder := write(t, map[string]string{
		"all/a.md": "# A", "all/deep/b.md": "# B", "all/c.jsonl": session, "all/d.jsonl": session, "all/e.txt": "no log",
	})
	finds, err := Logs(filepath.Join(folder, "all"))
	require.NoError(t, err)
	require.Len(t, finds, 2)
	require.Equal(t, 2, finds[0].Files)
	require.Equal(t, int64(6), finds[0].Bytes)
	require.Equal(t, 2, finds[1].Files)
	require.Equal(t, map[string]int{"robot": 4, "my_mail": 2}, finds[1].Servers, "calls of MCP servers, of no other tool")

	link := filepath.Join(folder, "link")
	if os.Symlink(filepath.Join(folder, "all"), link) == nil { // else the system has none
		linked, err := Logs(link)
		require.NoError(t, err)
		require.Len(t, linked, 2)
		require.Equal(t, link, linked[0].Path)
	}

	_, err = Logs(filepath.Join(folder, "nowhere"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// TestLogsThatCannotBeRead: if nothing is found, what cannot be read is the error.
func TestLogsThatCannotBeRead(t *testing.T) {
	folder := write(t, map[string]string{"some/a.md": "# A", "none/b.txt": ""})
	for _, name := range []string{"some/broken.jsonl", "none/broken.jsonl", "none/another"} {
		if err := os.Symlink("nowhere", filepath.Join(folder, name)); err != nil {
			t.Skip(err)
		}
	}
	finds, err := Logs(filepath.Join(folder, "some"))
	require.NoError(t, err)
	require.Len(t, finds, 1)
	_, err = Logs(filepath.Join(folder, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "look for logs: ")
	require.ErrorContains(t, err, "broken.jsonl")

	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("everything can be read")
	}
	require.NoError(t, os.Chmod(filepath.Join(folder, "some"), 0))
	_, err = Logs(filepath.Join(folder, "some"))
	require.ErrorIs(t, err, os.ErrPermission)
	require.NoError(t, os.Chmod(filepath.Join(folder, "some"), 0o755))
}

func TestLinksToFilesAreLogs(t *testing.T) {
	folder := write(t, map[string]string{"elsewhere/a.md": "# Notes"})
	require.NoError(t, os.Mkdir("links", 0o755))
	if err := os.Symlink(filepath.Join(folder, "elsewhere", "a.md"), filepath.Join("links", "a.md")); err != nil {
		t.Skip("the system has no links: ", err)
	}
	require.NoError(t, os.Symlink("nowhere", filepath.Join("links", "b.md")))
	require.NoError(t, os.Symlink(filepath.Join(folder, "elsewhere"), filepath.Join("links", "folder.md")))
	finds, err := Logs("links")
	require.NoError(t, err)
	require.Len(t, finds, 1)
	require.Equal(t, 1, finds[0].Files)
	require.Equal(t, int64(len("# Notes")), finds[0].Bytes)
}

// TestOnlySessionsAreSearchedForServers: a journal may quote a call. Of the sessions, the first ones are enough.
func TestOnlySessionsAreSearchedForServers(t *testing.T) {
	files := map[string]string{"a.md": session, "conversations_1.jsonl": session}
	for i := range sampledFiles + 2 {
		files[fmt.Sprintf("%d.jsonl", i)] = session
	}
	write(t, files)
	finds, err := Logs(".")
	require.NoError(t, err)
	require.Len(t, finds, 3)
	require.Empty(t, finds[0].Servers)
	require.Equal(t, sampledFiles+2, finds[1].Files)
	require.Equal(t, map[string]int{"robot": 2 * sampledFiles, "my_mail": sampledFiles}, finds[1].Servers)
	require.Empty(t, finds[2].Servers)
}

// TestLogsAround: a find around the current folder is narrowed to the deepest folder that holds its files.
func TestLogsAround(t *testing.T) {
	write(t, map[string]string{"a/x/1.md": "", "a/y/2.md": "", "b/conversations_1.jsonl": "", "s.jsonl": session})
	finds, err := Logs(".")
	require.NoError(t, err)
	var paths []string
	for _, find := range finds {
		paths = append(paths, find.Path)
	}
	require.Equal(t, []string{"a", ".", "b"}, paths)
}

func TestPlaces(t *testing.T) {
	folder := write(t, map[string]string{
		"journals/readme.txt": "no journal", "journal": "", "notes/a.md": "", "src/b.md": "", "journals/conversations_3.jsonl": "of another kind",
		"logs/conversations/conversations_1.jsonl": "", "logs/conversations_2.jsonl": "",
	})
	config := filepath.Join(folder, "config")
	places := func() map[string]string {
		finds := Places(folder, config)
		paths := map[string]string{}
		for _, find := range finds {
			path, err := filepath.Rel(folder, find.Path)
			require.NoError(t, err)
			paths[find.Source] = filepath.ToSlash(path)
		}
		return paths
	}
	want := map[string]string{journal: "notes", discord: "logs/conversations"}
	require.Equal(t, want, places())

	put := func(name string) {
		path := filepath.Join(config, "projects", name, "s.jsonl")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(session), 0o644))
	}
	put("-another-project")
	want[claude] = "config/projects"
	require.Equal(t, want, places())

	own := notInProjectName.ReplaceAllString(folder, "-")
	put(own)
	want[claude] = "config/projects/" + own
	require.Equal(t, want, places(), "this folder's project comes first")

	link := filepath.Join(t.TempDir(), "link")
	if os.Symlink(folder, link) == nil { // else the system has none
		physical, err := filepath.EvalSymlinks(folder) // temporary files may be behind a link themselves
		require.NoError(t, err)
		own = notInProjectName.ReplaceAllString(physical, "-")
		put(own)
		finds := Places(link, config)
		require.Equal(t, filepath.Join(config, "projects", own), finds[1].Path, "it is the same folder")
	}
}

// TestEveryPlace: these are the folders that the manual names.
func TestEveryPlace(t *testing.T) {
	for name, folders := range map[string][]string{
		"a.md":                  {"journals", "journal", "docs/journals", "docs/journal", "notes", "devlog", "lessons"},
		"conversations_1.jsonl": {"logs/conversations", "conversations", "logs", "discord", "discord_logs"},
	} {
		for _, place := range folders {
			folder := write(t, map[string]string{place + "/" + name: ""})
			finds := Places(folder, filepath.Join(folder, "config"))
			require.Len(t, finds, 1, place)
			require.Equal(t, filepath.Join(folder, filepath.FromSlash(place)), finds[0].Path)
		}
	}
}

func TestSample(t *testing.T) {
	folder := write(t, nil)
	folders, err := WriteSample(folder)
	require.NoError(t, err)
	var kinds []string
	for _, path := range folders {
		finds, err := Logs(path)
		require.NoError(t, err)
		require.Len(t, finds, 1)
		kinds = append(kinds, finds[0].Source)
	}
	require.ElementsMatch(t, []string{journal, claude, discord}, kinds)

	mine := filepath.Join(folders[0], "conversations_2026-03-02.jsonl")
	require.NoError(t, os.WriteFile(mine, []byte("mine"), 0o644))
	_, err = WriteSample(folder)
	require.NoError(t, err)
	content, err := os.ReadFile(mine)
	require.NoError(t, err)
	require.Equal(t, "mine", string(content), "a file that is there stays")
}

func TestTools(t *testing.T) {
	const answer = `{"tools": [{"name": "look", "inputSchema": {"type": "object"}}]}`
	write(t, map[string]string{"logs/tools.json": answer, "other/tools.json": `{"name": "builder", "tools": {"cake": "1.0"}}`, "empty/a.md": "# A"})
	require.Equal(t, "", Tools([]string{"empty", "other", "logs/tools.json", "nowhere"}))
	require.Equal(t, filepath.Join("logs", "tools.json"), Tools([]string{"other", "logs"}))
	require.NoError(t, os.WriteFile("tools.json", []byte(`[{"name": "look", "parameters" : {}}]`), 0o644))
	require.Equal(t, "tools.json", Tools([]string{"logs"}), "the nearest")
}
