package sdktest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// A rendering is what a step has made, as text that a person can check.
type rendering struct{ strings.Builder }

func (r *rendering) printf(format string, args ...any) { fmt.Fprintf(&r.Builder, format, args...) }

// field writes a named text, with its lines after the first indented. An empty text is left out.
func (r *rendering) field(name, text string) {
	if text != "" {
		r.printf("  %s: %s\n", name, strings.ReplaceAll(text, "\n", "\n    "))
	}
}

func (r *rendering) reading(reading Reading) {
	for _, example := range reading.Examples {
		r.example(example)
	}
	for _, reject := range reading.Rejects {
		r.printf("reject %s:%d: %s\n", reject.File, reject.Line, reject.Cause)
	}
	t := reading.Tally
	r.printf("tally: %d read, %d in %d examples, %d unread, %d rejected\n", t.Read, t.InExamples, t.Examples, t.Unread, t.Rejected)
	for _, kind := range slices.Sorted(maps.Keys(t.Ignored)) {
		r.printf("ignored: %d %s\n", t.Ignored[kind], kind)
	}
}

func (r *rendering) applied(id string, applied Applied) {
	r.printf("%s:", id)
	for _, decision := range applied.Decisions {
		r.printf(" %s", decision.Action)
		if decision.Reason != "" {
			r.printf(" (%s)", decision.Reason)
		}
		if decision.Evidence != "" {
			r.printf(": %s", decision.Evidence)
		}
	}
	if len(applied.Decisions) == 0 {
		r.printf(" keep")
	}
	r.printf("\n")
	for _, example := range applied.Examples {
		r.example(example)
	}
}

func (r *rendering) encoding(encoding Encoding) {
	for _, encoded := range encoding.Encoded {
		if encoded.Refused != "" {
			r.printf("refused: %s\n", encoded.Refused)
		}
		for _, row := range encoded.Rows {
			r.Write(row)
			if encoding.Framing == sdk.FramingRows {
				r.printf("\n")
			}
		}
	}
	for _, companion := range encoding.Companions {
		shared := ""
		if companion.Shared {
			shared = " (shared)"
		}
		r.printf("companion %s%s:\n%s", companion.Name, shared, companion.Content)
	}
}

func (r *rendering) example(e *sdk.Example) {
	r.printf("%s %s", e.Type, e.TaskType)
	if p := e.Provenance; p.FirstLine > 0 {
		r.printf(" %s:%d-%d", p.File, p.FirstLine, p.LastLine)
	}
	r.printf("\n")
	r.field("system", e.System)
	r.field("context", e.Context)
	r.field("game state", string(e.GameState))
	for _, message := range e.Messages {
		r.message(message)
	}
	r.detail(e)
	r.field("tags", strings.Join(e.Tags, ", "))
	r.field("labels", strings.Join(e.Labels, ", "))
	for _, signal := range e.Signals {
		r.field("signal "+signal.Name, fmt.Sprintf("%.2f %s", signal.Score, signal.Evidence))
	}
	if e.Quality != nil {
		r.field("quality", fmt.Sprintf("%.2f", *e.Quality))
	}
	r.field("split", e.Split)
	for _, kind := range slices.Sorted(maps.Keys(e.Provenance.Removed)) {
		r.field("removed", fmt.Sprintf("%d %s", e.Provenance.Removed[kind], kind))
	}
}

func (r *rendering) message(m sdk.Message) {
	role := string(m.Role)
	switch {
	case m.IsError:
		role = "error " + m.CallID
	case m.Role == sdk.RoleTool:
		role = "result " + m.CallID
	}
	if m.Masked {
		role = "masked " + role
	}
	r.field(role+" (thinking)", m.Thinking)
	if m.Text != "" || len(m.Calls) == 0 {
		r.printf("  %s: %s\n", role, strings.ReplaceAll(m.Text, "\n", "\n    "))
	}
	for _, call := range m.Calls {
		r.printf("  call %s: %s %s %s\n", call.ID, call.Phase, call.FullName(), call.Arguments)
	}
	if a := m.Rejected; a != nil {
		r.field("rejected (thinking)", a.Thinking)
		r.field("rejected", a.Text)
		for _, call := range a.Calls {
			r.printf("  rejected call %s: %s %s\n", call.ID, call.FullName(), call.Arguments)
		}
	}
}

func (r *rendering) detail(e *sdk.Example) {
	if c := e.Chain; c != nil {
		r.field("problem", c.Problem)
		r.field("root cause", c.RootCause)
		r.field("reasoning", c.Reasoning)
		r.field("solution", c.Solution)
	}
	if c := e.Correction; c != nil {
		r.field("language", c.Language)
		r.field("bad code", c.BadCode)
		r.field("bad reason", c.BadReason)
		r.field("good code", c.GoodCode)
		r.field("good reason", c.GoodReason)
	}
	if n := e.Negative; n != nil {
		r.field("pattern", n.Pattern)
		r.field("reason", n.Reason)
	}
}
