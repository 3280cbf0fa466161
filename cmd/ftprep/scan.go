package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/encoding/unicode"

	"github.com/ftprep/ftprep/core/container"
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
		Long: "Looks for secrets and personal data in files and folders by the rules of the redact filter, and says where they are. Values are\n" +
			"masked. Lines of JSON are decoded, anything else is searched as text, compressed files and Parquet tables too; what is no text is\n" +
			"passed over. Nothing is changed. With --check it fails when there is any, for use in scripts.",
		Example: "  ftprep scan ~/.claude/projects\n" +
			"  ftprep scan --pipeline pipeline.hcl data      by the options of that pipeline's redact filter\n" +
			"  ftprep scan --check data",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if pipeline == "" {
				if err := refuse(&ofPipeline, "belongs to --pipeline"); err != nil {
					return err
				}
			}
			return a.scan(cmd.Context(), args, pipeline, &flags, check)
		},
	}
	flags.addVariables(command)
	flags.addExperiment(command)
	ofPipeline.AddFlagSet(command.Flags())
	command.Flags().StringVar(&pipeline, "pipeline", "", "take the options of the redact filter from a pipeline `FILE`")
	command.Flags().BoolVar(&check, "check", false, "exit with 1 when something is found")
	return command
}

// scanDocument is the result of a scan as JSON.
type scanDocument struct {
	Version int           `json:"version"`
	Files   int           `json:"files"`  // that were searched
	Passed  int           `json:"passed"` // that are no text
	Found   []scannedFile `json:"found"`
	Faults  []string      `json:"faults,omitempty"` // why others could not be searched
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
	look := looker(all, (*redact.Redactor).Scan)
	document := scanDocument{Version: 1, Found: []scannedFile{}}
	for _, path := range paths {
		if err := document.below(ctx, path, look); err != nil {
			return err
		}
	}
	if err := a.result(document, document.write); err != nil {
		return err
	}
	for _, fault := range document.Faults {
		a.say("not searched: %s", fault)
	}
	switch {
	case check && len(document.Found) > 0:
		return &codeError{code: exitFailed, err: fmt.Errorf("%s with something that would be redacted", count(len(document.Found), "file"))}
	case len(document.Faults) > 0:
		return &codeError{code: exitFailed, err: fmt.Errorf("not everything could be searched: %s", count(len(document.Faults), "fault"))}
	}
	return nil
}

// scanners are the redactors by which to look: those of a pipeline, else the default one.
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
			err = &codeError{code: exitUsage, err: fmt.Errorf("%s has no redact filter of this program", pipeline), hint: "without --pipeline the default rules hold"}
		}
		return err
	})
	return all, err
}

// below searches a file, or the files below a folder. Links to files are followed, as sources follow them; links to folders
// are not, unless the path itself is one.
func (d *scanDocument) below(ctx context.Context, path string, look func([]byte) []run.Leak) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usageError("%s does not exist", path)
	case err == nil && info.Mode().IsRegular():
		err = d.file(ctx, path, look)
	case err == nil && !info.IsDir():
		return usageError("%s is neither a file nor a folder", path)
	case err == nil:
		root := path + string(filepath.Separator) // with it, a link to a folder is walked, too
		err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				d.Faults = append(d.Faults, err.Error())
				return nil
			case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == run.WorkFolder):
				return filepath.SkipDir
			case !isFile(path, entry):
				return nil
			}
			return d.file(ctx, path, look)
		})
	}
	if err != nil {
		return fmt.Errorf("scan %s: %w", path, err)
	}
	return nil
}

// isFile reports whether an entry of a folder is a file, or a link to one.
func isFile(path string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// file searches one file. What keeps it from that is noted, and stops no other; the error is that the search was interrupted.
func (d *scanDocument) file(ctx context.Context, path string, look func([]byte) []run.Leak) error {
	places, text, err := leaksOf(ctx, path, look)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		d.Faults = append(d.Faults, err.Error())
		return nil
	case !text:
		d.Passed++
		return nil
	}
	d.Files++
	if len(places) > 0 {
		d.Found = append(d.Found, scannedFile{File: path, Places: places})
	}
	return nil
}

// leaksOf looks for leaks in a file, if it holds text.
func leaksOf(ctx context.Context, path string, look func([]byte) []run.Leak) (places []run.Leak, text bool, err error) {
	head, err := beginning(path)
	if err == nil && isWide(head) {
		places, err = wideLeaks(path, look)
		return places, true, err
	}
	if err == nil {
		text, err = holdsText(path, head)
	}
	if err == nil && text {
		places, err = run.Leaks(ctx, path, look)
	}
	return places, text, err
}

// beginning is the beginning of a file.
func beginning(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 8<<10))
}

// holdsText reports whether a file holds text, whose beginning has no zero byte: as it is, compressed, or in a table.
func holdsText(path string, head []byte) (bool, error) {
	if container.Sniff(head) == container.Lines {
		return isText(head), nil
	}
	for row, err := range container.Contents(path) {
		return err != nil || isText(row.Text), nil // what is wrong with it is told by the search
	}
	return true, nil
}

// isWide reports whether a file is text in UTF-16, as programs of Windows write it, by the mark at its beginning.
func isWide(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// wideLeaks looks for leaks in a file in UTF-16.
func wideLeaks(path string, look func([]byte) []run.Leak) ([]run.Leak, error) {
	wide, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(wide)
	if err != nil {
		return nil, fmt.Errorf("read %s as UTF-16: %w", path, err)
	}
	places := look(text)
	for i := range places {
		places[i].Line++
	}
	return places, nil
}

func (d *scanDocument) write(w io.Writer) {
	places := 0
	for _, file := range d.Found {
		for _, place := range file.Places {
			fmt.Fprintf(w, "%s:%d: %s\n", visible(shorten(file.File), ""), place.Line, visible(place.What(), ""))
		}
		places += len(file.Places)
	}
	fmt.Fprintf(w, "%s in %d of %s", count(places, "place"), len(d.Found), count(d.Files, "file"))
	if d.Passed > 0 {
		fmt.Fprintf(w, "; %d more are no text", d.Passed)
	}
	fmt.Fprintln(w)
}
