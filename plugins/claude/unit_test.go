package claude

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestUnits(t *testing.T) {
	folder := t.TempDir()
	for name, session := range map[string]string{
		"p/s.jsonl":                               "s",
		"p/s/subagents/agent-b.jsonl":             "s",
		"p/s/subagents/workflows/w/agent-c.jsonl": "s",
		"p/s/subagents/workflows/w/journal.jsonl": "",
		"p/agent-a.jsonl":                         "s",
		"p/agent-z.jsonl":                         "gone",
		"p/gone/subagents/agent-y.jsonl":          "gone",
		"q/s.jsonl":                               "s",
		"q/s/tool-results/out.txt":                "",
		"history.jsonl":                           "",
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(`{"type":"mode"}`+"\n"+`{"sessionId":"`+session+`"}`+"\n"), 0o600))
	}
	units := func(o options) map[string][]string {
		found, err := (&source{options: o}).Units(t.Context(), []string{folder})
		require.NoError(t, err)
		names := map[string][]string{}
		for _, unit := range found {
			names[unit.ID] = nil
			for _, file := range unit.Files[1:] {
				names[unit.ID] = append(names[unit.ID], file.Name)
			}
		}
		return names
	}
	require.Equal(t, map[string][]string{
		"history.jsonl": nil,
		"p/s.jsonl": {"p/agent-a.jsonl", "p/s/subagents/agent-b.jsonl", "p/s/subagents/workflows/w/agent-c.jsonl",
			"p/s/subagents/workflows/w/journal.jsonl"},
		"q/s.jsonl":                      nil,
		"p/agent-z.jsonl":                nil,
		"p/gone/subagents/agent-y.jsonl": nil,
	}, units(options{Subagents: true}))
	require.Equal(t, map[string][]string{"history.jsonl": nil, "p/s.jsonl": nil, "q/s.jsonl": nil}, units(options{}))
}

func TestUnitsOfCompressedFiles(t *testing.T) {
	folder := t.TempDir()
	for name, session := range map[string]string{
		"p/s.jsonl.gz": "s", "p/s/subagents/agent-b.jsonl": "s", "p/agent-a.jsonl.zst": "s", "p/t.jsonl": "t", "p/agent-c.jsonl.gz": "t",
		"p/notes.gz": "",
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		text := []byte(`{"sessionId":"` + session + `"}` + "\n")
		if end := filepath.Ext(name); end != ".jsonl" {
			text = pack(t, end, string(text))
		}
		require.NoError(t, os.WriteFile(path, text, 0o600))
	}
	units, err := (&source{options: options{Subagents: true}}).Units(t.Context(), []string{folder})
	require.NoError(t, err)
	var names [][]string
	for _, unit := range units {
		names = append(names, nil)
		for _, file := range unit.Files {
			names[len(names)-1] = append(names[len(names)-1], file.Name)
		}
	}
	require.Equal(t, [][]string{{"p/s.jsonl.gz", "p/agent-a.jsonl.zst", "p/s/subagents/agent-b.jsonl"}, {"p/t.jsonl", "p/agent-c.jsonl.gz"}}, names)
}

func TestUnitsOfSingleFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent-a.jsonl")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	units, err := (&source{options: options{Subagents: true}}).Units(t.Context(), []string{path})
	require.NoError(t, err)
	require.Len(t, units, 1)
	require.Equal(t, "agent-a.jsonl", units[0].ID)
}

func TestNoProjectsAreNotAllProjects(t *testing.T) {
	_, err := Plugin.Steps[0].Open(sdk.Setup{Block: "test"}, `{"projects": []}`)
	var problem *sdk.OptionError
	require.ErrorAs(t, err, &problem)
	require.Equal(t, "projects", problem.Option)
	_, err = Plugin.Steps[0].Open(sdk.Setup{Block: "test"}, `{"projects": null}`)
	require.NoError(t, err)
}

func TestProjectsThatNoSessionIsOf(t *testing.T) {
	folder := t.TempDir()
	for name, line := range map[string]string{"-srv-mill/a.jsonl": `{"type":"user","cwd":"/srv/mill"}`, "-srv-well/b.jsonl": `{"type":"mode"}`} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(line+"\n"), 0o600))
	}
	for reason, o := range map[string]options{
		`projects = ["farm"] leaves none of 2 files; their projects are: /srv/mill, -srv-well`:                                                                                                    {Projects: []string{"farm"}},
		`except_projects = ["*"] leaves none of 2 files; their projects are: /srv/mill, -srv-well`:                                                                                                {ExceptProjects: []string{"*"}},
		`projects = ["mill"], except_projects = ["/srv/*"] leaves none of 2 files; their projects are: /srv/mill, -srv-well`:                                                                      {Projects: []string{"mill"}, ExceptProjects: []string{"/srv/*"}},
		`except_projects = ["/srv/wel"]: none of 2 files belongs to the project "/srv/wel"; their projects are: /srv/mill, -srv-well; to allow for no match, write a pattern such as "/srv/wel*"`: {ExceptProjects: []string{"/srv/wel"}},
		`projects = ["mill" "wel"]: none of 2 files belongs to the project "wel"; their projects are: /srv/mill, -srv-well; to allow for no match, write a pattern such as "wel*"`:                {Projects: []string{"mill", "wel"}},
	} {
		_, err := (&source{options: o}).Units(t.Context(), []string{folder})
		require.EqualError(t, err, reason)
	}
	for _, o := range []options{{ExceptProjects: []string{"/srv/wel*x"}}, {Projects: []string{"mill", "*wel"}}, {Projects: []string{"mill"}, ExceptProjects: []string{"-srv-well", "mill?"}}} {
		_, err := (&source{options: o}).Units(t.Context(), []string{folder})
		require.NoError(t, err)
	}
}
