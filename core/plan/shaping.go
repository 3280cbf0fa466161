package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// DefaultTokenizer is the tokenizer that counts if a count is needed and none is named.
const DefaultTokenizer = "qwen"

// shapingOptions returns the options of output blocks that shape examples, whatever the format. None has a default here:
// what is not given is left to the format's abilities.
func shapingOptions() []sdk.Option {
	number := func(name, doc string) sdk.Option {
		return sdk.Option{Name: name, Type: sdk.OptionInt, Min: new(float64), Doc: doc}
	}
	return []sdk.Option{
		{Name: "system", Type: sdk.OptionString, Doc: "The system prompt of every example, such as file(\"system.md\")."},
		choice("context", "What the model knew besides the messages, such as a summary or a journal's headings: kept (by default), before the first user message where the format has no other place, or stripped.", shape.ContextKeep, shape.ContextStrip),
		choice("tools", "The tool definitions that go with an example: of the tools that it calls (by default), of all, or none.", shape.ToolsUsed, shape.ToolsAll, shape.ToolsNone),
		number("distractors", "So many other tools are offered beside those that an example calls, so that the model learns to choose."),
		choice("tool_names", "Names of tools without their server (by default) where no other server has one of the same name, or mcp__SERVER__TOOL.", shape.ToolNamesShort, shape.ToolNamesFull),
		choice("thinking", "The model's reasoning: kept (by default) where the format holds it, only behind the last user message, or stripped.", shape.ThinkingKeep, shape.ThinkingLast, shape.ThinkingStrip),
		choice("train", "What is trained on: all that the model said (by default), only what follows the last user message, or all but calls that failed.", shape.TrainAll, shape.TrainLast, shape.TrainSucceeded),
		choice("special_tokens", "A text that a tokenizer would take for a mark of its own, such as <|im_end|>: its example is refused (by default), the mark is broken by a space, or it is kept.", shape.SpecialTokensRefuse, shape.SpecialTokensBreak, shape.SpecialTokensKeep),
		number("max_result_tokens", "Results of tools with more tokens lose their middle; 0: none does."),
		number("max_tokens", "The greatest length of an example in tokens; 0: any."),
		choice("overlong", "What becomes of a longer example: it is dropped (by default), its oldest turns go, or its oldest results are cut.", shape.OverlongDrop, shape.OverlongCutHistory, shape.OverlongCutResults),
		{Name: "tokenizer", Type: sdk.OptionString, Doc: "What counts tokens: " + strings.Join(tokens.Names(), ", ") + ", or the path of a tokenizer.json; by default " + DefaultTokenizer + ". Where it is named, lengths are counted even without a limit."},
		{Name: "shard_size", Type: sdk.OptionString, Doc: "The most that a file of rows holds, such as \"500MB\"; more rows go to further files."},
	}
}

// choice makes an option whose value is one of a few words.
func choice[C ~string](name, doc string, choices ...C) sdk.Option {
	option := sdk.Option{Name: name, Type: sdk.OptionString, Doc: doc}
	for _, c := range choices {
		option.OneOf = append(option.OneOf, string(c))
	}
	return option
}

// shaping reads the options that shape examples.
func (p *planner) shaping(output *Output, body body) {
	options := &output.Shape
	p.systemPrompt(body, &options.System)
	body.read("context", &options.Context)
	body.read("tools", &options.Tools)
	body.read("distractors", &options.Distractors)
	if options.Distractors > 0 && options.Tools != "" && options.Tools != shape.ToolsUsed {
		p.problems.invalid(body.ranges["distractors"], "distractors", errors.New(`it goes with tools = "used"`))
	}
	body.read("tool_names", &options.ToolNames)
	body.read("thinking", &options.Thinking)
	body.read("train", &options.Train)
	body.read("special_tokens", &options.SpecialTokens)
	body.read("overlong", &options.Overlong)
	body.read("max_result_tokens", &options.MaxResultTokens)
	body.read("max_tokens", &options.MaxTokens)
	body.read("tokenizer", &options.Tokenizer)
	counts := options.MaxTokens > 0 || options.MaxResultTokens > 0
	if options.Overlong != "" && options.MaxTokens == 0 {
		p.problems.invalid(body.ranges["overlong"], "overlong", errors.New("it has no effect without max_tokens"))
	}
	switch {
	case options.Tokenizer == "" && counts:
		options.Tokenizer = DefaultTokenizer
	case options.Tokenizer != "":
		var err error
		options.Tokenizer, err = p.tokenizer(options.Tokenizer)
		p.problems.invalid(body.ranges["tokenizer"], "tokenizer", err)
	}
	var shard string
	if body.read("shard_size", &shard) {
		var err error
		if output.ShardSize, err = ParseSize(shard); err == nil && output.ShardSize == 0 {
			err = errors.New("a shard holds at least a byte")
		}
		p.problems.invalid(body.ranges["shard_size"], "shard_size", err)
	}
}

// tokenizer returns the name of a built-in tokenizer, or the absolute path of a file, which must exist.
func (p *planner) tokenizer(written string) (string, error) {
	if slices.Contains(tokens.Names(), written) {
		return written, nil
	}
	path, err := p.locate.absolute(written)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is neither a file nor one of %s", written, strings.Join(tokens.Names(), ", "))
	}
	return path, nil
}

// systemPrompt reads the option system. It reports a prompt that looks like the name of a file, which a model would learn
// like any other.
func (p *planner) systemPrompt(body body, prompt *string) {
	body.read("system", prompt)
	switch filepath.Ext(*prompt) {
	case ".md", ".txt":
		if !strings.ContainsAny(*prompt, " \t\n") {
			p.problems.invalid(body.ranges["system"], "system", fmt.Errorf("the prompt would be the name of a file; write file(%q) for what stands in it", *prompt))
		}
	}
}
