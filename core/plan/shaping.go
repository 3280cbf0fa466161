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
		{Name: "system", Type: sdk.OptionString, Doc: "The system prompt of every example, such as file(\"system.md\"), in place of its own."},
		choice("context", "What the model knew besides the messages, such as a summary or a journal's headings. keep (the default): it stays, before the first user message if the format has no other place for it. strip: it is removed.", shape.ContextKeep, shape.ContextStrip),
		choice("tools", "The tool definitions that go with an example. used (the default): those of the tools that it calls. all: those of every tool that it could call. none: no definitions. A format of records, such as unified, writes by default the tools that the log names.", shape.ToolsUsed, shape.ToolsAll, shape.ToolsNone),
		number("distractors", "How many other tools to offer besides those that an example calls, so that the model learns to choose. It needs tools = \"used\"."),
		choice("tool_names", "How tools are named. short (the default): without their server, unless several servers have a tool of that name. full (the default of formats of records, such as unified): mcp__SERVER__TOOL.", shape.ToolNamesShort, shape.ToolNamesFull),
		choice("thinking", "The model's reasoning. keep (the default): it stays if the format can hold it. last: it stays only after the last user message. strip: it is removed.", shape.ThinkingKeep, shape.ThinkingLast, shape.ThinkingStrip),
		choice("train", "What is trained on. all (the default): everything that the model says. last: only what follows the last user message. succeeded: everything but messages with a call that failed.", shape.TrainAll, shape.TrainLast, shape.TrainSucceeded),
		choice("special_tokens", "What to do with text that a tokenizer would take for a special token, such as <|im_end|>. refuse (the default): the example is refused. break: a space is put into the token. keep (the default of formats of records, such as unified): the text stays as it is.", shape.SpecialTokensRefuse, shape.SpecialTokensBreak, shape.SpecialTokensKeep),
		number("max_result_tokens", "The most tokens that a tool's result may have; longer results lose their middle. 0: no limit."),
		number("max_tokens", "The most tokens that an example may have; overlong says what becomes of longer ones. 0: no limit."),
		choice("overlong", "What to do with an example that is longer than max_tokens. drop (the default): the example is refused. cut_history: its oldest turns are removed. cut_results: its oldest results are cut.", shape.OverlongDrop, shape.OverlongCutHistory, shape.OverlongCutResults),
		{Name: "tokenizer", Type: sdk.OptionString, Doc: "The tokenizer that counts tokens: " + strings.Join(tokens.Names(), ", ") + " or the path of a tokenizer.json; the default is " + DefaultTokenizer + ". If it is given, lengths are counted even without a limit."},
		{Name: "shard_size", Type: sdk.OptionString, Doc: "The most that a file of rows may hold, such as \"500MB\"; further rows go to further files."},
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
		p.problems.invalid(body.ranges["distractors"], "distractors", errors.New(`it needs tools = "used"`))
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
			err = errors.New("a shard must hold at least one byte")
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
			p.problems.invalid(body.ranges["system"], "system", fmt.Errorf("the prompt looks like the name of a file; write file(%q) to use its content", *prompt))
		}
	}
}
