package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// done says for people what a step did to an example, where the name of its action does not.
var done = map[string]string{"drop": "dropped", "refuse": "refused", "replace": "changed"}

// writeHistory prints why an example is where it is.
func writeHistory(w io.Writer, s *shownExample) {
	fmt.Fprintf(w, "\n%s:\n", inRun(s.History))
	if others := changedSince(s); others != "" {
		fmt.Fprintf(w, "  (%s; the pipeline has changed, or its variables have other values: set them with --var and --var-file)\n", others)
	}
	for _, event := range s.History.Events {
		fmt.Fprintf(w, "  %s: %s", event.Step, cmp.Or(done[event.Action], event.Action))
		if event.Reason != "" {
			fmt.Fprintf(w, ": %s", event.Reason)
		}
		if event.Evidence != "" {
			fmt.Fprintf(w, " (%s)", visible(event.Evidence, "\n\t"))
		}
		fmt.Fprintln(w)
		for _, found := range event.Found {
			fmt.Fprintf(w, "    %s in %s: %d\n", foundLabel(found), found.Place, found.Count)
		}
	}
	for _, output := range s.Outputs {
		fmt.Fprintf(w, "  %s: written\n", output)
	}
}

// changedSince says which filters are different from those in the run, or in another order; empty if there are none.
func changedSince(s *shownExample) string {
	var parts []string
	if len(s.Others) > 0 {
		parts = append(parts, "different from the run: "+strings.Join(s.Others, ", "))
	}
	if len(s.Moved) > 0 {
		parts = append(parts, "in a different order from the run: now "+strings.Join(s.Moved, ", "))
	}
	return strings.Join(parts, "; ")
}

// inRun says which run it was.
func inRun(history *record.History) string {
	text := "in run " + history.Run
	if history.Experiment != "" {
		text += ", experiment " + history.Experiment
	}
	if history.Unfinished {
		text += " (the run did not finish)"
	}
	return text
}
