package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// SummaryVersion is that of the document that a [Summary] is. In version 1 the outputs' "unchanged" was called "kept".
const SummaryVersion = 2

// Summary says what a run did with every record and every example.
type Summary struct {
	Version    int             `json:"version"` // of this document
	Run        string          `json:"run,omitempty"`
	Pipeline   string          `json:"pipeline"`
	Experiment string          `json:"experiment,omitempty"`
	Sources    []*SourceCounts `json:"sources"`
	Files      []*FileCounts   `json:"files,omitempty"` // where that was asked for
	Rejects    []Cause         `json:"rejects,omitempty"`
	Tools      *ToolCounts     `json:"tools,omitempty"`
	Copies     int             `json:"copies"` // examples that another example holds as well
	Filters    []*FilterCounts `json:"filters"`
	Added      int             `json:"added"` // by filters that replaced one example by several
	Outputs    []*OutputCounts `json:"outputs"`
	Kept       *Census         `json:"kept,omitempty"` // what the filters left
	Seconds    float64         `json:"seconds"`

	// Digests of what the filters were opened with, by address: of all options, those that are secret as well.
	Opened map[string]string `json:"filters_opened_with,omitempty"`
	// What the redact filters would make of texts of this summary, paths as [Below] has them; without those that stay.
	Hidden map[string]string `json:"hidden,omitempty"`
	// The options of blocks by address, but for those that may hold secrets; of a long value only the digest.
	Settings map[string]Settings `json:"settings,omitempty"`
}

// Settings are values of options by name.
type Settings map[string]json.RawMessage

// Below is the path of a file relative to a folder that it is in, however deep; else the path as it is.
func Below(folder, path string) string {
	if relative, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}

// Left counts the examples that the filters left: those that were read and added, without copies and what was dropped.
func (s *Summary) Left() int {
	left := s.Added - s.Copies
	for _, source := range s.Sources {
		left += source.Examples
	}
	for _, filter := range s.Filters {
		left -= filter.Dropped
	}
	return left
}

// Counts are numbers by reason or kind.
type Counts map[string]int

// Add adds to one of them. The map may not be there yet.
func (c *Counts) Add(key string, n int) {
	if *c == nil {
		*c = Counts{}
	}
	(*c)[key] += n
}

// Account says what became of records: each is used, ignored, unread or rejected.
type Account struct {
	Records  int    `json:"records"`
	Used     int    `json:"used"` // records that belong to an example
	Ignored  Counts `json:"ignored,omitempty"`
	Unread   int    `json:"unread"`
	Rejected int    `json:"rejected"`
	Examples int    `json:"examples"`
}

// Add adds what a tally says.
func (a *Account) Add(tally sdk.Tally) {
	a.Records += tally.Read
	a.Used += tally.InExamples
	a.Unread += tally.Unread
	a.Rejected += tally.Rejected
	a.Examples += tally.Examples
	for kind, n := range tally.Ignored {
		a.Ignored.Add(kind, n)
	}
}

// SourceCounts says what a source read.
type SourceCounts struct {
	Source string   `json:"source"`
	Paths  []string `json:"paths"`
	Units  int      `json:"units"`
	Cached int      `json:"cached"` // units that came from the cache
	Files  int      `json:"files"`
	Bytes  int64    `json:"bytes"`
	Account
}

// FileCounts says what a source read in one file: a line of a run's record of files.
type FileCounts struct {
	Source string `json:"source"`
	Unit   string `json:"unit"`
	File   string `json:"file,omitempty"` // empty: the unit has none
	Bytes  int64  `json:"bytes"`
	Account
}

// ToolCounts says what is known of the tools that examples call.
type ToolCounts struct {
	Declared int `json:"declared"`
	Learned  int `json:"learned"`          // described by what their calls looked like
	Beyond   int `json:"beyond,omitempty"` // calls of more tools than can be described

	// By tool, arguments that calls passed with success and its declared schema does not have.
	Undeclared map[string][]string `json:"undeclared_arguments,omitempty"`
}

// FilterCounts says what a filter decided.
type FilterCounts struct {
	Filter    string      `json:"filter"`
	Dropped   int         `json:"dropped"`
	Reasons   Counts      `json:"reasons,omitempty"` // of drops
	Scores    *Scores     `json:"scores,omitempty"`  // that it gave
	Annotated int         `json:"annotated"`
	Replaced  int         `json:"replaced"`
	Found     []sdk.Found `json:"found,omitempty"` // what it took out of examples
}

