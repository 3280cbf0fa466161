package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/whole"
)

func (a *app) fmtCommand() *cobra.Command {
	var check bool
	command := &cobra.Command{
		Use: "fmt [FILE...]", Short: "Format pipeline files",
		Long: "Format pipeline files (default: ./pipeline.hcl) and name those that changed. With - as the file, format standard\n" +
			"input and write the result to standard output.",
		RunE: func(cmd *cobra.Command, args []string) error { return a.fmt(cmd.InOrStdin(), args, check) },
	}
	command.Flags().BoolVar(&check, "check", false, "change nothing; exit with 1 if a file would change")
	return command
}

// formatResult is the result of fmt as JSON.
type formatResult struct {
	Version int      `json:"version"`
	Changed []string `json:"changed"`        // files that changed or, with --check, would change
	Text    string   `json:"text,omitempty"` // standard input, formatted
}

func (a *app) fmt(stdin io.Reader, paths []string, check bool) error {
	if len(paths) == 0 {
		paths = []string{load.FileName}
	}
	done := formatResult{Version: 1, Changed: []string{}}
	for _, path := range paths {
		changed, text, err := a.formatFile(stdin, path, check)
		if err != nil {
			return err
		}
		if changed {
			done.Changed = append(done.Changed, path)
		}
		done.Text += text
	}
	if err := a.printResult(done, done.write); err != nil || !check || len(done.Changed) == 0 {
		return err
	}
	return fmt.Errorf("%s not formatted; run ftprep fmt", count(len(done.Changed), "file"))
}

func (l formatResult) write(w io.Writer) {
	fmt.Fprint(w, l.Text)
	for _, path := range l.Changed {
		if path != "-" {
			fmt.Fprintln(w, path)
		}
	}
}

// formatFile formats one file and reports whether it changed or, with check, would change. The path - stands for standard input,
// whose formatted text is returned.
func (a *app) formatFile(stdin io.Reader, path string, check bool) (changed bool, text string, err error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, load.FileName)
	}
	src, err := readFile(stdin, path)
	if errors.Is(err, os.ErrNotExist) {
		return false, "", noPipeline(path)
	}
	if err != nil {
		return false, "", &codeError{code: exitUsage, err: fmt.Errorf("format a pipeline: %w", err)}
	}
	formatted, err := a.formatText(path, src)
	changed = !bytes.Equal(src, formatted)
	switch {
	case err != nil:
		return false, "", err
	case path == "-" && !check:
		return changed, string(formatted), nil
	case check || !changed:
		return changed, "", nil
	}
	return true, "", whole.Replace(path, formatted)
}

func readFile(stdin io.Reader, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(path)
}

// formatText formats a text. It is an error if the text cannot be parsed, because formatting would mangle it.
func (a *app) formatText(path string, src []byte) ([]byte, error) {
	pipeline, err := load.Source(path, src)
	if err == nil && !pipeline.Intact {
		err = a.complain(pipeline, pipeline.Problems)
	}
	return load.Format(src), err
}
