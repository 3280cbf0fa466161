package scout

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/ftprep/ftprep/core/load"
)

// Pipeline returns the text of the default pipeline for logs, with comments for people. toolsFile names a file with the
// tools that the model can call, systemFile one with a system prompt; empty: none.
func Pipeline(finds []Find, toolsFile, systemFile string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Written by ftprep init. ftprep plan shows what this does, ftprep run does it.\n")
	line("# Where the outputs go: --var out=FOLDER changes it for one run.")
	line("variable \"out\" {\ndefault = %s\n}\n", quote(outFolder(finds)))
	line("# The tools that the model can call: an MCP server's answer to tools/list, or what ftprep tools > tools.json makes of the logs.")
	line("# Without it, schemas are learned from the calls, and calls in journals that do not name their arguments are rejected.")
	if toolsFile == "" {
		line("# tools { file = %q }\n", toolsName)
	} else {
		line("tools {\nfile = %s\n}\n", quote(filepath.ToSlash(toolsFile)))
	}
	for i, find := range finds {
		name := find.Name
		if n := nth(finds[:i], find); n > 1 {
			name = fmt.Sprintf("%s%d", name, n)
		}
		line("source %q %q {\npath = %s", find.Source, name, quote(filepath.ToSlash(find.Path)))
		writeTools(line, find)
		line("}\n")
	}
	writeFilters(line)
	writeOutputs(line, systemFile)
	return string(hclwrite.Format([]byte(b.String())))
}

// outFolder returns a folder in the current one or, if a source reads the whole current folder, one beside it.
func outFolder(finds []Find) string {
	here, err := filepath.Abs(".")
	around := slices.ContainsFunc(finds, func(f Find) bool { return contains(f.Path, ".") })
	if err != nil || !around {
		return "data"
	}
	return "../" + filepath.Base(here) + "-data"
}

// nth returns which find of its kind a find is, counted from 1, so that each gets a name of its own.
func nth(before []Find, find Find) int {
	n := 1
	for _, other := range before {
		if other.Source == find.Source {
			n++
		}
	}
	return n
}

// writeTools proposes to keep MCP calls where there are any: the other calls of a session edit files and run shells,
// which is not what a small controller model has to learn.
func writeTools(line func(string, ...any), find Find) {
	if len(find.Servers) == 0 {
		return
	}
	servers := slices.SortedFunc(maps.Keys(find.Servers), func(a, b string) int {
		return cmp.Or(cmp.Compare(find.Servers[b], find.Servers[a]), cmp.Compare(a, b))
	})
	line("\n# MCP servers in a sample of these sessions, with the number of their calls:")
	for _, server := range servers {
		line("#   mcp__%s__*  %d", server, find.Servers[server])
	}
	line("tools = [\"mcp__*\"] # remove this line to keep every tool's calls")
}

func writeFilters(line func(string, ...any)) {
	line(`# Drops examples without a tool call, if their type needs one.
filter "calls" "required" {}

# Scores each example and drops those below min_score.
filter "quality" "ok" {
min_score = 0.5
}

# Keeps the best of equal examples; with similarity = 0.8, of nearly equal ones too.
filter "dedup" "exact" {}

# Sets some of the conversations aside for evaluation, in files of their own. To use it, list filter.split.aside below.
# filter "split" "aside" { eval = 0.05 }

pipeline {
filters = [filter.calls.required, filter.quality.ok, filter.dedup.exact]
}
`)
}

func writeOutputs(line func(string, ...any), systemFile string) {
	system := ""
	if systemFile != "" {
		system = fmt.Sprintf("\nsystem = file(%s)", quote(systemFile))
	}
	line(`# Everything, one JSON object per line.
output "unified" "all" {
path = "${var.out}/unified.jsonl"
}

# Rendered conversations.
output "chatml" "text" {
path = "${var.out}/chatml.txt"%[1]s
}

# Rows and a training configuration for Axolotl; in that folder: axolotl train chat.yaml
output "axolotl" "chat" {
path = "${var.out}/axolotl/chat.jsonl"
shape = "chat"
max_tokens = 8192
overlong = "cut_results"
distractors = 4 # other tools besides those that an example calls, so that the model learns to choose%[1]s
}

# The same for LLaMA-Factory; in that folder: llamafactory-cli train sft.yaml
output "llamafactory" "sft" {
path = "${var.out}/llamafactory/"
max_tokens = 8192
overlong = "cut_results"
distractors = 4%[1]s
}`, system)
}

// Draft makes the default pipeline for logs, in memory.
func Draft(paths []string) (*load.Pipeline, error) {
	var finds []Find
	var faults []error
	for _, path := range paths {
		found, err := Logs(path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			faults = append(faults, fmt.Errorf("%s holds no journals, sessions or Discord logs", path))
		}
		finds = append(finds, found...)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return load.Source(load.FileName, []byte(Pipeline(finds, "", "")))
}

// quote writes a string as HCL does.
func quote(text string) string {
	tokens := hclwrite.TokensForValue(cty.StringVal(text))
	return string(tokens.Bytes())
}
