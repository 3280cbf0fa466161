package formats

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// rowsPath matches paths of files of rows.
var rowsPath = regexp.MustCompile(`(?i)\.(jsonl(\.gz|\.zst)?|parquet)$`)

// extension returns the last extension of a file's name in lower case, as the host ignores the case, too.
func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }

// outputPath returns the path of an output, or an empty string if it is not known.
func outputPath(setup sdk.Setup) string {
	if len(setup.Paths) == 0 {
		return ""
	}
	return setup.Paths[0]
}

// isFolder reports whether the path of an output is a folder, in which the host names the file.
func isFolder(path string) bool { return path != "" && os.IsPathSeparator(path[len(path)-1]) }

// noTable returns an error if the output is a table. It is for rows whose parts differ from row to row, such as messages with
// and without calls: the columns of a table would hold them as text, where no reader looks for them.
func noTable(setup sdk.Setup) error {
	if isTable(outputPath(setup)) {
		return &sdk.OptionError{Option: "path", Reason: "a table would hold these rows as text, which no trainer reads; write lines, such as .jsonl, or use the format hf or chatml for a table"}
	}
	return nil
}

// compressed reports whether rows are to be compressed lines.
func compressed(setup sdk.Setup) bool {
	last := extension(outputPath(setup))
	return last == ".gz" || last == ".zst"
}
