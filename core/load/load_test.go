package load

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const small = `variable "out" { default = "data" }
locals { a = 1 }
plugin "sharegpt" { path = "x" }
tools { file = "tools.json" }
source "journal" "notes" {
  path = var.unknown
}
filter "dedup" "exact" {}
output "unified" "all" { path = "x" }
pipeline { redact = false }
experiment "strict" { outputs = [] }
`

func TestSource(t *testing.T) {
	p, err := Source("dir/pipeline.hcl", []byte(small))
	require.NoError(t, err)
	require.True(t, p.Intact)
	require.Empty(t, p.Problems)
	require.Empty(t, p.Lost)
	require.Equal(t, "out", p.Variables[0].Name)
	require.Contains(t, p.Locals[0].Attributes, "a")
	require.Equal(t, "sharegpt", p.Plugins[0].Name)
	require.Equal(t, "file", p.Tools.File.Name)
	require.Equal(t, "redact", p.Settings.Redact.Name)
	require.Nil(t, p.Settings.Filters)
	require.Equal(t, "strict", p.Experiments[0].Name)
	var addresses []string
	for _, step := range p.Steps() {
		addresses = append(addresses, step.Address())
	}
	require.Equal(t, []string{"source.journal.notes", "filter.dedup.exact", "output.unified.all"}, addresses)
	require.Equal(t, 5, p.Sources[0].Range.Start.Line)
	require.Equal(t, "dir/pipeline.hcl", p.Sources[0].Range.Filename)
	require.Equal(t, small, string(p.Files["dir/pipeline.hcl"].Bytes))
	require.True(t, filepath.IsAbs(p.Dir))
	require.Equal(t, "dir", filepath.Base(p.Dir))
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	_, err := File(dir)
	require.ErrorIs(t, err, fs.ErrNotExist)
	place := filepath.Join(dir, FileName)
	require.NoError(t, os.WriteFile(place, []byte(small), 0o600))
	for _, path := range []string{dir, place} {
		p, err := File(path)
		require.NoError(t, err)
		require.Equal(t, place, p.Filename)
		require.Equal(t, dir, p.Dir)
	}
}

func TestProblems(t *testing.T) {
	type place struct {
		line    int
		summary string
	}
	for name, c := range map[string]struct {
		src    string
		intact bool
		want   []place
	}{
		"kind":      {"fliter \"a\" \"b\" {}\n", true, []place{{1, "Unsupported block type"}}},
		"labels":    {"tools \"x\" {}\nsource \"a\" {}\n", true, []place{{2, "Missing name for source"}, {1, "Extraneous label for tools"}}},
		"name":      {"filter \"a\" \"1/2\" {}\n", true, []place{{1, "Invalid name"}}},
		"twice":     {"filter \"a\" \"b\" {}\nsource \"a\" \"b\" {}\nfilter \"a\" \"b\" {}\n", true, []place{{3, "Duplicate filter"}}},
		"locals":    {"locals { a = 1 }\nlocals {\n a = 2\n}\n", true, []place{{3, "Duplicate local"}}},
		"base":      {"experiment \"base\" {}\n", true, []place{{1, "Reserved name"}}},
		"attribute": {"x = 1\n", true, []place{{1, "Unsupported argument"}}},
		"stepped":   {"tools {\n file = 'x'\n}\nvariable {}\n", true, []place{{2, "Invalid character"}, {4, "Missing name for variable"}}},
		"quote":     {"tools {\n file = \"x\n}\nvariable {}\n", false, []place{{2, "Invalid multi-line string"}}},
		"brace":     {"tools {\n", false, []place{{1, "Unclosed configuration block"}}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Source("p.hcl", []byte(c.src))
			require.NoError(t, err)
			require.Equal(t, c.intact, p.Intact)
			var got []place
			for _, problem := range p.Problems {
				got = append(got, place{problem.Subject.Start.Line, problem.Summary})
			}
			require.ElementsMatch(t, c.want, got)
		})
	}
}

func TestByteOrderMark(t *testing.T) {
	p, err := Source("p.hcl", []byte("\ufefftools {\r\n file = \"x\"\r\n}\r\n"))
	require.NoError(t, err)
	require.Empty(t, p.Problems)
	require.Equal(t, "file", p.Tools.File.Name)
}

func TestLineEndsOfWindowsGetIntoNoText(t *testing.T) {
	p, err := Source("p.hcl", []byte("variable \"a\" {\r\n  default = <<TEXT\r\none\r\ntwo\r\nTEXT\r\n}\r\n"))
	require.NoError(t, err)
	require.Empty(t, p.Problems)
	value, diags := p.Variables[0].Default.Expr.Value(nil)
	require.Empty(t, diags)
	require.Equal(t, "one\ntwo\n", value.AsString())
}

func TestFormat(t *testing.T) {
	require.Equal(t, "tools {\n  file = \"x\" # a\n}\n", string(Format([]byte("tools {\nfile=\"x\" # a\n}\n"))))
}

func FuzzSource(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("source \"a\" {\n x = [1,\n}\nfilter 'x' {}\n"))
	f.Add([]byte("\xff\xfe\x00variable \"x\" { default = <<EOT\nx\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := Source("p.hcl", src)
		require.NoError(t, err)
		require.Equal(t, len(p.Problems) > 0 || p.Intact, true)
		for _, problem := range p.Problems {
			require.NotNil(t, problem.Subject)
		}
		Format(src)
	})
}
