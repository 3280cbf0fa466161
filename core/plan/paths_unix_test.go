//go:build unix

package plan

import (
	"os"
	"path/filepath"
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

func TestWhatIsNotThereIsToldByItsPlace(t *testing.T) {
	dir := t.TempDir()
	locate := newLocator(dir, []string{"HOME=" + dir + "/jane"})
	for path, want := range map[string]string{
		"logs":        `"logs" does not exist in ` + dir,
		"~logs":       `"~logs" does not exist in ` + dir,
		dir + "/logs": `"` + dir + `/logs" does not exist`,
		"~/logs":      `"~/logs" is ` + dir + `/jane/logs, which does not exist`,
	} {
		_, err := locate.existing(path)
		require.EqualError(t, err, want)
	}
}

func TestALinkToNothingIsNoFolder(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "data")
	require.NoError(t, os.Symlink("disk", link))
	require.Equal(t, link, notFolder(filepath.Join(link, "sft")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "disk"), 0o700))
	require.Empty(t, notFolder(filepath.Join(link, "sft")))
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
		{Settings{Sampled: true, Unwritten: true}, "/pipelines/data/a.jsonl"},
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

// TestOutputsBehindLinks: by whatever name, nothing is written into what is read.
func TestOutputsBehindLinks(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "logs"), 0o755))
	require.NoError(t, os.Symlink("logs", filepath.Join(dir, "link")))
	place := filepath.Join(dir, "pipeline.hcl")
	for text, want := range map[string]string{
		`source "journal" "a" { path = "logs" }
output "unified" "a" { path = "link/a.jsonl" }`: "Output inside an input",
		`source "journal" "a" { path = "link" }
output "unified" "a" { path = "logs/a.jsonl" }`: "Output inside an input",
		`source "journal" "a" { path = "logs" }
output "unified" "a" { path = "same.jsonl" }`: "Output is the pipeline",
		`source "journal" "a" { path = "logs" }
output "unified" "a" { path = "device" }`: "Output is not a file",
		`source "journal" "a" { path = "logs" }
output "unified" "a" { path = "link2/a.jsonl" }
output "unified" "b" { path = "out/a.jsonl" }`: "Outputs overlap",
	} {
		require.NoError(t, os.WriteFile(place, []byte(text), 0o600))
		for _, name := range []string{"same.jsonl", "link2", "device"} {
			_ = os.Remove(filepath.Join(dir, name))
		}
		require.NoError(t, os.Link(place, filepath.Join(dir, "same.jsonl")))
		require.NoError(t, os.Symlink(os.DevNull, filepath.Join(dir, "device")))
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "out"), 0o755))
		require.NoError(t, os.Symlink("out", filepath.Join(dir, "link2")))
		pipeline, err := load.File(dir)
		require.NoError(t, err)
		_, diags := New(t.Context(), pipeline, fakeCatalog{}, Settings{Cwd: dir})
		require.Len(t, diags, 1, text)
		require.Equal(t, want, diags[0].Summary)
	}
}
