package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/redact"
)

func (a *app) scanCommand() *cobra.Command {
	var pipeline string
	var flags pipelineFlags
	var ofPipeline pflag.FlagSet
	var check bool
	command := &cobra.Command{
		Use: "scan PATH...", Short: "Show what the redact filter would replace in any files",
		Long: "Search files and folders for secrets and personal data by the rules of the redact filter, and show where they\n" +
			"are, with the values masked. Nothing is changed.\n\n" +
			"Lines of JSON are decoded; anything else is searched as text, including compressed files and Parquet tables.\n" +
			"Files that are not text are skipped and named. A file that cannot be read makes the command fail; with --check,\n" +
			"so does anything found, for use in scripts.",
		Example: "  ftprep scan ~/.claude/projects\n" +
			"  ftprep scan --pipeline pipeline.hcl data      with the options of that pipeline's redact filter\n" +
			"  ftprep scan --check data",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if pipeline == "" {
				if err := forbidFlags(&ofPipeline, "needs --pipeline"); err != nil {
					return err
				}
			}
			return a.scan(cmd.Context(), args, pipeline, &flags, check)
		},
	}
	flags.addVariables(command)
	flags.addExperiment(command)
	ofPipeline.AddFlagSet(command.Flags())
	command.Flags().StringVar(&pipeline, "pipeline", "", "take the options of the redact filter from the pipeline `FILE`")
	command.Flags().BoolVar(&check, "check", false, "exit with 1 if something is found")
	return command
}

// scanDocument is the result of a scan as JSON.
type scanDocument struct {
	Version int           `json:"version"`
	Files   int           `json:"files"`  // files that were searched
	Passed  int           `json:"passed"` // files that are not text
	NotText []string      `json:"passed_files,omitempty"`
	Found   []scannedFile `json:"found"`
	Faults  []string      `json:"faults,omitempty"` // why other files could not be searched
}

type scannedFile struct {
	File   string     `json:"file"`
	Places []run.Leak `json:"places"`
}

func (a *app) scan(ctx context.Context, paths []string, pipeline string, flags *pipelineFlags, check bool) error {
	all, err := a.scanners(ctx, pipeline, flags)
	if err != nil {
		return err
	}
	look := leakFinder(all, (*redact.Redactor).Scan)
	document := scanDocument{Version: 1, Found: []scannedFile{}}
	for _, path := range paths {
		if err := document.searchBelow(ctx, path, look); err != nil {
			return err
		}
	}
	if err := a.printResult(document, document.write); err != nil {
		return err
	}
	a.sayUnsearched(document.NotText, func(path string) string { return shorten(path) + " is not text" })
	a.sayUnsearched(document.Faults, func(fault string) string { return fault })
	switch {
	case check && len(document.Found) > 0:
		return &codeError{code: exitFailed, err: fmt.Errorf("found something to redact in %s", count(len(document.Found), "file"))}
	case len(document.Faults) > 0:
		return &codeError{code: exitFailed, err: fmt.Errorf("not everything could be searched: %s", count(len(document.Faults), "error"))}
	}
	return nil
}

// sayUnsearched prints the first few of what was not searched, and how many more there are.
func (a *app) sayUnsearched(all []string, line func(string) string) {
	const most = 5
	for _, one := range all[:min(len(all), most)] {
		a.say("not searched: %s", line(one))
	}
	if more := len(all) - most; more > 0 {
		a.say("not searched: %d more", more)
	}
}

// scanners returns the redactors to look with: those of a pipeline or, without one, the default one.
func (a *app) scanners(ctx context.Context, pipeline string, flags *pipelineFlags) ([]*redact.Redactor, error) {
	if pipeline == "" {
		r, err := redact.Open("{}")
		return []*redact.Redactor{r}, err
	}
	var all []*redact.Redactor
	err := a.withProject(ctx, []string{pipeline}, flags, func(p *project, settings plan.Settings) error {
		planned, err := p.plan(ctx, settings)
		if err != nil {
			return err
		}
		if all, err = redactors(planned); err == nil && len(all) == 0 {
			err = &codeError{code: exitUsage, err: fmt.Errorf("%s has no built-in redact filter", pipeline), hint: "without --pipeline, the default rules apply"}
		}
		return err
	})
	return all, err
}

// searchBelow searches a file, or the files below a folder. Links to files are followed, as sources follow them; links to folders
// are not, unless the path itself is one.
func (d *scanDocument) searchBelow(ctx context.Context, path string, look func([]byte) []run.Leak) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usageError("%s does not exist", path)
	case err == nil && info.Mode().IsRegular():
		err = d.searchFile(ctx, path, look)
	case err == nil && !info.IsDir():
		return usageError("%s is neither a file nor a folder", path)
	case err == nil:
		root := path + string(filepath.Separator) // with it, a link to a folder is walked, too
		err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				d.Faults = append(d.Faults, err.Error())
				return nil
			case path != root && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == run.WorkFolder):
				return filepath.SkipDir
			}
			is, err := isFile(path, entry)
			if err != nil {
				d.Faults = append(d.Faults, err.Error())
			}
			if !is {
				return nil
			}
			return d.searchFile(ctx, path, look)
		})
	}
	if err != nil {
		return fmt.Errorf("scan %s: %w", path, err)
	}
	return nil
}

// isFile reports whether an entry of a folder is a file, or a link to one.
func isFile(path string, entry fs.DirEntry) (bool, error) {
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.Type().IsRegular(), nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s is a broken link", path)
	}
	return err == nil && info.Mode().IsRegular(), err
}

// searchFile searches one file. If it cannot be searched, that is noted, and the search goes on. The only error is an
// interruption.
func (d *scanDocument) searchFile(ctx context.Context, path string, look func([]byte) []run.Leak) error {
	places, text, err := leaksOf(ctx, path, look)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		d.Faults = append(d.Faults, err.Error())
		return nil
	case !text:
		d.Passed++
		d.NotText = append(d.NotText, path)
		return nil
	}
	d.Files++
	if len(places) > 0 {
		d.Found = append(d.Found, scannedFile{File: path, Places: places})
	}
	return nil
}

func (d *scanDocument) write(w io.Writer) {
	places := 0
	for _, file := range d.Found {
		for _, place := range file.Places {
			fmt.Fprintf(w, "%s:%d: %s\n", visible(shorten(file.File), ""), place.Line, visible(place.What(), ""))
		}
		places += len(file.Places)
	}
	if places == 0 {
		fmt.Fprintf(w, "nothing to replace in %s", count(d.Files, "file"))
	} else {
		fmt.Fprintf(w, "%s in %d of %s", count(places, "place"), len(d.Found), count(d.Files, "file"))
	}
	switch d.Passed {
	case 0:
	case 1:
		fmt.Fprint(w, "; 1 more is not text")
	default:
		fmt.Fprintf(w, "; %d more are not text", d.Passed)
	}
	fmt.Fprintln(w)
}
