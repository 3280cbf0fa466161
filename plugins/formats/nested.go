package formats

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// noTable refuses a table as the file of rows whose parts differ from row to row, such as messages with and without calls:
// its columns would hold them as text, in which no reader looks for them.
func noTable(setup sdk.Setup) error {
	for _, path := range setup.Paths {
		if strings.HasSuffix(strings.ToLower(path), ".parquet") {
			return &sdk.OptionError{Option: "path", Reason: "a table holds these rows as text that nothing reads; use .jsonl, .jsonl.gz or .jsonl.zst"}
		}
	}
	return nil
}
