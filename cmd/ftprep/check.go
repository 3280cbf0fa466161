package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
)

// problems is what is wrong with a pipeline, as JSON.
type problems struct {
	Version  int       `json:"version"`
	Valid    bool      `json:"valid"`
	Problems []problem `json:"problems"`
}

type problem struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

func newProblems(diagnostics hcl.Diagnostics) problems {
	all := problems{Version: 1, Valid: !diagnostics.HasErrors(), Problems: []problem{}}
	for _, d := range diagnostics {
		p := problem{Severity: "error", Summary: d.Summary, Detail: d.Detail}
		if d.Severity == hcl.DiagWarning {
			p.Severity = "warning"
		}
		if d.Subject != nil {
			p.File, p.Line, p.Column = d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column
		}
		all.Problems = append(all.Problems, p)
	}
	return all
}

func (a *app) validateCommand() *cobra.Command {
	var flags pipelineFlags
	command := &cobra.Command{
		Use: "validate [PIPELINE]", Short: "Check a pipeline without running it", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			settings, err := flags.settings(a)
			if err != nil {
				return err
			}
			p, err := a.openProject(cmd.Context(), args)
			if err != nil {
				return err
			}
			defer p.close(cmd.Context())
			if _, _, err := p.open(cmd.Context(), settings); err != nil {
				return err
			}
			return a.result(newProblems(nil), func(w io.Writer) { fmt.Fprintf(w, "%s is valid\n", p.pipeline.Filename) })
		},
	}
	flags.add(command)
	return command
}

func (a *app) fmtCommand() *cobra.Command {
	var check bool
	command := &cobra.Command{
		Use: "fmt [FILE...]", Short: "Lay out pipeline files",
		Long: "Lays out pipeline files and names those that changed. A file called - is standard input.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{load.FileName}
			}
			unformatted := 0
			for _, path := range args {
				changed, err := a.format(cmd.InOrStdin(), path, check)
				if err != nil {
					return err
				}
				if changed {
					unformatted++
				}
			}
			if check && unformatted > 0 {
				return &codeError{code: exitFailed, err: errShown}
			}
			return nil
		},
	}
	command.Flags().BoolVar(&check, "check", false, "change nothing; exit with 1 when a file would change")
	return command
}

// format lays out one file and reports whether it changed, or would.
func (a *app) format(stdin io.Reader, path string, check bool) (bool, error) {
	if path == "-" {
		src, err := io.ReadAll(stdin)
		if err != nil {
			return false, fmt.Errorf("read standard input: %w", err)
		}
		_, err = a.stdout.Write(load.Format(src))
		return false, err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, load.FileName)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return false, &codeError{code: exitUsage, err: fmt.Errorf("format a pipeline: %w", err)}
	}
	formatted := load.Format(src)
	if bytes.Equal(src, formatted) {
		return false, nil
	}
	fmt.Fprintln(a.stdout, path)
	if check {
		return true, nil
	}
	return true, os.WriteFile(path, formatted, 0o644)
}
