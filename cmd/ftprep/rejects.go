package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// sayRejects says what could not be read: of the most frequent causes the first record, and where the list is.
func (a *app) sayRejects(p *project, summary *record.Summary) {
	_, rejected, _ := summary.Read()
	if rejected == 0 {
		return
	}
	path := shorten(filepath.Join(workFolder(p.pipeline), "runs", summary.Run, "rejects.jsonl"))
	a.say("%s rejected, listed in %s:", count(rejected, "record"), path)
	for _, alike := range frequentRejects(path) {
		line := rejectLine(alike.first)
		if alike.count > 1 {
			line += fmt.Sprintf(" (and %d like it)", alike.count-1)
		}
		a.say("  %s", line)
		rejected -= alike.count
	}
	if rejected > 0 {
		a.say("  and %d more", rejected)
	}
}

// rejectLine is a reject on one line; the record has it whole.
func rejectLine(r record.Reject) string {
	place := brief(r.File)
	if r.Line > 0 {
		place += ":" + strconv.Itoa(r.Line)
	}
	return fmt.Sprintf("%s %s: %s", r.Source, place, brief(r.Cause))
}

// Bounds of what is said of rejects. There may be as many causes as records.
const (
	shownRejects = 3
	mostAlike    = 100
)

// alikeRejects are the rejects of one source and kind.
type alikeRejects struct {
	first record.Reject
	count int
}

// frequentRejects reads a run's list and gives the most frequent kinds, of equals the first; what cannot be read there is no
// reason to fail a run that is done.
func frequentRejects(path string) []*alikeRejects {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	var all []*alikeRejects
	known := map[[2]string]*alikeRejects{}
	for lines := json.NewDecoder(file); ; {
		var reject record.Reject
		if lines.Decode(&reject) != nil {
			break
		}
		key := [2]string{reject.Source, reject.Kind()}
		if known[key] == nil && len(all) < mostAlike {
			known[key] = &alikeRejects{first: reject}
			all = append(all, known[key])
		}
		if known[key] != nil {
			known[key].count++
		}
	}
	slices.SortStableFunc(all, func(a, b *alikeRejects) int { return cmp.Compare(b.count, a.count) })
	return all[:min(len(all), shownRejects)]
}

// mostRejects is how many of some records may be rejected, by the value of --max-rejects.
func mostRejects(text string, records int) (float64, error) {
	if text == "" {
		return math.Inf(1), nil
	}
	digits, percent := strings.CutSuffix(text, "%")
	number, err := strconv.ParseFloat(digits, 64)
	possible := number >= 0 && number <= math.MaxInt32 // neither NaN nor infinite
	if err != nil || !possible || percent && number > 100 || !percent && number != math.Trunc(number) {
		return 0, usageError("--max-rejects %q: write a number such as 10, or a share such as 0.5%%", text)
	}
	if percent {
		number = number / 100 * float64(records)
	}
	return number, nil
}

// checkRejects is the last word of a run: the outputs are written, the exit code says that too much was unreadable.
func checkRejects(text string, summary *record.Summary) error {
	records, rejected, _ := summary.Read()
	most, err := mostRejects(text, records)
	if err != nil || float64(rejected) <= most {
		return err
	}
	return &codeError{code: exitRejects, err: fmt.Errorf("%d of %d records were rejected, more than --max-rejects %s", rejected, records, text)}
}
