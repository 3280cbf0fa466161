package run

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// Summary says what a run did with every record and every example.
type Summary struct {
	Version    int             `json:"version"` // of this document
	Run        string          `json:"run,omitempty"`
	Pipeline   string          `json:"pipeline"`
	Experiment string          `json:"experiment,omitempty"`
	Sources    []*SourceCounts `json:"sources"`
	Files      []*FileCounts   `json:"files,omitempty"` // where that was asked for
	Tools      *ToolCounts     `json:"tools,omitempty"`
	Copies     int             `json:"copies"` // examples that another example holds as well
	Filters    []*FilterCounts `json:"filters"`
	Outputs    []*OutputCounts `json:"outputs"`
	Kept       *Census         `json:"kept,omitempty"` // what the filters left, where it was counted
	Seconds    float64         `json:"seconds"`
}

// Account says what became of records: each is used, ignored, unread or rejected.
type Account struct {
	Records  int            `json:"records"`
	Used     int            `json:"used"` // records that belong to an example
	Ignored  map[string]int `json:"ignored,omitempty"`
	Unread   int            `json:"unread"`
	Rejected int            `json:"rejected"`
	Examples int            `json:"examples"`
}

func (a *Account) add(tally sdk.Tally) {
	a.Records += tally.Read
	a.Used += tally.InExamples
	a.Unread += tally.Unread
	a.Rejected += tally.Rejected
	a.Examples += tally.Examples
	for kind, n := range tally.Ignored {
		if a.Ignored == nil {
			a.Ignored = map[string]int{}
		}
		a.Ignored[kind] += n
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

func (c *SourceCounts) add(unit Unit, result unitResult) {
	c.Units++
	if result.cached {
		c.Cached++
	}
	c.Files += len(unit.Files)
	c.Bytes += unit.Bytes()
	c.Account.add(result.tally)
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
	Filter    string         `json:"filter"`
	Dropped   int            `json:"dropped"`
	Reasons   map[string]int `json:"reasons,omitempty"` // of drops
	Annotated int            `json:"annotated"`
	Replaced  int            `json:"replaced"`
	Found     []sdk.Found    `json:"found,omitempty"` // what it took out of examples
}

func (c *FilterCounts) add(d sdk.Decision) {
	switch d.Action {
	case sdk.ActionDrop:
		c.Dropped++
		increase(&c.Reasons, d.Reason)
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
	Output   string         `json:"output"`
	Path     string         `json:"path"`
	Selected int            `json:"selected"` // examples that the block chooses
	Encoded  int            `json:"encoded"`  // examples that are in the file
	Refused  map[string]int `json:"refused,omitempty"`
	Copies   int            `json:"copies,omitempty"`   // examples that are not selected, because the file has what holds as much
	LeftOut  map[string]int `json:"left_out,omitempty"` // rows that are missing of examples that are in the file
	Changed  map[string]int `json:"changed,omitempty"`  // examples that shaping changed, by how
	Rows     int            `json:"rows"`
	Tokens   *TokenCounts   `json:"tokens,omitempty"` // where they were counted
	Bytes    int64          `json:"bytes"`
	Files    []string       `json:"files,omitempty"` // where there are several, or the path is a folder
	Kept     bool           `json:"kept,omitempty"`  // there are no rows, so the earlier file was left alone
	Beside   []string       `json:"beside,omitempty"`
	Foreign  []string       `json:"foreign,omitempty"` // of those, files that somebody else wrote or changed: they stay
	Strange  []string       `json:"strange,omitempty"` // files named like the output's that no run wrote: they stay
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

func (c *TokenCounts) add(length int) {
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

// increase adds one to a count of a map that may not be there yet.
func increase(counts *map[string]int, key string) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[key]++
}

// check is the law of conservation for an output.
func (c *OutputCounts) check() error {
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
}

func newCensus() *Census {
	return &Census{Types: map[string]int{}, Tasks: map[string]int{}, Tools: map[string]int{}, Sources: map[string]int{}}
}

func (c *Census) add(item sdk.Item) {
	c.Examples++
	c.Types[string(item.Type)]++
	taskType, tools := item.Outline()
	if taskType != "" {
		c.Tasks[taskType]++
	}
	c.Sources[item.Source]++
	for _, tool := range tools {
		c.Tools[tool]++
	}
}
