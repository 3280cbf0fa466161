// Command ftprep-plugin-journal serves the journal source.
package main

import (
	"github.com/ftprep/ftprep/plugins/journal"
	"github.com/ftprep/ftprep/sdk"
)

func main() { sdk.Serve(journal.Plugin) }
