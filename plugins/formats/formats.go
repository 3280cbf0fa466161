// Package formats holds the built-in formats: unified, chatml and axolotl.
//
// Each is one file: a small encoder of one example, which the host has shaped before. What two formats share is a file
// of its own: [writer] appends JSON, [turn] is a conversation as text.
package formats

import "github.com/ftprep/ftprep/sdk"

// Plugin offers the built-in formats.
var Plugin = sdk.Plugin{
	Name:    "formats",
	Version: "0.1.0",
	Doc:     "Writes examples as unified records, as ChatML text and for Axolotl.",
	Steps: []sdk.Step{
		sdk.NewFormat("unified", "The whole example, one JSON object a line; nothing is left out.", unifiedHolds, newUnified),
		sdk.NewFormat("chatml", "ChatML text with special tokens and <tool_call> lines; rows {\"text\"} where the path ends in .jsonl.", chatmlHolds, newChatml),
		sdk.NewFormat("axolotl", "Rows of instruction, input and output, for Axolotl's alpaca type. They hold no system prompt.", axolotlHolds, newAxolotl),
		sdk.NewSource("unified", "Reads back what the unified output wrote, also *.jsonl.gz and *.jsonl.zst. Examples are what they were: ids, provenance and labels stay.", newUnifiedSource),
	},
}
