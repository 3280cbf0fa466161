package record

import (
	"cmp"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// Counts are numbers by reason or kind.
type Counts map[string]int

// Add adds to the number of a key. The map may be nil.
func (c *Counts) Add(key string, n int) {
	if *c == nil {
		*c = Counts{}
	}
	(*c)[key] += n
}

// Account says what became of records: each is used, ignored, unread or rejected.
type Account struct {
	Records    int    `json:"records"`
	Used       int    `json:"used"` // records that belong to an example
	Ignored    Counts `json:"ignored,omitempty"`
	Unread     int    `json:"unread"`
	Rejected   int    `json:"rejected"`
	Unreadable int    `json:"unreadable,omitempty"` // of the rejected, those that stand for the rest of a file
	Examples   int    `json:"examples"`
}

// Add adds what a tally says.
func (a *Account) Add(tally sdk.Tally) {
	a.Records += tally.Read
	a.Used += tally.InExamples
	a.Unread += tally.Unread
	a.Rejected += tally.Rejected
	a.Unreadable += tally.Unreadable
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

	// Undeclared lists, by tool, the arguments that successful calls passed and that its declared schema does not have.
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

// Add adds what the filter decided about one example.
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

// found adds to the count of what was found of the same kind, by the same rule and at such a place. The counts stay in order.
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
