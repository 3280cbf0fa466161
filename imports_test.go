// Package ftprep holds the tests of the tree as a whole.
package ftprep

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/ftprep/ftprep"

// arrows says which of our own packages each part of the tree may import, by their names or by that of a folder and "/..."; a
// part may always import itself.
var arrows = map[string][]string{
	"proto":           {},
	"sdk":             {"proto/..."},
	"core":            {"sdk", "sdk/process", "sdk/packed", "sdk/tables"},
	"plugins/journal": {"sdk"},
	"plugins/claude":  {"sdk", "sdk/packed"},
	"plugins/discord": {"sdk", "sdk/packed"},
	"plugins/filters": {"sdk", "sdk/packed"},
	"plugins/redact":  {"sdk"},
	"plugins/formats": {"sdk", "sdk/packed", "sdk/tables"},
	"cmd/ftprep":      {"sdk/...", "core/...", "plugins/..."},
}

// onlySDK are libraries of the wire, which only what is in sdk/ (and the generated code) knows.
var onlySDK = []string{"google.golang.org/grpc", "google.golang.org/protobuf", "github.com/hashicorp/go-plugin"}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		path, ours := strings.CutPrefix(fields[0], module+"/")
		if !ours {
			continue
		}
		part := partOf(path)
		require.NotEmpty(t, part, "%s belongs to no part of the tree", path)
		for _, imported := range fields[1:] {
			checkImport(t, path, part, imported)
		}
	}
}

func partOf(path string) string {
	for part := range arrows {
		if path == part || strings.HasPrefix(path, part+"/") {
			return part
		}
	}
	return ""
}

func checkImport(t *testing.T, path, part, imported string) {
	if part != "sdk" && part != "proto" {
		for _, library := range onlySDK {
			require.False(t, imported == library || strings.HasPrefix(imported, library+"/"), "%s imports %s: only sdk speaks the wire", path, imported)
		}
	}
	ours, ok := strings.CutPrefix(imported, module+"/")
	if !ok || ours == part || strings.HasPrefix(ours, part+"/") {
		return
	}
	for _, allowed := range arrows[part] {
		folder, all := strings.CutSuffix(allowed, "/...")
		if ours == folder || all && strings.HasPrefix(ours, folder+"/") {
			return
		}
	}
	require.Failf(t, "a wrong arrow", "%s imports %s", path, ours)
}
