// Package formats holds the built-in formats, the source that reads unified rows back, and the source that reads rows that
// others wrote.
//
// Each format is a file with a small encoder of one example, which the host has shaped before; a decoder beside it reads
// rows back to check them. What formats share is in files of its own: [writer] appends JSON; [chat] writes messages in the
// shape of OpenAI's API, and [toolList] the tools of a row; [qwen] writes conversations as text in Qwen's templates, and
// [turn] in a plain form; [toolText] keeps the text of the tools; [rowReader] takes rows apart, and [parser] texts.
package formats

import "github.com/ftprep/ftprep/sdk"

// Plugin offers the built-in formats.
var Plugin = sdk.Plugin{
	Name:    "formats",
	Version: "0.1.0",
	Doc:     "Writes examples as unified records and in the formats of trainers, and reads datasets.",
	Steps: []sdk.Step{
		sdk.NewFormat("unified", "The whole example, one JSON object a line; nothing is left out.", unifiedHolds, newUnified),
		sdk.NewFormat("chatml", "ChatML text, one conversation a block; or rows {\"text\"} if the path ends in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, or is a folder.", chatmlHolds, newChatml),
		sdk.NewFormat("axolotl", "Rows for Axolotl, and a QLoRA configuration for its train command. The shape instruction has no place for a system prompt.", axolotlHolds, newAxolotl),
		sdk.NewFormat("openai", openaiDoc, openaiHolds, newOpenai),
		sdk.NewFormat("trl", trlDoc, trlHolds, newTrl),
		sdk.NewFormat("mistral", mistralDoc, mistralHolds, newMistral),
		sdk.NewFormat("swift", swiftDoc, swiftHolds, newSwift),
		sdk.NewFormat("atif", atifDoc, atifHolds, newAtif),
		sdk.NewFormat("llamafactory", "A folder for LLaMA-Factory: rows, the list of data sets dataset_info.json, and a QLoRA configuration for its train command.", llamaFactoryHolds, newLlamaFactory),
		sdk.NewFormat("llama3", "Rows {\"text\"} with conversations as the chat template of Llama 3.1 writes them, without the token at the beginning, which tokenizers add.", llama3Holds, newLlama3),
		sdk.NewFormat("hf", "A folder for the Hugging Face hub: Parquet files of conversations in plain columns, and a dataset card.", hfHolds, newHF),
		sdk.NewSource("unified", "Reads back what the unified format wrote, in *.jsonl, *.jsonl.gz and *.jsonl.zst. The examples are what they were: they keep their ids, provenance and labels.", newUnifiedSource),
		sdk.NewSource("dataset", datasetDoc, newDatasetSource),
	},
}
