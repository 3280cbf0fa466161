package main

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// sayRejects prints how many records were rejected, the first record of each of the most frequent causes, and where the list is.
func (a *app) sayRejects(p *project, summary *record.Summary) {
	_, rejected, _ := summary.Read()
	if rejected == 0 {
		return
	}
	path := shorten(filepath.Join(workFolder(p.pipeline), "runs", summary.Run, "rejects.jsonl"))
	files := ""
	if unreadable := summary.Unreadable(); unreadable > 0 {
		files = fmt.Sprintf(", including %s that could not be read to the end", count(unreadable, "file"))
	}
	a.say("%s rejected%s, listed in %s:", count(rejected, "record"), files, path)
	for _, cause := range frequentCauses(summary.Rejects) {
		line := rejectLine(cause.First)
		if cause.Count > 1 {
			line += fmt.Sprintf(" (and %d like it)", cause.Count-1)
		}
		a.say("  %s", line)
		rejected -= cause.Count
	}
	if rejected > 0 {
		a.say("  and %d more", rejected)
	}
}

// rejectLine writes a reject on one line, shortened; the record of the run has it whole.
func rejectLine(r record.Reject) string {
	place := brief(r.File)
	if r.Line > 0 {
		place += ":" + strconv.Itoa(r.Line)
	}
	return fmt.Sprintf("%s %s: %s", r.Source, place, brief(r.Cause))
}

// shownCauses is how many causes of rejects are printed; there are more if more sources have rejects.
const shownCauses = 3

// frequentCauses returns the most frequent causes, at least one of each source. Of equally frequent causes the first come first.
func frequentCauses(all []record.Cause) []record.Cause {
	rest := slices.DeleteFunc(slices.Clone(all), func(c record.Cause) bool { return c.Cause == "" })
	byCount := func(a, b record.Cause) int { return cmp.Compare(b.Count, a.Count) }
	slices.SortStableFunc(rest, byCount)
	var shown []record.Cause
	rest = slices.DeleteFunc(rest, func(c record.Cause) bool {
		first := !slices.ContainsFunc(shown, func(s record.Cause) bool { return s.Source == c.Source })
		if first {
			shown = append(shown, c)
		}
		return first
	})
	shown = append(shown, rest[:min(len(rest), max(0, shownCauses-len(shown)))]...)
	slices.SortStableFunc(shown, byCount)
	return shown
}

// mostRejects returns how many of the records may be rejected; text is the value of --max-rejects.
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

// checkRejects returns an error if more was unreadable than --max-rejects allows. The outputs are written all the same.
func checkRejects(text string, summary *record.Summary) error {
	records, rejected, _ := summary.Read()
	most, err := mostRejects(text, records)
	if err != nil {
		return err
	}
	if files := summary.Unreadable(); files > 0 && float64(records) > most {
		return &codeError{
			code: exitRejects, err: fmt.Errorf("%s could not be read to the end, so --max-rejects %s cannot be checked", count(files, "file"), text),
			hint: "the list of rejects says what could not be read: repair or remove it, or leave out --max-rejects",
		}
	}
	if float64(rejected) <= most {
		return nil
	}
	return &codeError{code: exitRejects, err: fmt.Errorf("rejected %d of %d records, more than --max-rejects %s", rejected, records, text)}
}
