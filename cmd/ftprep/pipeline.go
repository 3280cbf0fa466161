package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/core/scout"
)

// pipelineFlags are the flags of every command that works on a pipeline.
type pipelineFlags struct {
	variables  []string
	varFiles   []string
	experiment string
	sources    []string
	outputs    []string
	outDir     string
	maxUnits   int
}

func (f *pipelineFlags) add(command *cobra.Command) {
	flags := command.Flags()
	flags.StringArrayVar(&f.variables, "var", nil, "set a variable, `NAME=VALUE`")
	flags.StringArrayVar(&f.varFiles, "var-file", nil, "set the variables in a `FILE`")
	flags.StringVar(&f.experiment, "experiment", "", "run the experiment `NAME`")
	flags.StringArrayVar(&f.sources, "source", nil, "only this source, `TYPE.NAME`")
	flags.StringArrayVar(&f.outputs, "output", nil, "only this output, `TYPE.NAME`, and the sources that it needs")
	flags.StringVar(&f.outDir, "out-dir", "", "write all outputs into the folder `DIR`")
	flags.IntVar(&f.maxUnits, "max-units", 0, "read at most `N` units of each source (0: all)")
}

func (f *pipelineFlags) settings(a *app) (plan.Settings, error) {
	variables, err := parseVariables(f.variables)
	if err != nil {
		return plan.Settings{}, err
	}
	cwd, err := os.Getwd()
	if err != nil {
		return plan.Settings{}, fmt.Errorf("find the current folder: %w", err)
	}
	return plan.Settings{
		Variables: variables, VarFiles: f.varFiles, Environ: a.environ, Experiment: f.experiment, Cwd: cwd,
		Sources: f.sources, Outputs: f.outputs, OutDir: f.outDir, Sampled: f.maxUnits > 0,
	}, nil
}

// project is a pipeline with the plugins that it uses.
type project struct {
	app      *app
	pipeline *load.Pipeline
	drafted  bool // the pipeline was made in memory, for logs without one
	host     *host.Host
	closeLog func()
}

// openProject loads the pipeline that the arguments name: a file, a folder that holds one, or logs, for which the
// default pipeline is made in memory. close ends the plugins.
func (a *app) openProject(ctx context.Context, args []string) (*project, error) {
	pipeline, drafted, err := a.loadPipeline(args)
	if err != nil {
		return nil, err
	}
	log, closeLog := openLog(filepath.Join(pipeline.Dir, run.WorkFolder))
	return &project{
		app: a, pipeline: pipeline, drafted: drafted, closeLog: closeLog,
		host: host.New(builtins(), a.environ, log),
	}, nil
}

func (a *app) loadPipeline(args []string) (*load.Pipeline, bool, error) {
	if len(args) > 1 || len(args) == 1 && !isPipeline(args[0]) {
		pipeline, err := scout.Draft(args)
		if err != nil {
			return nil, false, &codeError{code: exitUsage, err: err, hint: "name a pipeline, a folder with a pipeline.hcl, or files and folders with logs"}
		}
		return pipeline, true, nil
	}
	path := load.FileName
	if len(args) == 1 {
		path = args[0]
	}
	pipeline, err := load.File(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, &codeError{
			code: exitUsage, err: fmt.Errorf("there is no pipeline at %s", path),
			hint: "ftprep init writes one for the logs it finds; ftprep run PATH... works without one",
		}
	}
	if err != nil {
		return nil, false, &codeError{code: exitUsage, err: err}
	}
	return pipeline, false, nil
}

// isPipeline reports whether a path is meant as a pipeline and not as logs.
func isPipeline(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return err != nil || filepath.Ext(path) == ".hcl"
	}
	_, err = os.Stat(filepath.Join(path, load.FileName))
	return err == nil
}

// openLog opens the log that gets what plugins write to standard error. Where there can be none, it is dropped: it must
// not keep a command from its work.
func openLog(work string) (*slog.Logger, func()) {
	discard := slog.New(slog.DiscardHandler)
	if err := os.MkdirAll(work, 0o700); err != nil {
		return discard, func() {}
	}
	file, err := os.OpenFile(filepath.Join(work, "plugins.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return discard, func() {}
	}
	return slog.New(slog.NewTextHandler(file, nil)), func() { _ = file.Close() }
}

// close ends the plugins, in good order unless ctx is done.
func (p *project) close(ctx context.Context) {
	p.host.Close(ctx)
	p.closeLog()
}

// plan plans the pipeline and shows what is wrong with it.
func (p *project) plan(ctx context.Context, settings plan.Settings) (*plan.Plan, error) {
	planned, diagnostics := plan.New(ctx, p.pipeline, p.host, settings)
	if err := p.show(diagnostics); err != nil {
		return nil, err
	}
	return planned, nil
}

// open plans the pipeline and opens its steps.
func (p *project) open(ctx context.Context, settings plan.Settings) (*plan.Plan, *run.Job, error) {
	planned, err := p.plan(ctx, settings)
	if err != nil {
		return nil, nil, err
	}
	job, diagnostics, err := run.Open(ctx, planned, p.host)
	if err := p.show(diagnostics); err != nil {
		return nil, nil, err
	}
	return planned, job, err
}

// show prints diagnostics; errors among them end the command.
func (p *project) show(diagnostics hcl.Diagnostics) error {
	if len(diagnostics) == 0 {
		return nil
	}
	if err := p.app.writeDiagnostics(diagnostics, p.pipeline.Files); err != nil {
		return err
	}
	if !diagnostics.HasErrors() {
		return nil
	}
	for _, d := range diagnostics {
		if fault, ok := d.Extra.(error); ok && errors.As(fault, new(*host.Error)) {
			return &codeError{code: exitPlugin, err: errShown}
		}
	}
	return &codeError{code: exitUsage, err: errShown}
}

func (a *app) writeDiagnostics(diagnostics hcl.Diagnostics, files map[string]*hcl.File) error {
	buffer := bufio.NewWriter(a.stderr)
	width, color := terminal(a.stderr)
	writer := hcl.NewDiagnosticTextWriter(buffer, files, width, color)
	if err := writer.WriteDiagnostics(diagnostics); err != nil {
		return fmt.Errorf("show what is wrong: %w", err)
	}
	if a.json {
		if err := a.result(newProblems(diagnostics), nil); err != nil {
			return err
		}
	}
	return buffer.Flush()
}

// terminal gives the width of the terminal that w is, and whether it shows colours; of anything else, 78 and no.
func terminal(w io.Writer) (width uint, color bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 78, false
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns < 20 {
		columns = 78
	}
	return uint(columns), os.Getenv("NO_COLOR") == ""
}
