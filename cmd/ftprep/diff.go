package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/record"
)

// shownIDs is the number of examples that are named for each change.
const shownIDs = 3

func (a *app) diffCommand() *cobra.Command {
	var ids bool
	command := &cobra.Command{
		Use: "diff [A B] [PIPELINE]", Short: "Compare two runs: settings, counts, and what became of examples",
		Long: "Compare the settings and counts of two recorded runs, and show which examples fared differently.\n\n" +
			"A run is named by its id, by the beginning or end of its id, by an experiment (its latest run; base means no\n" +
			"experiment), or as last or previous, which are the two compared by default. Only runs that finished can be\n" +
			"compared.",
		Example: "  ftprep diff\n" +
			"  ftprep diff base strict\n" +
			"  ftprep diff previous last --ids",
		Args: cobra.MaximumNArgs(3),
		RunE: func(_ *cobra.Command, args []string) error { return a.diff(args, ids) },
	}
	command.Flags().BoolVar(&ids, "ids", false, "list the ids of all examples that changed, not only some")
	completeRuns(command, 2)
	return command
}

func (a *app) diff(args []string, ids bool) error {
	names := []string{record.Previous, record.Last}
	switch {
	case len(args) >= 2:
		names, args = args[:2], args[2:]
	case len(args) == 1 && !isPipeline(args[0]):
		return &codeError{
			code: exitUsage, err: fmt.Errorf("ftprep diff compares two runs, but %s names only one", args[0]),
			hint: "usage: ftprep diff A B, such as ftprep diff previous last, which is also the default",
		}
	}
	pipeline, _, err := a.loadPipeline(args)
	if err != nil {
		return err
	}
	most := shownIDs
	if ids || a.json {
		most = 0
	}
	c, err := runsOf(pipeline).Compare(names[0], names[1], most)
	if err != nil {
		return explainName(err)
	}
	if err := a.printResult(c, func(w io.Writer) { writeDiff(w, c) }); err != nil {
		return err
	}
	a.suggestDiff(c, args)
	return nil
}

// isPipeline reports whether an argument that could be the name of a run is meant as a pipeline, or as logs. A run of the
// pipeline in the current folder takes precedence, because an experiment may write into a folder of its name.
func isPipeline(name string) bool {
	if here, err := load.File(load.FileName); err == nil && slices.Contains(runsOf(here).Names(), name) {
		return false
	}
	_, err := os.Stat(name)
	return err == nil || strings.HasSuffix(name, ".hcl") || filepath.Base(name) != name
}

// explainName lists the runs that could have been meant.
func explainName(err error) error {
	coded := &codeError{code: exitFailed, err: err}
	if fault, ok := errors.AsType[*record.NameError](err); ok {
		var list strings.Builder
		list.WriteString("recorded runs, latest first:\n")
		writeBriefs(&list, fault.Runs)
		coded.hint = strings.TrimSuffix(list.String(), "\n")
	}
	return coded
}

func writeBriefs(w io.Writer, runs []record.Brief) {
	var t table
	for _, b := range runs {
		t.row(briefCells("", b)...)
	}
	t.write(w)
}

func briefCells(label string, b record.Brief) []string {
	state := "did not finish"
	if b.Experiment != "" {
		state = "experiment " + b.Experiment
	}
	return []string{label, b.Run, moment(b.Started), state}
}

// suggestDiff ends a comparison with the next command to type.
func (a *app) suggestDiff(c *record.Comparison, pipeline []string) {
	command := func(words ...string) string { return "ftprep " + shellWords(slices.Concat(words, pipeline)...) }
	if id := firstChanged(c); id != "" {
		a.say("next: %s shows an example that changed, as it is now; %s --ids lists them all", command("show", id), command("diff", c.A.Run, c.B.Run))
		return
	}
	a.say("next: %s -o report.html writes an HTML page about the run", command("report", c.B.Run))
}

func firstChanged(c *record.Comparison) string {
	lists := [][]record.Change{c.Fates}
	for _, output := range c.Outputs {
		lists = append(lists, output.Changes)
	}
	for _, changes := range append(lists, c.Tasks, c.Types) {
		if len(changes) > 0 {
			return changes[0].IDs[0]
		}
	}
	if len(c.Scores.Most) > 0 {
		return c.Scores.Most[0].ID
	}
	return ""
}
