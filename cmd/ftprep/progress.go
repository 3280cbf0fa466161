package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/ftprep/ftprep/core/run"
)

// progress returns a function that shows how far a run is: on a terminal one line that changes, elsewhere nothing, or a
// line every few seconds when plain lines are asked for.
func (a *app) progress(mode string) (func(run.Progress), error) {
	file, ok := a.stderr.(*os.File)
	onTerminal := ok && term.IsTerminal(int(file.Fd()))
	switch mode {
	case "none":
		return nil, nil
	case "plain":
		return a.plainProgress(), nil
	case "auto":
		if onTerminal {
			return a.liveProgress(), nil
		}
		return nil, nil
	}
	return nil, usageError("--progress %q is none of auto, plain, none", mode)
}

// plainEvery is seldom enough for a log.
const plainEvery = 5 * time.Second

func (a *app) plainProgress() func(run.Progress) {
	var last time.Duration
	return func(p run.Progress) {
		if p.Elapsed-last >= plainEvery {
			last = p.Elapsed
			a.say("%s", progressLine(p))
		}
	}
}

const eraseLine = "\r\x1b[K"

func (a *app) liveProgress() func(run.Progress) {
	a.live = true
	return func(p run.Progress) {
		width, _ := terminal(a.stderr)
		line := []rune(progressLine(p))
		if len(line) >= int(width) {
			line = line[:width-1]
		}
		fmt.Fprint(a.stderr, eraseLine+string(line))
	}
}

// endProgress leaves the line clean for what comes next.
func (a *app) endProgress() {
	if a.live {
		fmt.Fprint(a.stderr, eraseLine)
	}
}

func progressLine(p run.Progress) string {
	if p.Stage != "read" {
		return fmt.Sprintf("%s: %d examples", p.Stage, p.Examples)
	}
	parts := []string{fmt.Sprintf("read %d of %d units, %s of %s, %d examples", p.Units, p.TotalUnits, size(p.Bytes), size(p.TotalBytes), p.Examples)}
	if seconds := p.Elapsed.Seconds(); seconds > 0.5 && p.Bytes > 0 {
		rate := float64(p.Bytes) / seconds
		left := time.Duration(float64(p.TotalBytes-p.Bytes) / rate * float64(time.Second))
		parts = append(parts, size(int64(rate))+"/s", left.Round(time.Second).String()+" left")
	}
	return strings.Join(parts, ", ")
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
