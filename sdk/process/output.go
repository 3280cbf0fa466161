package process

import (
	"bytes"
	"io"
)

// firstLineWriter passes on only the first line, which is the handshake. Nobody reads what comes after it, and a plugin
// that prints must not have to wait for a reader.
type firstLineWriter struct {
	to     io.Writer
	passed int
	done   bool
}

const longestHandshake = 4 << 10

func (f *firstLineWriter) Write(p []byte) (int, error) {
	if f.done {
		return len(p), nil
	}
	line := p
	if end := bytes.IndexByte(p, '\n'); end >= 0 {
		line, f.done = p[:end+1], true
	}
	_, err := f.to.Write(line)
	f.passed += len(line)
	if err != nil || f.passed > longestHandshake { // the host has stopped listening, or soon will
		f.done = true
	}
	return len(p), nil
}

// How many lines are kept: of standard error, and of standard output after the first.
const (
	maxLastWords  = 20
	maxOtherLines = 3
)

// hear keeps the first line on standard output. If it is not a handshake, it is shown to the user.
func (c *child) hear(line string) {
	c.mu.Lock()
	first := c.firstLine == ""
	if first {
		c.firstLine = line
	}
	c.mu.Unlock()
	if !first {
		c.printed(line)
	}
}

// printed logs what the plugin's code prints to standard output.
func (c *child) printed(line string) {
	line = c.secrets.Hide(line)
	c.command.Log.Warn("printed to standard output: "+line, "plugin", c.command.Name)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.otherLines) < maxOtherLines {
		c.otherLines = append(c.otherLines, line)
	}
}

// note logs a line on standard error and keeps the last ones.
func (c *child) note(line string) {
	entry := parseLogLine(line)
	entry.conceal(&c.secrets)
	entry.log(c.command.Log, c.command.Name)
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := entry.String()
	c.crash.hear(line, kept, c.lastWords)
	if len(c.lastWords) == maxLastWords {
		c.lastWords = c.lastWords[1:]
	}
	c.lastWords = append(c.lastWords, kept)
}
