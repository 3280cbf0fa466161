package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// textRoom returns the room for a text so long that it would hide the messages; 0 to show it whole.
func (a *app) textRoom(full bool) int {
	if full {
		return 0
	}
	return max(a.width()-fieldWidth, 40)
}

// writeExample prints an example, with its system prompt and state cut to room.
func writeExample(w io.Writer, e *sdk.Example, room int) {
	p := e.Provenance
	fmt.Fprintf(w, "example %s: %s %s\n", e.ID, e.Type, e.TaskType)
	fmt.Fprintf(w, "%-*s%s", fieldWidth, "from", visible(cmp.Or(p.File, e.SourceFile), ""))
	if p.FirstLine > 0 {
		fmt.Fprintf(w, ":%d", p.FirstLine)
	}
	if p.LastLine > p.FirstLine {
		fmt.Fprintf(w, "-%d", p.LastLine)
	}
	if p.Plugin != "" {
		fmt.Fprintf(w, " (plugin %s %s)", p.Plugin, p.PluginVersion)
	}
	fmt.Fprintln(w)
	field(w, "session", p.Session)
	field(w, "time", moment(p.Time))
	field(w, "model", p.Model)
	field(w, "producer", p.ProducerVersion)
	field(w, "context", e.Context)
	field(w, "labels", strings.Join(e.Labels, ", "))
	field(w, "tags", strings.Join(e.Tags, ", "))
	field(w, "split", e.Split)
	field(w, "removed", removed(p.Removed))
	for _, signal := range e.Signals {
		field(w, signal.Name, fmt.Sprintf("%.2f %s", signal.Score, signal.Evidence))
	}
	if e.Quality != nil {
		field(w, "quality", fmt.Sprintf("%.2f", *e.Quality))
	}
	fmt.Fprintln(w)
	cutField(w, "system:", e.System, room)
	cutField(w, "state:", string(e.GameState), room)
	writeMessages(w, e)
}

// removed says what the log has and the example leaves out.
func removed(counts map[string]int) string {
	var all []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%d %s", counts[kind], kind))
	}
	return strings.Join(all, ", ")
}

// fieldWidth is the width of the longest name of a field, plus a space.
const fieldWidth = 12

// field writes a named text, with all lines but the first indented; an empty text is left out.
func field(w io.Writer, name, text string) {
	if text != "" {
		text = visible(text, "\n\t")
		fmt.Fprintf(w, "%-*s%s\n", fieldWidth, name, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", fieldWidth)))
	}
}

// cutField writes a field on one line, cut in the middle if it is longer than room. If room is 0, it writes the whole field.
func cutField(w io.Writer, name, text string, room int) {
	if room > 0 {
		text = abridge([]byte(text), 0, room)
	}
	field(w, name, text)
}

// mark marks what is never trained on.
const mark = "*"

func writeMessages(w io.Writer, e *sdk.Example) {
	for _, m := range e.Messages {
		writeMessage(w, m)
	}
	for _, detail := range record.Details(e) {
		field(w, detail.Name+":", detail.Text)
	}
	if slices.ContainsFunc(e.Messages, func(m sdk.Message) bool { return m.Masked }) {
		fmt.Fprintf(w, "\n(%s marks what the model is shown but never trained on: weight 0)\n", mark)
	}
}

func writeMessage(w io.Writer, m sdk.Message) {
	end := ":"
	if m.Masked {
		end = mark + ":"
	}
	role, text := string(m.Role), m.Text
	if m.IsError {
		role = "failed"
	}
	if text == "" && m.Thinking == "" && len(m.Calls) == 0 {
		text = "(empty)"
	}
	field(w, "thinking"+end, m.Thinking)
	field(w, role+end, text)
	for _, call := range m.Calls {
		phase := ""
		if call.Phase != "" {
			phase = fmt.Sprintf(" (%s)", call.Phase)
		}
		field(w, "call"+end, fmt.Sprintf("%s %s%s", call.FullName(), call.Arguments, phase))
	}
	if a := m.Rejected; a != nil {
		field(w, "instead of:", a.Text)
		for _, call := range a.Calls {
			field(w, "instead of:", fmt.Sprintf("%s %s", call.FullName(), call.Arguments))
		}
	}
}
