package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

func writeExample(w io.Writer, e *sdk.Example) {
	p := e.Provenance
	fmt.Fprintf(w, "example %s: %s %s\n", e.ID, e.Type, e.TaskType)
	fmt.Fprintf(w, "%-*s%s", fieldWidth, "from", visible([]byte(p.File), ""))
	if p.FirstLine > 0 {
		fmt.Fprintf(w, ":%d-%d", p.FirstLine, p.LastLine)
	}
	fmt.Fprintf(w, " (plugin %s %s)\n", p.Plugin, p.PluginVersion)
	field(w, "session", p.Session)
	if !p.Time.IsZero() {
		field(w, "time", p.Time.Format("2006-01-02 15:04:05 MST"))
	}
	field(w, "model", p.Model)
	field(w, "producer", p.ProducerVersion)
	field(w, "context", e.Context)
	field(w, "labels", strings.Join(e.Labels, ", "))
	field(w, "tags", strings.Join(e.Tags, ", "))
	for _, signal := range e.Signals {
		field(w, signal.Name, fmt.Sprintf("%.2f %s", signal.Score, signal.Evidence))
	}
	if e.Quality != nil {
		field(w, "quality", fmt.Sprintf("%.2f", *e.Quality))
	}
	fmt.Fprintln(w)
	writeMessages(w, e)
}

// fieldWidth is the width of the longest name of a field, and a space.
const fieldWidth = 12

// field writes a named text, its later lines indented; an empty one is left out.
func field(w io.Writer, name, text string) {
	if text != "" {
		text = visible([]byte(text), "\n\t")
		fmt.Fprintf(w, "%-*s%s\n", fieldWidth, name, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", fieldWidth)))
	}
}

func writeMessages(w io.Writer, e *sdk.Example) {
	for _, m := range e.Messages {
		role := string(m.Role)
		if m.Masked {
			role += "*"
		}
		field(w, role+":", m.Text)
		for _, call := range m.Calls {
			field(w, "call:", fmt.Sprintf("%s %s (%s)", call.FullName(), call.Arguments, call.Phase))
		}
	}
	for _, detail := range details(e) {
		field(w, detail.name+":", detail.text)
	}
}

// details are the texts of an example that is no conversation.
func details(e *sdk.Example) []part {
	switch {
	case e.Chain != nil:
		c := e.Chain
		return []part{{"problem", c.Problem}, {"cause", c.RootCause}, {"why", c.Reasoning}, {"fix", c.Solution}}
	case e.Correction != nil:
		c := e.Correction
		return []part{{"bad", c.BadCode}, {"why", c.BadReason}, {"good", c.GoodCode}, {"why", c.GoodReason}}
	case e.Negative != nil:
		return []part{{"not", e.Negative.Pattern}, {"why", e.Negative.Reason}}
	}
	return nil
}
