package formats

import (
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// noTable refuses a table as the file of rows whose parts differ from row to row, such as messages with and without calls:
// its columns would hold them as text, in which no reader looks for them.
func noTable(setup sdk.Setup) error {
	for _, path := range setup.Paths {
		if strings.HasSuffix(strings.ToLower(path), ".parquet") {
			return &sdk.OptionError{Option: "path", Reason: "in a table such rows would be text that no trainer reads; write lines, such as .jsonl"}
		}
	}
	return nil
}

// compressed reports whether rows are to be compressed lines.
func compressed(setup sdk.Setup) bool {
	return slices.ContainsFunc(setup.Paths, func(path string) bool {
		path = strings.ToLower(path)
		return strings.HasSuffix(path, ".gz") || strings.HasSuffix(path, ".zst")
	})
}
