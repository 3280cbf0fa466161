package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// planText plans a pipeline in an empty folder.
func planText(t *testing.T, src string) (*load.Pipeline, *Plan, hcl.Diagnostics) {
	dir := t.TempDir()
	pipeline, err := load.Source(filepath.Join(dir, "pipeline.hcl"), []byte(src))
	require.NoError(t, err)
	plan, diags := New(context.Background(), pipeline, fakeCatalog{}, Settings{Cwd: dir})
	return pipeline, plan, diags
}

func TestSnippet(t *testing.T) {
	pipeline, plan, diags := planText(t, `plugin "sharegpt" { path = "x" }
source "journal" "notes" { path = path.pipeline }
output "sharegpt" "all" {
  path     = "/out/x"
  max_trns = 3
}
`)
	require.Empty(t, plan.Outputs)
	var b bytes.Buffer
	require.NoError(t, Show(&b, pipeline.Files, diags, 0, false))
	require.Equal(t, fmt.Sprintf(`Error: Unsupported argument

  on %s line 5, in output "sharegpt" "all":
   5:   max_trns = 3

An argument named "max_trns" is not expected here. Did you mean "max_turns"?

`, pipeline.Filename), b.String())
}

func TestTheHostsOptionsAreReserved(t *testing.T) {
	for _, kind := range []sdk.Kind{sdk.KindSource, sdk.KindFilter, sdk.KindFormat} {
		var names []string
		for _, option := range HostOptions(kind) {
			names = append(names, option.Name)
		}
		require.ElementsMatch(t, sdk.Reserved(kind), names, "of a %s", kind)
	}
}

func TestMemoryOfAPlugin(t *testing.T) {
	for text, want := range map[string]int64{"512MiB": 512 << 20, "512MB": 512e6, "1.5g": 1.5e9} {
		pipeline, err := load.Source("pipeline.hcl", fmt.Appendf(nil, "plugin \"sharegpt\" { memory = %q }\n", text))
		require.NoError(t, err)
		declared, diags := Declared(pipeline, Settings{})
		require.Empty(t, diags)
		require.Equal(t, want, declared[0].Memory, text)
	}
	for text, want := range map[string]string{
		"much": `"memory": "much" is not a size; write a number of bytes such as 500MB or 2GiB.`,
		"0":    `"memory": "0" is less than any plugin needs; write a size with a unit, such as "512MiB".`,
	} {
		pipeline, err := load.Source("pipeline.hcl", fmt.Appendf(nil, "plugin \"sharegpt\" { memory = %q }\n", text))
		require.NoError(t, err)
		_, diags := Declared(pipeline, Settings{})
		require.Len(t, diags, 1)
		require.Equal(t, want, diags[0].Detail)
	}
}

func TestSecretStaysSecret(t *testing.T) {
	pipeline, _, diags := planText(t, `plugin "sharegpt" { path = "x" }
source "journal" "notes" { path = path.pipeline }
variable "token" { default = "hidden" }
output "sharegpt" "a" {
  path  = "/out/x"
  token = "s3cret"
}
output "sharegpt" "b" {
  path  = "/out/y"
  token = "${var.token}-${1 + var.token}-s3cret"
}
`)
	require.Len(t, diags, 2)
	var b bytes.Buffer
	require.NoError(t, Show(&b, pipeline.Files, diags, 0, false))
	require.NotContains(t, b.String(), "s3cret")
	require.NotContains(t, b.String(), "hidden")
	require.Contains(t, b.String(), "pipeline.hcl line 6:\n  (not shown because it is secret)\n")
	require.Contains(t, b.String(), "pipeline.hcl line 10:")
}

func TestPluginErrorIsKept(t *testing.T) {
	_, _, diags := planText(t, "plugin \"broken\" {}\nsource \"journal\" \"a\" { path = path.cwd }\n")
	require.Len(t, diags, 1)
	require.Equal(t, `Plugin not available; plugin "broken": not found.`, diags[0].Summary+"; "+diags[0].Detail)
	require.EqualError(t, diags[0].Extra.(error), `plugin "broken": not found`)
}

func TestNewIsRepeatable(t *testing.T) {
	pipeline, _, first := planText(t, "fliter \"x\" {}\nsource \"journal\" \"a\" { path = \"none\" }\n")
	require.Len(t, first, 2)
	_, second := New(context.Background(), pipeline, fakeCatalog{}, Settings{})
	require.Equal(t, first, second)
	require.Len(t, pipeline.Problems, 1)
}

func TestWhatAPlanTells(t *testing.T) {
	pipeline, plan, diags := planText(t, `source "journal" "a" { path = path.cwd }
filter "dedup" "exact" {}
filter "quality" "ok" {}
`)
	require.Empty(t, diags)
	require.True(t, plan.Redacts())
	require.Equal(t, pipeline.Filename, plan.Filename)
	var names []string
	for _, plugin := range plan.Plugins {
		require.True(t, plugin.Builtin)
		names = append(names, plugin.Offers.Name)
	}
	require.Equal(t, []string{"filters", "logs", "redact"}, names)
}

