package redact

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Lines redacts lines of a log that belong together; the result has as many. A secret across several lines of text is
// replaced on the first one and leaves the others empty. One that a name tells on some line is replaced on all lines.
func (m *Masker) Lines(lines [][]byte) [][]byte {
	defer func() { m.lines = false }()
	runs := joined(lines)
	for i, run := range runs {
		m.lines = !isJSON(run)
		runs[i] = m.Line(run)
	}
	again := m.again()
	masked := make([][]byte, 0, len(lines))
	for _, run := range runs {
		if m.lines = !isJSON(run); m.lines {
			run = []byte(again("", string(run), ""))
		} else {
			run = []byte(eachString(string(run), func(name, text string) string { return again(name, text, "") }))
		}
		masked = append(masked, bytes.Split(run, []byte("\n"))...)
	}
	return masked
}

// joined makes one text of lines that follow each other and are no JSON, because a secret may extend over several.
func joined(lines [][]byte) (runs [][]byte) {
	text := false
	for _, line := range lines {
		before := text
		if text = !isJSON(line); text && before {
			last := &runs[len(runs)-1]
			*last = append(append(*last, '\n'), line...)
			continue
		}
		runs = append(runs, bytes.Clone(line))
	}
	return runs
}

func isJSON(line []byte) bool { return jsontext.Value(line).IsValid(lenient...) }

// onLines adds the line ends of its value to a placeholder if the number of lines must stay the same.
func (p *pass) onLines(placeholder, value string) string {
	if !p.lines {
		return placeholder
	}
	return placeholder + strings.Repeat("\n", strings.Count(value, "\n"))
}
