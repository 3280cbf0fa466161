package scout

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/load"
)

// TestPipeline: whatever is found, the draft can be parsed and is laid out as ftprep fmt would.
func TestPipeline(t *testing.T) {
	journals := Find{Source: journal, Name: "notes", Path: "journals"}
	sessions := Find{Source: claude, Name: "sessions", Path: "~/.claude/projects", Servers: map[string]int{"robot": 3, "mail": 3, "shop": 9}}
	for name, test := range map[string]struct {
		finds   []Find
		tools   string
		system  string
		sources []string
		holds   []string
	}{
		"nothing": {},
		"one kind": {
			finds: []Find{journals}, sources: []string{"source.journal.notes"},
			holds: []string{`default = "data"`, `path = "journals"`, "\n# tools { file = \"tools.json\" }\n"},
		},
		"several of one kind": {
			finds: []Find{journals, sessions, journals}, tools: "logs/tools.json", system: "system.md",
			sources: []string{"source.journal.notes", "source.claude.sessions", "source.journal.notes2"},
			holds:   []string{"#   mcp__shop__*  9\n  #   mcp__mail__*  3\n  #   mcp__robot__*  3\n  tools = [\"mcp__*\"]", `system = file("system.md")`, "\ntools {\n  file = \"logs/tools.json\"\n}\n"},
		},
		"odd path": {
			finds: []Find{{Source: discord, Name: "bot", Path: `a "b" ${c} %{d}`}}, sources: []string{"source.discord.bot"},
			holds: []string{`path = "a \"b\" $${c} %%{d}"`},
		},
		"no MCP": {
			finds: []Find{{Source: claude, Name: "sessions", Path: "s"}}, sources: []string{"source.claude.sessions"},
			holds: []string{"path = \"s\"\n}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			text := Pipeline(test.finds, test.tools, test.system)
			require.Equal(t, string(load.Format([]byte(text))), text)
			pipeline, err := load.Source("pipeline.hcl", []byte(text))
			require.NoError(t, err)
			require.Empty(t, pipeline.Problems)
			var sources []string
			for _, source := range pipeline.Sources {
				sources = append(sources, source.Address())
			}
			require.Equal(t, test.sources, sources)
			require.Equal(t, test.system != "", strings.Contains(text, "system "))
			for _, part := range test.holds {
				require.Contains(t, text, part)
			}
		})
	}
}

// TestOutFolder: a source that reads the current folder would read the outputs in it.
func TestOutFolder(t *testing.T) {
	write(t, map[string]string{"here/a.md": "# A"})
	t.Chdir("here")
	require.Equal(t, "../here-data", outFolder([]Find{{Path: "."}}))
	require.Equal(t, "data", outFolder([]Find{{Path: "logs"}, {Path: "../elsewhere"}}))
}

func TestDraft(t *testing.T) {
	write(t, map[string]string{"notes/a.md": "# A", "other/a.txt": ""})
	pipeline, err := Draft([]string{"notes"})
	require.NoError(t, err)
	require.Empty(t, pipeline.Problems)
	require.Equal(t, load.FileName, pipeline.Filename)
	require.Len(t, pipeline.Sources, 1)

	_, err = Draft([]string{"notes", "other"})
	require.EqualError(t, err, "other holds no journals, sessions or Discord logs")
	_, err = Draft([]string{"other", "notes", "other/a.txt"})
	require.EqualError(t, err, "other holds no journals, sessions or Discord logs\nother/a.txt holds no journals, sessions or Discord logs")
	_, err = Draft([]string{"nowhere"})
	require.ErrorIs(t, err, os.ErrNotExist)
}
