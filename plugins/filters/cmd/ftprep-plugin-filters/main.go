// Command ftprep-plugin-filters serves the built-in filters as a plugin process.
package main

import (
	"github.com/ftprep/ftprep/plugins/filters"
	"github.com/ftprep/ftprep/sdk"
)

func main() { sdk.Serve(filters.Plugin) }
