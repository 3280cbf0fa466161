// Command ftprep-plugin-claude serves the claude source to ftprep.
package main

import (
	"github.com/ftprep/ftprep/plugins/claude"
	"github.com/ftprep/ftprep/sdk"
)

func main() { sdk.Serve(claude.Plugin) }
