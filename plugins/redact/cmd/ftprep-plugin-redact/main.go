// Command ftprep-plugin-redact serves the redact filter as a plugin process.
package main

import (
	"github.com/ftprep/ftprep/plugins/redact"
	"github.com/ftprep/ftprep/sdk"
)

func main() { sdk.Serve(redact.Plugin) }
