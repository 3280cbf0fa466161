package process

import (
	"slices"
	"strings"
)

// A crash is what a Go program says when it crashes, without the stacks: what is wrong stands before them, so that its last lines
// say nothing.
type crash struct {
	words []string // with what was said before
	open  bool     // the stacks have not begun
}

// hear takes a line on standard error, as it came and as it is kept, and the lines that were kept before it.
func (c *crash) hear(line, kept string, before []string) {
	switch {
	case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "):
		c.words, c.open = append(slices.Clone(before), kept), true
	case strings.HasPrefix(line, "goroutine "), line == "runtime stack:":
		c.open = false
	case c.open && line != "" && len(c.words) < 2*maxWords:
		c.words = append(c.words, kept)
	}
}
