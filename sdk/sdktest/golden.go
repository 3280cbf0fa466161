package sdktest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/ftprep/ftprep/sdk"
)

var update = flag.Bool("update", false, "rewrite the want files of golden cases")

// Golden runs the cases in the files testdata/*.txtar of the package under test. The comment of a case ends with a line
// that names a step and may give its options as a JSON object (for a source, since, until, tools and keep may be among
// them):
//
//	A lesson without a solution is still a chain.
//
//	source journal {"option": "value"}
//	-- notes/a.md --
//	# Input: for a source, files to read; for a filter or a format, in.jsonl with one sdk.Example as JSON on each line.
//	-- tools.json --
//	[{"Name": "send_command", "Schema": {"type": "object"}}]
//	-- want --
//
// The file tools.json, a list of [sdk.ToolDefinition], holds the tools that the pipeline declares. In a case of a filter
// or a format, other files are for its options, in which $FOLDER stands for the folder that they are in.
//
// The file want is compared with a readable rendering of what the step has made: examples, rejects and tally; or
// decisions and examples; or keys; or rows and companions. The flag -update of go test, which this package defines,
// rewrites it.
func Golden(t *testing.T, plugin sdk.Plugin) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files, "no golden cases in testdata")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, plugin, file) })
	}
}

func golden(t *testing.T, plugin sdk.Plugin, path string) {
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	c := newCase(t, archive)
	got := c.run(t, plugin)
	if *update {
		archive.Files[c.want].Data = []byte(got)
		require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
		return
	}
	require.Equal(t, string(archive.Files[c.want].Data), got, "go test -update rewrites %s", path)
}

// A goldenCase is one parsed file.
type goldenCase struct {
	kind    sdk.Kind
	step    string
	options string
	setup   sdk.Setup
	folder  string // holds the files of the case, but for in.jsonl of a filter or format
	input   []*sdk.Example
	want    int // index of the want file
}

func newCase(t *testing.T, archive *txtar.Archive) *goldenCase {
	lines := strings.Split(strings.TrimSpace(string(archive.Comment)), "\n")
	kind, rest, _ := strings.Cut(lines[len(lines)-1], " ")
	step, options, _ := strings.Cut(rest, " ")
	c := &goldenCase{kind: sdk.Kind(kind), step: step, folder: t.TempDir(), want: -1}
	c.options = c.takeSelection(t, strings.ReplaceAll(options, "$FOLDER", filepath.ToSlash(c.folder)))
	for i, file := range archive.Files {
		switch file.Name {
		case "want":
			c.want = i
		case "tools.json":
			c.setup.Tools = &sdk.Toolset{}
			require.NoError(t, parseStrictly(file.Data, &c.setup.Tools.Tools), "tools.json")
		case "in.jsonl":
			if c.kind != sdk.KindSource {
				c.input = parseExamples(t, file.Data)
				continue
			}
			fallthrough
		default:
			path := filepath.Join(c.folder, filepath.FromSlash(file.Name))
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, file.Data, 0o644))
		}
	}
	require.GreaterOrEqual(t, c.want, 0, "the case has no want file")
	return c
}

// takeSelection moves a source's since, until, tools and keep options to the setup, as the host does. Here since and
// until are instants such as "2026-11-01T00:00:00Z".
func (c *goldenCase) takeSelection(t *testing.T, options string) string {
	if c.kind != sdk.KindSource || options == "" {
		return options
	}
	var values map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(options), &values), "options of the case")
	var tools []string
	var keep string
	var since, until time.Time
	for name, into := range map[string]any{"tools": &tools, "keep": &keep, "since": &since, "until": &until} {
		if raw, ok := values[name]; ok {
			require.NoError(t, json.Unmarshal(raw, into), name)
		}
		delete(values, name)
	}
	selection, err := sdk.NewSelection(tools, keep)
	require.NoError(t, err)
	c.setup.Selection = selection.Between(since, until)
	rest, err := json.Marshal(values)
	require.NoError(t, err)
	return string(rest)
}

func parseExamples(t *testing.T, data []byte) []*sdk.Example {
	var examples []*sdk.Example
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		example := &sdk.Example{}
		require.NoError(t, parseStrictly([]byte(line), example), "in.jsonl:%d", i+1)
		example.ID = cmp.Or(example.ID, fmt.Sprintf("example-%d", i+1))
		examples = append(examples, example)
	}
	return examples
}

// parseStrictly parses JSON and returns an error for fields that the SDK's types do not have. Fields that are misspelt,
// or belong to a record of the format unified or a tools/list answer, would otherwise be ignored silently.
func parseStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func (c *goldenCase) run(t *testing.T, plugin sdk.Plugin) string {
	var out rendering
	switch c.kind {
	case sdk.KindSource:
		c.setup.Paths = []string{c.folder}
		out.reading(Read(t, plugin, c.step, c.setup, c.options))
	case sdk.KindFilter:
		if step := plugin.Step(c.kind, c.step); step != nil && step.Keyed {
			for _, keys := range Keys(t, plugin, c.step, c.options, c.input...) {
				out.printf("keys %s\n", strings.Join(keys, " "))
			}
			break
		}
		for i, applied := range Apply(t, plugin, c.step, c.setup, c.options, c.input...) {
			out.applied(c.input[i].ID, applied)
		}
	case sdk.KindFormat:
		c.setup.Paths = []string{filepath.Join(c.folder, "out.jsonl")}
		out.encoding(Encode(t, plugin, c.step, c.setup, c.options, c.input...))
	default:
		require.Failf(t, "bad case", "the comment's last line starts with %q, not with source, filter or output", c.kind)
	}
	return out.String()
}
