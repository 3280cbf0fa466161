package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ftprep/ftprep/core/dataset"
	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// datasetFlags say which file of training data is checked, and how.
type datasetFlags struct {
	data, format, plugin, tokenizer string
	options                         []string
	maxLength                       int
}

func (f *datasetFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.data, "data", "", "check the training data in `FILE` instead of a pipeline: .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
	flags.StringVar(&f.format, "format", "", "the `FORMAT` of the data, named like the type of an output block")
	flags.StringVar(&f.plugin, "plugin", "", "the plugin that offers the format, if it is not built in: `NAME` is its name or path")
	flags.StringArrayVar(&f.options, "option", nil, "set an option of the format: `NAME=VALUE`, such as shape=kto, with commas between the items of a list; may be repeated")
	flags.Var((*positive)(&f.maxLength), "max-length", "count the rows that a trainer that cuts at this number of `TOKENS` would trim, or leave with nothing to train on")
	flags.StringVar(&f.tokenizer, "tokenizer", plan.DefaultTokenizer, "what counts tokens: `NAME` is "+strings.Join(tokens.Names(), ", ")+" or the path of a tokenizer.json")
}

// shownFindings is the number of findings that are printed.
const shownFindings = 50

// checkedData is the result of checking a file, as JSON.
type checkedData struct {
	Version int    `json:"version"`
	Data    string `json:"data"`
	Format  string `json:"format"`
	Valid   bool   `json:"valid"`
	*dataset.Report
}

// check reports why the file cannot be checked, if it is missing or has no format.
func (f *datasetFlags) check() error {
	if f.format == "" {
		return usageError("--data %s: name its format with --format, such as trl or llamafactory", f.data)
	}
	switch info, err := os.Stat(f.data); {
	case errors.Is(err, fs.ErrNotExist):
		return usageError("--data: %s does not exist", f.data)
	case err == nil && info.IsDir():
		return usageError("--data: %s is a folder: name a file in it", f.data)
	}
	return nil
}

// checkData checks a file of training data.
func (a *app) checkData(ctx context.Context, flags *datasetFlags) error {
	if err := flags.check(); err != nil {
		return err
	}
	settings := dataset.Settings{MaxLength: flags.maxLength, Keep: shownFindings}
	if a.json {
		settings.Keep = 10_000
	}
	var err error
	if settings.Tokenizer, err = tokens.Open(flags.tokenizer); err != nil {
		return usageError("--tokenizer: %v", err)
	}
	h := a.newHost(slog.New(slog.DiscardHandler))
	defer closeHost(ctx, h)
	step, plugin, err := a.findFormat(ctx, h, flags)
	if err != nil {
		return err
	}
	decoding, holds, err := openDecoder(ctx, step, plugin, flags)
	if err != nil {
		return err
	}
	defer decoding.Close()
	settings.LastOnly = holds.LastOnly || holds.Preferences || holds.Judgements
	settings.Records, settings.Bare = holds.Details, !holds.Results
	report, err := dataset.Check(ctx, flags.data, decoding, settings)
	if err != nil {
		return err
	}
	document := checkedData{1, flags.data, flags.format, report.OK(), report}
	if err := a.printResult(document, func(w io.Writer) { writeReport(w, flags, report) }); err != nil {
		return err
	}
	if !report.OK() {
		return &codeError{code: exitFailed, err: fmt.Errorf("%s: %s", flags.data, problemCount(report)), hint: otherShape(step, plugin, flags, report)}
	}
	return nil
}

// otherShape returns a hint if no row is right and the format has other shapes or templates.
func otherShape(step *sdk.Step, plugin *host.Plugin, flags *datasetFlags, report *dataset.Report) string {
	if report.Rows == 0 || report.Bad < report.Rows || len(flags.options) > 0 {
		return ""
	}
	for _, name := range []string{"shape", "template"} {
		if slices.ContainsFunc(step.Options, func(o sdk.Option) bool { return o.Name == name }) {
			return fmt.Sprintf("no row is valid: if the rows have another %s of %s, choose it with --option %[1]s=NAME; ftprep plugin describe %[3]s lists them",
				name, step.Type, plugin.Name)
		}
	}
	return ""
}

// openDecoder opens a format to read rows back. It also returns what the format holds.
func openDecoder(ctx context.Context, step *sdk.Step, plugin *host.Plugin, flags *datasetFlags) (*sdk.Decoding, sdk.Holds, error) {
	options, err := parseOptions(step.Options, flags.options)
	if err != nil {
		return nil, sdk.Holds{}, err
	}
	setup := sdk.Setup{Block: "--format " + flags.format, Paths: []string{flags.data}}
	handle, err := plugin.Client().Open(ctx, *step, setup, options)
	switch bad, refused := errors.AsType[*sdk.OptionError](err); {
	case refused && bad.Option == "path":
		return nil, sdk.Holds{}, usageError("--data %s: %s", flags.data, bad.Reason)
	case refused:
		return nil, sdk.Holds{}, usageError("--option: %v", err)
	case err != nil:
		return nil, sdk.Holds{}, plugin.Explain(err)
	case !handle.Decodes:
		return nil, sdk.Holds{}, usageError("the format %q cannot read its rows back, so they cannot be checked", flags.format)
	case handle.Framing != sdk.FramingRows:
		return nil, sdk.Holds{}, usageError("--data %s: the format %q writes no rows to such a file; name one in .jsonl, .jsonl.gz, .jsonl.zst or .parquet", flags.data, flags.format)
	}
	decoding, err := plugin.Client().Decode(ctx, handle)
	return decoding, handle.Holds, err
}

