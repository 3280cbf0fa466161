package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// writeFiles prints what became of the records of every file, below its source: records = used + ignored + unread +
// rejected. Files with rejects are marked and come first, those with the most before the others.
func writeFiles(w io.Writer, sources []*record.SourceCounts, files []*record.FileCounts) {
	var t table
	t.row("records", "used", "ignored", "unread", "rejected", "examples", "bytes", "source and files")
	for _, source := range sources {
		t.row(accountRow(source.Account, source.Bytes, source.Source)...)
		for _, file := range byRejects(files, source.Source) {
			mark := "  "
			if file.Rejected > 0 {
				mark = "! "
			}
			t.row(accountRow(file.Account, file.Bytes, mark+cmp.Or(file.File, file.Unit)+ignoredKinds(file.Ignored))...)
		}
	}
	t.write(w)
}

// byRejects returns the files of a source, those with the most rejects first, and otherwise in the order of reading.
func byRejects(files []*record.FileCounts, source string) []*record.FileCounts {
	var of []*record.FileCounts
	for _, file := range files {
		if file.Source == source {
			of = append(of, file)
		}
	}
	slices.SortStableFunc(of, func(a, b *record.FileCounts) int { return cmp.Compare(b.Rejected, a.Rejected) })
	return of
}

func accountRow(a record.Account, bytes int64, name string) []string {
	ignored := 0
	for _, n := range a.Ignored {
		ignored += n
	}
	var cells []string
	for _, n := range []int{a.Records, a.Used, ignored, a.Unread, a.Rejected, a.Examples} {
		cells = append(cells, orDash(n))
	}
	return append(cells, size(bytes), name)
}

// orDash writes a number; a zero is a dash, which the eye skips.
func orDash(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

// ignoredKinds writes why records were ignored, the most frequent reason first; empty if none were.
func ignoredKinds(ignored map[string]int) string {
	if len(ignored) == 0 {
		return ""
	}
	var parts []string
	for _, kind := range byCount(ignored) {
		parts = append(parts, fmt.Sprintf("%d %s", kind.n, kind.label))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