func TestBlockDiagnostics(t *testing.T) {
	block := &Block{
		Kind: sdk.KindFilter, Type: "quality", Name: "ok",
		Range:        hcl.Range{Filename: "p.hcl", Start: hcl.Pos{Line: 3}},
		optionRanges: map[string]hcl.Range{"min_score": {Filename: "p.hcl", Start: hcl.Pos{Line: 5}}},
	}
	option := &sdk.OptionError{Option: "min_score", Reason: "too much"}
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"option":  {option, []string{`5: "min_score": too much.`}},
		"wrapped": {fmt.Errorf("configure: %w", errors.Join(option)), []string{`5: "min_score": too much.`}},
		"joined": {
			errors.Join(option, &sdk.OptionError{Reason: "both"}, &sdk.OptionError{Option: "other", Reason: "no"}, errors.New("plain")),
			[]string{`3: "other": no.`, `3: both.`, `3: plain.`, `5: "min_score": too much.`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, diag := range block.Diagnostics(c.err) {
				got = append(got, fmt.Sprintf("%d: %s", diag.Subject.Start.Line, diag.Detail))
			}
			require.ElementsMatch(t, c.want, got)
		})
	}
}

func TestParseTools(t *testing.T) {
	schema := json.RawMessage(`{"type":"object"}`)
	want := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Server: "osrs", Name: "go", Description: "Goes.", Schema: schema}}}
	definition := `"name":"mcp__osrs__go","description":"Goes."`
	for name, text := range map[string]string{
		"answer":    `{"tools":[{` + definition + `,"inputSchema":{"type":"object"}}]}`,
		"envelope":  `{"jsonrpc":"2.0","result":{"tools":[{` + definition + `,"inputSchema":{"type":"object"}}]}}`,
		"list":      "\ufeff [{" + definition + `,"input_schema":{"type":"object"}}]`,
		"functions": `[{"type":"function","function":{` + definition + `,"parameters":{"type":"object"}}}]`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseTools([]byte(text))
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
	for text, message := range map[string]string{
		"{\n\n\"tools\": x}":                 "line 3: not valid JSON: invalid character 'x' looking for beginning of value",
		`{"tools":{}}`:                       `line 1: "tools" has the wrong type, object`,
		" \n":                                "it is empty; if the output of ftprep tools was redirected here, redirect it to another file, because the shell empties this one first",
		`[{"name":7}]`:                       `line 1: "name" has the wrong type, number`,
		`{"prompts":[]}`:                     `it contains no tools; it must be an answer to MCP's tools/list: {"tools": [...]}`,
		`[{"name":"a"},{"description":"b"}]`: "tool 2: it has no name",
		`[{"name":"a"},{"name":"a"}]`:        `the tool "a" is defined twice`,
		`[{"name":"a","inputSchema":"an object"}]`: `tool 1: the schema of "a" is not a JSON object`,
	} {
		_, err := parseTools([]byte(text))
		require.EqualError(t, err, message)
	}
}

func FuzzParseTools(f *testing.F) {
	f.Add([]byte(`{"tools":[{"name":"a","inputSchema":{}}]}`))
	f.Add([]byte(`[{"function":{"name":"mcp__a__b"}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := parseTools(text)
		require.Equal(t, err == nil, set != nil && len(set.Tools) > 0)
	})
}

// FuzzNew plans any text: New either returns a plan or says why not. Every block of a plan has a step, whatever is wrong.
func FuzzNew(f *testing.F) {
	f.Add("source \"journal\" \"a\" { path = path.cwd }\nfilter \"quality\" \"b\" { min_score = 1e999 }\n")
	f.Add("locals { a = [for k, v in { b = local.a[*] } : v...] }\nsource \"a\" \"b\" { path = source[null] }\n")
	f.Add("plugin \"sharegpt\" {}\noutput \"sharegpt\" \"a\" {\n path = \"~\"\n names = { a = null }\n max_turns = -0\n token = var[1]\n}\n")
	f.Add("experiment \"a\" {\n variables = null\n filters = {}\n}\npipeline { filters = null }\nvariable \"a\" { default = null }\n")
	f.Fuzz(func(t *testing.T, src string) {
		pipeline, err := load.Source("pipeline.hcl", []byte(src))
		require.NoError(t, err)
		plan, diags := New(context.Background(), pipeline, fakeCatalog{}, Settings{Experiment: "a"})
		require.True(t, plan != nil || diags.HasErrors())
		if plan != nil {
			for _, block := range plan.blocks() {
				require.NotEmpty(t, block.Plugin, block.Address())
			}
		}
	})
}

func TestSuggest(t *testing.T) {
	require.Equal(t, ` Did you mean "claude"?`, suggest("cluade", []string{"journal", "claude"}))
	require.Equal(t, ` Did you mean "A"?`, suggest("a", []string{"A"}))
	require.Empty(t, suggest("x", []string{"ab", "y"}))
	require.Empty(t, suggest("x", nil))
}

// TestATextFileIsTheSameOnEverySystem, whatever line ends programs there write.
func TestATextFileIsTheSameOnEverySystem(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "system.md"), []byte("\ufeffone\r\n\r\ntwo\r\n"), 0o600))
	text, err := fileFunction(newLocator(dir, nil)).Call([]cty.Value{cty.StringVal("system.md")})
	require.NoError(t, err)
	require.Equal(t, "one\n\ntwo\n", text.AsString())
}