// findFormat starts the plugin that offers a format.
func (a *app) findFormat(ctx context.Context, h *host.Host, flags *datasetFlags) (*sdk.Step, *host.Plugin, error) {
	name := flags.plugin
	for _, plugin := range builtins() {
		if plugin.Step(sdk.KindFormat, flags.format) != nil {
			name = cmp.Or(name, plugin.Name)
		}
	}
	if name == "" {
		return nil, nil, usageError("there is no built-in format %q; there are: %s. For a format of another plugin, add --plugin", flags.format, strings.Join(builtinFormats(), ", "))
	}
	plugin, err := h.Start(ctx, namedPlugin([]string{name}))
	if err != nil {
		return nil, nil, err
	}
	step := plugin.Description.Step(sdk.KindFormat, flags.format)
	if step == nil {
		return nil, nil, usageError("the plugin %q has no format %q", name, flags.format)
	}
	return step, plugin, nil
}

func builtinFormats() []string {
	var types []string
	for _, plugin := range builtins() {
		for _, step := range plugin.Steps {
			if step.Kind == sdk.KindFormat {
				types = append(types, step.Type)
			}
		}
	}
	return types
}

// parseOptions makes a JSON object of options given as NAME=VALUE.
func parseOptions(known []sdk.Option, given []string) ([]byte, error) {
	values := map[string]json.RawMessage{}
	for _, text := range given {
		name, value, ok := strings.Cut(text, "=")
		at := slices.IndexFunc(known, func(o sdk.Option) bool { return o.Name == name })
		if !ok || at < 0 {
			return nil, usageError("--option %q: write NAME=VALUE with an option of the format; it has: %s", text, optionNames(known))
		}
		parsed, err := known[at].Parse(value)
		if err == nil {
			err = known[at].Check(parsed)
		}
		if err != nil {
			return nil, usageError("--option %s: %v", name, err)
		}
		values[name] = parsed
	}
	return json.Marshal(values)
}

func optionNames(options []sdk.Option) string {
	var names []string
	for _, option := range options {
		names = append(names, option.Name)
	}
	return cmp.Or(strings.Join(names, ", "), "none")
}

// writeReport prints what was found: the first findings with their lines, then all of them by kind.
func writeReport(w io.Writer, flags *datasetFlags, r *dataset.Report) {
	for _, finding := range r.Findings {
		writeFinding(w, flags.data, finding)
	}
	writeUnshown(w, r)
	fmt.Fprintf(w, "%s, %s\n", count(r.Rows, "row"), problemCount(r))
	if r.Lengths != nil && r.Rows > 0 {
		writeLengths(w, r.Lengths)
	}
}

func writeFinding(w io.Writer, file string, f dataset.Finding) {
	place, severity := file, ""
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d", file, f.Line)
	}
	if f.Warning {
		severity = "warning: "
	}
	fmt.Fprintf(w, "%s: %s%s\n", visible(place, ""), severity, visible(f.Text, ""))
}

// writeUnshown prints how many findings are not shown, and how many there are of each kind; nothing if all are shown.
func writeUnshown(w io.Writer, r *dataset.Report) {
	unshown := -len(r.Findings)
	var t table
	for _, problem := range byCount(r.Problems) {
		unshown += problem.n
		t.row(count(problem.n, "problem"), problem.label)
	}
	for _, warning := range byCount(r.Warnings) {
		unshown += warning.n
		t.row(count(warning.n, "warning"), warning.label)
	}
	if unshown > 0 {
		fmt.Fprintf(w, "and %d more; in total:\n", unshown)
		t.write(w)
	}
}

func writeLengths(w io.Writer, l *dataset.Lengths) {
	fmt.Fprintf(w, "%d tokens, %d in the longest row\n", l.Total, l.Longest)
	if l.MaxLength == 0 {
		return
	}
	fmt.Fprintf(w, "more than %d tokens: %s, trimmed or dropped by the trainer", l.MaxLength, count(l.Trimmed, "row"))
	if l.Untrained > 0 {
		fmt.Fprintf(w, ", which leaves %d with nothing to train on", l.Untrained)
	}
	fmt.Fprintln(w)
}

func problemCount(r *dataset.Report) string {
	if r.OK() {
		return "no problems"
	}
	if r.Bad == 0 { // the problems are those of the file as a whole
		return count(len(r.Problems), "problem")
	}
	return count(r.Bad, "row") + " with problems"
}
