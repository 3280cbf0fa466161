//go:build unix

package plan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/load"
)

func TestPaths(t *testing.T) {
	locate := newLocator("/pipelines/mine", []string{"HOME=/home/jane"})
	for path, want := range map[string]string{
		"logs/a": "/pipelines/mine/logs/a", "../out": "/pipelines/out", "/logs/../out": "/out",
		"~": "/home/jane", "~/logs": "/home/jane/logs", "~logs": "/pipelines/mine/~logs", "a/~": "/pipelines/mine/a/~",
	} {
		got, err := locate.absolute(path)
		require.NoError(t, err)
		require.Equal(t, want, got, path)
	}
	_, err := locate.absolute(" ")
	require.EqualError(t, err, "the path is empty")
	_, err = newLocator("/pipelines", nil).absolute("~/logs")
	require.EqualError(t, err, `"~/logs" cannot be resolved: HOME is not set`)
}

func TestAPatternNamesWhatIsBelowItsFolder(t *testing.T) {
	locate := newLocator("/pipelines", nil)
	for path, want := range map[string]bool{
		"/pipelines/logs/a.jsonl": true, "/pipelines/logs/deep/a.jsonl": true, "/pipelines/out/a.jsonl": false, "/logs/a.jsonl": false,
	} {
		require.Equal(t, want, locate.matches("logs/**", path), path)
	}
}

// TestWhereAnOutputGoes: a run that does not read everything never replaces a full dataset.
func TestWhereAnOutputGoes(t *testing.T) {
	for _, test := range []struct {
		settings Settings
		want     string
	}{
		{Settings{}, "/pipelines/data/a.jsonl"},
		{Settings{Outputs: []string{"unified.a"}}, "/pipelines/data/a.jsonl"},
		{Settings{Sampled: true}, "/pipelines/partial/data/a.jsonl"},
		{Settings{Sources: []string{"journal.notes"}}, "/pipelines/partial/data/a.jsonl"},
		{Settings{OutDir: "new"}, "/here/new/data/a.jsonl"},
		{Settings{OutDir: "new", Sampled: true}, "/here/new/data/a.jsonl"},
		{Settings{OutDir: "/new", Sources: []string{"journal.notes"}}, "/new/data/a.jsonl"},
	} {
		test.settings.Cwd = "/here"
		pipeline, err := load.Source("/pipelines/pipeline.hcl", []byte(`source "journal" "notes" { path = "/" }
output "unified" "a" { path = "data/a.jsonl" }
`))
		require.NoError(t, err)
		plan, _ := New(t.Context(), pipeline, fakeCatalog{}, test.settings)
		require.Len(t, plan.Outputs, 1)
		require.Equal(t, test.want, plan.Outputs[0].Path)
	}
}
