// Command ftprep-plugin-discord serves the discord source as a plugin process.
package main

import (
	"github.com/ftprep/ftprep/plugins/discord"
	"github.com/ftprep/ftprep/sdk"
)

func main() { sdk.Serve(discord.Plugin) }
