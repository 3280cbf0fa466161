package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/term"

	"github.com/ftprep/ftprep/core/plan"
)

// app is what all commands share.
type app struct {
	stdout, stderr io.Writer
	environ        []string
	now            time.Time // when the command began
	json           bool
	lockfile       string   // the value of --lockfile
	relock         bool     // lock files are written anew
	printed        bool     // the one JSON document has been printed
	live           bool     // a progress line is on the terminal
	outputsChanged bool     // all or some outputs have been replaced, whatever happens next
	log            *logFile // of the plugins; nil if the command starts none
}

// say prints a line for people on standard error, in place of a progress line. What it prints may come from logs and plugins, so
// it is made visible.
func (a *app) say(format string, args ...any) {
	a.endProgress()
	fmt.Fprintln(a.stderr, visible(fmt.Appendf(nil, format, args...), "\n\t"))
}

// printResult prints a document on standard output: as JSON with --json, else as print writes it, made visible so that it cannot
// act on a terminal.
func (a *app) printResult(document any, print func(io.Writer)) error {
	return a.printData(document, func(w io.Writer) {
		var text bytes.Buffer
		print(&text)
		_, _ = io.WriteString(w, visible(text.Bytes(), "\n\t")) // w is a buffer
	})
}

// printData is like printResult, but for text that programs read: every character stays.
func (a *app) printData(document any, print func(io.Writer)) error {
	var text bytes.Buffer
	if a.json {
		if err := writeJSON(&text, document); err != nil {
			return fmt.Errorf("print the result: %w", err)
		}
		a.printed = true
	} else {
		print(&text)
	}
	if _, err := a.stdout.Write(text.Bytes()); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

func writeJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

// getenv reads this program's environment.
func (a *app) getenv(name string) string {
	value, _ := plan.LookupEnv(a.environ, name)
	return value
}

// width returns the width of the terminal in columns, or 78 if it is not known.
func (a *app) width() int {
	if file, ok := terminalOf(a.stderr); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns >= 20 {
			return columns
		}
	}
	return 78
}

// watched reports whether people look at a terminal that can change a line.
func (a *app) watched() bool {
	file, ok := terminalOf(a.stderr)
	return ok && a.getenv("TERM") != "dumb" && takesEscapes(file)
}

// terminalOf returns the terminal that w writes to, if it is one.
func terminalOf(w io.Writer) (*os.File, bool) {
	file, ok := w.(*os.File)
	return file, ok && term.IsTerminal(int(file.Fd()))
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// moment writes a time for people; an unknown time is empty.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateTime + " MST")
}

// size writes a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	case bytes >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%d B", bytes)
}
