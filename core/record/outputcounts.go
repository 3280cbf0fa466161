package record

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
)

// OutputCounts says what an output holds.
type OutputCounts struct {
	Output    string       `json:"output"`
	Path      string       `json:"path"`
	Selected  int          `json:"selected"` // examples that the block chooses
	Encoded   int          `json:"encoded"`  // examples that are in the file
	Refused   Counts       `json:"refused,omitempty"`
	Copies    int          `json:"copies,omitempty"`   // examples that are left out since the output has others that hold the same
	LeftOut   Counts       `json:"left_out,omitempty"` // missing rows of examples that are in the file
	Changed   Counts       `json:"changed,omitempty"`  // examples that shaping changed, by how
	Rows      int          `json:"rows"`
	Splits    []SplitRows  `json:"splits,omitempty"` // of the rows, those that are not there to train on
	Tokens    *TokenCounts `json:"tokens,omitempty"` // if they were counted
	Bytes     int64        `json:"bytes"`
	Files     []string     `json:"files,omitempty"`     // if there are several, or the path is a folder
	Unchanged bool         `json:"unchanged,omitempty"` // there are no rows, so the earlier file was left alone
	Beside    []string     `json:"beside,omitempty"`    // companion files
	Foreign   []string     `json:"foreign,omitempty"`   // of those, files or entries that somebody else wrote or changed: they stay
	Strange   []string     `json:"strange,omitempty"`   // files named like the output's that no run wrote: they stay
}

// SplitRows says what an output holds of a split.
type SplitRows struct {
	Split string   `json:"split"`
	Rows  int      `json:"rows"`
	Files []string `json:"files"` // base names
}

// AddSplit adds a file of a split.
func (c *OutputCounts) AddSplit(split, file string, rows int) {
	at, known := slices.BinarySearchFunc(c.Splits, split, func(s SplitRows, split string) int { return cmp.Compare(s.Split, split) })
	if !known {
		c.Splits = slices.Insert(c.Splits, at, SplitRows{Split: split})
	}
	c.Splits[at].Rows += rows
	c.Splits[at].Files = append(c.Splits[at].Files, filepath.Base(file))
}

// Trained returns the number of rows to train on.
func (c *OutputCounts) Trained() int {
	rows := c.Rows
	for _, split := range c.Splits {
		rows -= split.Rows
	}
	return rows
}

// TokenCounts says how long the rows of an output are.
type TokenCounts struct {
	Total     int   `json:"total"`
	Longest   int   `json:"longest"`
	Histogram []int `json:"histogram"` // rows by length: up to FirstBar tokens, then twice as many, and so on
}

// FirstBar is the largest number of tokens in a row of a histogram's first bar.
const FirstBar = 256

// Bar returns the number of rows in a bar of the histogram; 0 if the histogram ends before it.
func (c *TokenCounts) Bar(n int) int {
	if n < len(c.Histogram) {
		return c.Histogram[n]
	}
	return 0
}

// Add adds a row of a length.
func (c *TokenCounts) Add(length int) {
	c.Total += length
	c.Longest = max(c.Longest, length)
	bar := 0
	for bound := FirstBar; bound < length; bound *= 2 {
		bar++
	}
	for len(c.Histogram) <= bar {
		c.Histogram = append(c.Histogram, 0)
	}
	c.Histogram[bar]++
}

// Check checks the law of conservation for an output.
func (c *OutputCounts) Check() error {
	refused := 0
	for _, n := range c.Refused {
		refused += n
	}
	if c.Encoded+refused != c.Selected {
		return fmt.Errorf("the examples do not add up: %d were selected, %d written, %d refused", c.Selected, c.Encoded, refused)
	}
	return nil
}
