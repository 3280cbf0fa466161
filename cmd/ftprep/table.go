package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is text in columns.
type table struct {
	rows   [][]string
	widths []int
}

// row adds a row. Characters that do not print, such as line ends, are escaped.
func (t *table) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = visible(cell, "")
		if i == len(t.widths) {
			t.widths = append(t.widths, 0)
		}
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(cells[i]))
	}
	t.rows = append(t.rows, cells)
}

func (t *table) write(w io.Writer) {
	for _, cells := range t.rows {
		var line strings.Builder
		for i, cell := range cells {
			fmt.Fprintf(&line, "%-*s  ", t.widths[i], cell)
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}
