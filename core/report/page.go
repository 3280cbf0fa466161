package report

import "github.com/ftprep/ftprep/core/record"

// A Page is what a run's page says.
type Page struct {
	Version    int       `json:"version"`
	Run        string    `json:"run"`
	Pipeline   string    `json:"pipeline"`
	Experiment string    `json:"experiment"`
	Started    string    `json:"started,omitempty"`
	Seconds    float64   `json:"seconds"`
	Redacted   bool      `json:"redacted"` // the run had a redact filter
	Records    int       `json:"records"`
	Examples   int       `json:"examples"`
	Left       int       `json:"left"` // examples that the filters left
	Rows       int       `json:"rows"`
	Funnel     []Stage   `json:"funnel"`
	Sources    []Source  `json:"sources"`
	Filters    []Filter  `json:"filters"`
	Kept       []Group   `json:"kept"` // the examples that the filters left, by what they are
	Outputs    []Output  `json:"outputs"`
	Sample     []Example `json:"sample"`
}

// Stage is how many examples there are after a step.
type Stage struct {
	Step    string  `json:"step"`
	Note    string  `json:"note,omitempty"` // what the step did
	Count   int     `json:"count"`
	Percent float64 `json:"-"` // of the largest stage
}

// Source is what a source read.
type Source struct {
	Source   string   `json:"source"`
	Paths    []string `json:"paths"`
	Units    int      `json:"units"`
	Files    int      `json:"files"`
	Bytes    int64    `json:"bytes"`
	Records  int      `json:"records"`
	Used     int      `json:"used"` // records that belong to an example
	Unread   int      `json:"unread"`
	Examples int      `json:"examples"`
	Ignored  []Number `json:"ignored"`
	Rejected int      `json:"rejected"`
	Causes   []Cause  `json:"causes"`
}

// Cause is why records were rejected, with the first places.
type Cause struct {
	Cause  string   `json:"cause"`
	Count  int      `json:"count"`
	Places []string `json:"places"`
}

// Filter is what a filter decided.
type Filter struct {
	Filter    string     `json:"filter"`
	Annotated int        `json:"annotated"`
	Replaced  int        `json:"replaced"`
	Dropped   int        `json:"dropped"`
	Reasons   []Decision `json:"reasons"` // of drops
	Found     []Number   `json:"found"`   // what it took out of examples
	Scores    []Score    `json:"scores,omitempty"`
}

// Score is how many examples a filter gave a score in one range, and how many would pass with its lowest as the limit.
type Score struct {
	From    string  `json:"from"`
	Count   int     `json:"count"`
	Passing int     `json:"passing"` // that have a score in this range or a higher one
	Percent float64 `json:"-"`       // of the highest count
}

// Decision is a reason, with the first examples.
type Decision struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
	Cases  []Case `json:"cases"`
}

// Case is one example, and what in it led to a decision.
type Case struct {
	ID       string `json:"id"`
	Evidence string `json:"evidence,omitempty"`
}

// Output is what an output holds.
type Output struct {
	Output   string     `json:"output"`
	Path     string     `json:"path"`
	Files    []string   `json:"files"` // if there are several
	Beside   []string   `json:"beside"`
	Kept     bool       `json:"earlier_file_kept"`
	Selected int        `json:"selected"`
	Written  int        `json:"written"`
	Rows     int        `json:"rows"`
	Bytes    int64      `json:"bytes"`
	Refused  []Decision `json:"refused"`
	Notes    []Number   `json:"notes"` // what shaping changed, rows that are left out, and copies
	Tokens   *Tokens    `json:"tokens,omitempty"`
}

// Tokens is how long the rows of an output are, if that was counted.
type Tokens struct {
	Total   int   `json:"total"`
	Longest int   `json:"longest"`
	Bars    []Bar `json:"bars"`
}

// Bar is how many rows have a number of tokens in one range.
type Bar struct {
	From    int     `json:"from"`
	To      int     `json:"to"`
	Rows    int     `json:"rows"`
	Percent float64 `json:"-"` // of the longest bar
}

// Group is numbers of one kind.
type Group struct {
	Title   string   `json:"title"`
	Numbers []Number `json:"numbers"`
	More    int      `json:"more,omitempty"` // that are not listed
}

// Number is a number with what it counts.
type Number struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

// Example is an example of the sample.
type Example struct {
	ID       string        `json:"id"`
	Type     string        `json:"type"`
	TaskType string        `json:"task_type,omitempty"`
	Place    string        `json:"place"` // where it was read
	Score    string        `json:"score,omitempty"`
	Labels   []string      `json:"labels,omitempty"`
	Tags     []string      `json:"tags,omitempty"`
	Outcome  string        `json:"outcome"`
	Outputs  []string      `json:"outputs,omitempty"`
	Parts    []record.Part `json:"parts"`
	More     int           `json:"more,omitempty"` // parts that are not recorded
	Withheld bool          `json:"withheld,omitempty"`
}
