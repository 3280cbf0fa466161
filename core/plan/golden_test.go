package plan

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/sdk"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata want")

// TestGolden runs the cases in testdata. A case is an archive: its comment says what it shows; pipeline.hcl and the
// files beside it are planned; settings holds one setting a line; want holds the diagnostics and, without errors, the plan.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			last := len(archive.Files) - 1
			require.Equal(t, "want", archive.Files[last].Name)
			got := planArchive(t, archive)
			if *update {
				archive.Files[last].Data = []byte(got)
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
			}
			require.Equal(t, string(archive.Files[last].Data), got)
		})
	}
}

func planArchive(t *testing.T, archive *txtar.Archive) string {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	settings := Settings{Cwd: dir, Environ: []string{"HOME=" + filepath.Join(dir, "home")}}
	for _, file := range archive.Files[:len(archive.Files)-1] {
		if file.Name == "settings" {
			for line := range strings.Lines(string(file.Data)) {
				set(t, &settings, strings.TrimSpace(line))
			}
			continue
		}
		place := filepath.Join(dir, file.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(place), 0o755))
		require.NoError(t, os.WriteFile(place, file.Data, 0o644))
	}
	pipeline, err := load.File(dir)
	require.NoError(t, err)
	plan, diags := New(context.Background(), pipeline, fakeCatalog{}, settings)
	text := describeDiagnostics(pipeline, diags)
	if !diags.HasErrors() {
		text += describePlan(plan)
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, dir, "$DIR"), strings.ReplaceAll(dir, `\`, `\\`), "$DIR")
	text = strings.ReplaceAll(text, syscall.ENOENT.Error(), "no such file or directory") // every system words it differently
	return belowDir.ReplaceAllStringFunc(text, func(path string) string {
		return strings.ReplaceAll(strings.ReplaceAll(path, `\\`, "/"), `\`, "/")
	})
}

func set(t *testing.T, s *Settings, line string) {
	key, value, _ := strings.Cut(line, " ")
	switch key {
	case "var":
		if s.Variables == nil {
			s.Variables = map[string]string{}
		}
		name, text, _ := strings.Cut(value, "=")
		s.Variables[name] = text
	case "var-file":
		s.VarFiles = append(s.VarFiles, value)
	case "env":
		s.Environ = append(s.Environ, value)
	case "experiment":
		s.Experiment = value
	case "source":
		s.Sources = append(s.Sources, value)
	case "output":
		s.Outputs = append(s.Outputs, value)
	case "out-dir":
		s.OutDir = value
	case "now":
		var err error
		s.Now, err = time.Parse(time.RFC3339, value)
		require.NoError(t, err)
	case "sampled":
		s.Sampled = true
	default:
		require.Failf(t, "bad case", "there is no setting %q", key)
	}
}

func describeDiagnostics(pipeline *load.Pipeline, diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		place := "-"
		if d.Subject != nil {
			place = fmt.Sprint(d.Subject.Start.Line)
			if d.Subject.Filename != pipeline.Filename {
				place = filepath.Base(d.Subject.Filename) + ":" + place
			}
		}
		if d.Severity == hcl.DiagWarning {
			place += " warning"
		}
		fmt.Fprintf(&b, "%s: %s; %s\n", place, d.Summary, d.Detail)
	}
	return b.String()
}

func describePlan(p *Plan) string {
	var b strings.Builder
	block := func(block *Block) { fmt.Fprintf(&b, "%s of %s %s", block.Address(), block.Plugin, block.Options) }
	field := func(name string, value any) {
		if text, _ := json.Marshal(value); string(text) != "null" && string(text) != `""` {
			fmt.Fprintf(&b, " %s=%s", name, text)
		}
	}
	if p.Experiment != "" {
		fmt.Fprintf(&b, "experiment %s\n", p.Experiment)
	}
	for _, plugin := range p.Plugins {
		if !plugin.Builtin {
			fmt.Fprintf(&b, "plugin %s %s%s %q %q %s\n", plugin.Name, plugin.Path, plugin.Command, plugin.Args, plugin.Env, plugin.Idle)
		}
	}
	if p.Tools != nil {
		fmt.Fprintf(&b, "tools %d\n", len(p.Tools.Tools))
	}
	for _, source := range p.Sources {
		block(&source.Block)
		field("paths", source.Paths)
		selection := cmp.Or(source.Selection, &sdk.Selection{})
		field("tools", selection.Tools)
		if selection.KeepTurn {
			field("keep", "turn")
		}
		if !selection.Since.IsZero() {
			field("since", selection.Since)
		}
		if !selection.Before.IsZero() {
			field("before", selection.Before)
		}
		field("system", source.System)
		if source.MaxUnits > 0 {
			field("max_units", source.MaxUnits)
		}
		if source.Corrects {
			b.WriteString(" corrects")
		}
		b.WriteString("\n")
	}
	for _, filter := range p.Filters {
		block(&filter.Block)
		b.WriteString("\n")
	}
	for _, output := range p.Outputs {
		block(&output.Block)
		fmt.Fprintf(&b, " path=%s", output.Path)
		field("sources", output.Sources)
		field("types", output.Types)
		field("system", output.Shape.System)
		output.Shape.System = ""
		if output.Shape != (shape.Options{}) || output.ShardSize > 0 {
			fmt.Fprintf(&b, " folder=%t shard=%d %+v", output.Folder, output.ShardSize, output.Shape)
		}
		b.WriteString("\n")
	}
	if !p.Redacts() {
		b.WriteString("not redacted\n")
	}
	return b.String()
}

// belowDir matches a path below $DIR, which Windows writes with backslashes.
var belowDir = regexp.MustCompile(`\$DIR[^\s"]*`)
