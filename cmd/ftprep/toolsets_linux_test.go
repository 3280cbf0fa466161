package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A plugin without the SDK names its toolsets as it likes, and another unit or another plugin may mean something else by the same
// name.
func TestNamesOfToolsetsHoldForAStream(t *testing.T) {
	for fault, c := range map[string]struct {
		faultCase
		want []string
	}{
		"units of a source":                      {faultCase{args: "alike"}, []string{"of a", "of b", "of c"}},
		"units of a source that observes":        {faultCase{args: "alike-complete"}, []string{"of a", "of b", "of c"}},
		"a filter that gives examples a toolset": {faultCase{args: "gives", filter: "wild"}, []string{"of the filter", "of the filter", "of the filter"}},
	} {
		t.Run(fault, func(t *testing.T) {
			c.plugin = "wild"
			folder := c.project(t)
			pipeline := filepath.Join(folder, "pipeline.hcl")
			text, err := os.ReadFile(pipeline)
			require.NoError(t, err)
			text = bytes.Replace(text, []byte(`{ path = "out/all.jsonl" }`), []byte("{\n  path = \"out/all.jsonl\"\n  tool_definitions = true\n}"), 1)
			require.NoError(t, os.WriteFile(pipeline, text, 0o644))
			command := exec.Command(filepath.Join(folder, "ftprep"), "run", folder)
			command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
			out, err := command.CombinedOutput()
			require.NoError(t, err, "%s", out)
			rows, err := os.ReadFile(filepath.Join(folder, "out", "all.jsonl"))
			require.NoError(t, err)
			var got []string
			for row := range strings.Lines(string(rows)) {
				var example struct {
					Tools []struct{ Description string }
				}
				require.NoError(t, json.Unmarshal([]byte(row), &example))
				require.Len(t, example.Tools, 1, row)
				got = append(got, example.Tools[0].Description)
			}
			require.Equal(t, c.want, got)
		})
	}
}
