// Command ftprep-plugin-formats serves the built-in formats as a plugin process.
package main

import (
	"github.com/ftprep/ftprep/plugins/formats"
	"github.com/ftprep/ftprep/sdk"
)

func main() { sdk.Serve(formats.Plugin) }
