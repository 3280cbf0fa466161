package process

import (
	"slices"
	"strings"
)

// A crash holds what a crashing Go program says before the stacks. They come last and may be long, so the last lines that
// the program prints do not say what is wrong.
type crash struct {
	lines []string // the message of the crash, with the lines before it
	open  bool     // the message has begun, and the stacks have not
}

// hear takes a line of standard error: line is what was printed, kept is the form in which it is kept, and before holds
// the kept lines before it.
func (c *crash) hear(line, kept string, before []string) {
	switch {
	case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "):
		c.lines, c.open = append(slices.Clone(before), kept), true
	case strings.HasPrefix(line, "goroutine "), line == "runtime stack:":
		c.open = false
	case c.open && line != "" && len(c.lines) < 2*maxLastWords:
		c.lines = append(c.lines, kept)
	}
}
