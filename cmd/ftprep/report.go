package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/report"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/plugins/redact"
)

func (a *app) reportCommand() *cobra.Command {
	var out string
	command := &cobra.Command{
		Use: "report [RUN] [PIPELINE]", Short: "Write a run as an HTML page",
		Long: "Write a recorded run as one self-contained HTML page: the funnel; what was read, ignored and rejected; what every\n" +
			"filter and output decided, and why; what the examples are, and some of them with what became of each.\n\n" +
			"A run is named as for ftprep diff; the default is the last one that finished.",
		Example: "  ftprep report -o report.html\n" +
			"  ftprep report strict > strict.html",
		Args: cobra.MaximumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return a.report(args, out) },
	}
	command.Flags().StringVarP(&out, "out", "o", "", "write the page to `FILE` (default: standard output)")
	completeRuns(command, 1)
	return command
}

func (a *app) report(args []string, out string) error {
	name := record.Last
	if len(args) == 2 || len(args) == 1 && !isPipeline(args[0]) {
		name, args = args[0], args[1:]
	}
	if _, seen := terminalOf(a.stdout); seen && out == "" && !a.json {
		return &codeError{code: exitUsage, err: errors.New("cannot print an HTML page to a terminal"), hint: "write it to a file with -o report.html"}
	}
	if err := checkPage(out); err != nil {
		return err
	}
	pipeline, _, err := a.loadPipeline(args)
	if err != nil {
		return err
	}
	overview, err := runsOf(pipeline).Overview(name)
	if err != nil {
		return explainName(err)
	}
	options, err := pageOptions(pipeline.Dir)
	if err != nil {
		return err
	}
	page := report.New(overview, options)
	var text bytes.Buffer
	if err := page.Write(&text, options); err != nil {
		return err
	}
	if out != "" {
		whole.Sweep(out)
		if err := whole.Replace(out, text.Bytes()); err != nil {
			return err
		}
	}
	if out == "" || a.json {
		if err := a.printData(page, func(w io.Writer) { _, _ = text.WriteTo(w) }); err != nil { // w is a buffer
			return err
		}
	}
	a.suggestReport(page, out, args)
	return nil
}

// suggestReport ends with the next command to type.
func (a *app) suggestReport(page *report.Page, out string, pipeline []string) {
	if out != "" {
		a.say("wrote %s: open it in a browser", out)
	}
	if len(page.Sample) > 0 {
		words := append([]string{page.Sample[0].ID}, pipeline...)
		a.say("next: ftprep show %s shows one of its examples and what became of it", shellWords(words...))
	}
}

// pageOptions returns options that mask by the default rules of the redact filter.
func pageOptions(folder string) (report.Options, error) {
	redactor, err := redact.Open("{}")
	if err != nil {
		return report.Options{}, err
	}
	masker := redactor.Masker()
	shown := func(text string) string { return visible(text, "\n\t") }
	return report.Options{Folder: folder, Mask: masker.Text, Shown: shown, Size: size, Count: count}, nil
}

// checkPage refuses to replace a file that is not an HTML page: somebody may have named a pipeline or an output.
func checkPage(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case os.IsPathSeparator(path[len(path)-1]) || err == nil && info.IsDir():
		return usageError("%s is a folder: name a file, such as %s", path, filepath.Join(path, "report.html"))
	case err != nil || info.Size() == 0: // faults of the path are reported when the page is written
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("check the file that the page would replace: %w", err)
	}
	defer file.Close()
	beginning := []byte("<!doctype html>")
	head := make([]byte, len(beginning))
	if _, err := io.ReadFull(file, head); err != nil || !bytes.EqualFold(head, beginning) {
		return usageError("%s exists and is not an HTML page, so it was not replaced: name another file", path)
	}
	return nil
}
