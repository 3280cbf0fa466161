package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/ftprep/ftprep/core/run"
)

// progress returns a function that shows how far a run is: on a terminal, one line that changes; elsewhere, a line every few
// seconds.
func (a *app) progress(mode string) (func(run.Progress), error) {
	switch {
	case mode == "none":
		return a.onlyWaiting, nil
	case mode == "auto" && a.watched():
		return a.liveProgress(), nil
	case mode == "auto" || mode == "plain":
		return a.plainProgress(), nil
	}
	return nil, usageError("--progress must be auto, plain or none, not %q", mode)
}

// onlyWaiting shows no progress but says that the run waits for another one, which would otherwise look like an endless silence.
func (a *app) onlyWaiting(p run.Progress) {
	if p.Stage == run.Waiting {
		a.say("%s", progressLine(p))
	}
}

// plainEvery is the time between two lines of progress, long enough not to fill a log.
const plainEvery = 5 * time.Second

func (a *app) plainProgress() func(run.Progress) {
	var last time.Duration
	return func(p run.Progress) {
		if p.Stage == run.Waiting || p.Elapsed-last >= plainEvery {
			last = p.Elapsed
			a.say("%s", progressLine(p))
		}
	}
}

const eraseLine = "\r\x1b[K"

func (a *app) liveProgress() func(run.Progress) {
	return func(p run.Progress) {
		a.live = true
		line := []rune(progressLine(p))
		line = line[:min(len(line), a.width()-1)]
		fmt.Fprint(a.stderr, eraseLine+string(line))
	}
}

// endProgress erases the progress line for what comes next.
func (a *app) endProgress() {
	if a.live {
		a.live = false
		fmt.Fprint(a.stderr, eraseLine)
	}
}

func progressLine(p run.Progress) string {
	switch p.Stage {
	case run.Waiting:
		return "waiting for another run in this folder to end"
	case run.Reading:
		return readingLine(p)
	}
	return fmt.Sprintf("%s: %s", p.Stage, count(p.Examples, "example"))
}

func readingLine(p run.Progress) string {
	units := fmt.Sprintf("read %d of %d units", p.Units, p.TotalUnits)
	if p.Cached > 0 {
		units += fmt.Sprintf(" (%d from the cache)", p.Cached)
	}
	parts := []string{fmt.Sprintf("%s, %s of %s, %d examples", units, size(p.Bytes), size(p.TotalBytes), p.Examples)}
	if seconds := p.Elapsed.Seconds(); seconds > 0.5 && p.Bytes > 0 {
		rate := float64(p.Bytes) / seconds
		left := time.Duration(float64(p.TotalBytes-p.Bytes) / rate * float64(time.Second))
		parts = append(parts, size(int64(rate))+"/s", left.Round(time.Second).String()+" left")
	}
	return strings.Join(parts, ", ")
}