// Add adds what the filter decided of one example.
func (c *FilterCounts) Add(d sdk.Decision) {
	if d.Score != nil {
		if c.Scores == nil {
			c.Scores = &Scores{}
		}
		c.Scores.add(*d.Score)
	}
	switch d.Action {
	case sdk.ActionDrop:
		c.Dropped++
		c.Reasons.Add(d.Reason, 1)
	case sdk.ActionAnnotate:
		c.Annotated++
	case sdk.ActionReplace:
		c.Replaced++
		for _, found := range d.Found {
			c.found(found)
		}
	}
}

// found adds to what was found of the same at such a place, in order.
func (c *FilterCounts) found(found sdk.Found) {
	at, known := slices.BinarySearchFunc(c.Found, found, func(a, b sdk.Found) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Place, b.Place))
	})
	if !known {
		count := found
		count.Count = 0
		c.Found = slices.Insert(c.Found, at, count)
	}
	c.Found[at].Count += found.Count
}

// OutputCounts says what an output holds.
type OutputCounts struct {
	Output    string       `json:"output"`
	Path      string       `json:"path"`
	Selected  int          `json:"selected"` // examples that the block chooses
	Encoded   int          `json:"encoded"`  // examples that are in the file
	Refused   Counts       `json:"refused,omitempty"`
	Copies    int          `json:"copies,omitempty"`   // examples that are left out, because the output has others that hold the same
	LeftOut   Counts       `json:"left_out,omitempty"` // rows that are missing of examples that are in the file
	Changed   Counts       `json:"changed,omitempty"`  // examples that shaping changed, by how
	Rows      int          `json:"rows"`
	Splits    []SplitRows  `json:"splits,omitempty"` // of those, rows that are not there to train on
	Tokens    *TokenCounts `json:"tokens,omitempty"` // where they were counted
	Bytes     int64        `json:"bytes"`
	Files     []string     `json:"files,omitempty"`     // where there are several, or the path is a folder
	Unchanged bool         `json:"unchanged,omitempty"` // there are no rows, so the earlier file was left alone
	Beside    []string     `json:"beside,omitempty"`    // companion files
	Foreign   []string     `json:"foreign,omitempty"`   // of those, files or their entries that somebody else wrote or changed: they stay
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

// Trained is how many rows are there to train on.
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

// FirstBar is how many tokens a row of a histogram's first bar has at most.
const FirstBar = 256

// Bar is how many rows a bar of the histogram has; 0 where it ends before.
func (c *TokenCounts) Bar(n int) int {
	if n < len(c.Histogram) {
		return c.Histogram[n]
	}
	return 0
}

// Add adds a row of that length.
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

// Check is the law of conservation for an output.
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

// Census counts examples by what they are.
type Census struct {
	Examples int            `json:"examples"`
	Types    map[string]int `json:"types"`
	Tasks    map[string]int `json:"task_types"`
	Tools    map[string]int `json:"tools"`
	Sources  map[string]int `json:"sources"`
	Labels   Counts         `json:"labels,omitempty"` // an example may have several, or none
	Models   Counts         `json:"models,omitempty"` // of examples whose log names one
	Splits   Counts         `json:"splits,omitempty"` // of examples that have one
}

// NewCensus is a census of nothing.
func NewCensus() *Census {
	return &Census{Types: map[string]int{}, Tasks: map[string]int{}, Tools: map[string]int{}, Sources: map[string]int{}}
}

// Add counts an example and tells its task type.
func (c *Census) Add(item sdk.Item) (taskType string) {
	c.Examples++
	c.Types[string(item.Type)]++
	outline := item.Outline()
	if outline.TaskType != "" {
		c.Tasks[outline.TaskType]++
	}
	for _, label := range outline.Labels {
		c.Labels.Add(label, 1)
	}
	if outline.Model != "" {
		c.Models.Add(outline.Model, 1)
	}
	c.Sources[item.Source]++
	if item.Split != "" {
		c.Splits.Add(strings.Clone(item.Split), 1)
	}
	for _, tool := range outline.Tools {
		c.Tools[tool]++
	}
	return outline.TaskType
}
