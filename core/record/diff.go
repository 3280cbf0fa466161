package record

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Comparison says how two runs differ.
type Comparison struct {
	Version  int       `json:"version"`
	A        Brief     `json:"a"`
	B        Brief     `json:"b"`
	Settings []Setting `json:"settings"` // that differ
	Counts   []Count   `json:"counts"`

	// These are about all examples, including those that filters made. Each counts once, however often it was read.
	Examples Compared `json:"examples"`
	Fates    []Change `json:"fates"`

	// These are about examples that both runs kept.
	Outputs []OutputChanges `json:"outputs"` // that both runs have
	Types   []Change        `json:"types"`
	Tasks   []Change        `json:"task_types"`
	Splits  []Change        `json:"splits"`
	Scores  ScoreChanges    `json:"scores"`
}

// Compared counts the examples of two runs.
type Compared struct {
	A    int `json:"a"`
	B    int `json:"b"`
	Same int `json:"same"` // those with the same fate in both
}

// OutputChanges says what changed in one output.
type OutputChanges struct {
	Output  string   `json:"output"`
	Changes []Change `json:"changes"`
}

// ScoreChanges says which examples have another quality score.
type ScoreChanges struct {
	Higher int           `json:"higher"`
	Lower  int           `json:"lower"`
	Most   []ScoreChange `json:"changes"` // those that differ most, or all
}

// ScoreChange is the scores of one example.
type ScoreChange struct {
	ID string  `json:"id"`
	A  float64 `json:"a"`
	B  float64 `json:"b"`
}

// Compare compares two runs, given by their names. It lists up to most examples of each kind of change (0: all).
func (s Runs) Compare(a, b string, most int) (*Comparison, error) {
	runs, err := s.named(a, b)
	if err != nil {
		return nil, err
	}
	table := newFateTable()
	for i, r := range runs {
		if err := table.load(i, r); err != nil {
			return nil, err
		}
	}
	before, after := &runs[0].summary, &runs[1].summary
	c := comparer{table: table, most: most, fates: newChanges(most), types: newChanges(most), tasks: newChanges(most), splits: newChanges(most), outputs: map[string]*changes{}}
	c.A, c.B = runs[0].brief(), runs[1].brief()
	c.Version, c.Settings, c.Counts = 1, differentSettings(before, after), compareCounts(before, after)
	c.Outputs = []OutputChanges{}
	for _, output := range before.Outputs {
		if slices.ContainsFunc(after.Outputs, func(o *OutputCounts) bool { return o.Output == output.Output }) {
			c.outputs[output.Output] = newChanges(most)
			c.Outputs = append(c.Outputs, OutputChanges{Output: output.Output})
		}
	}
	for example, err := range table.each(runs...) {
		if err != nil {
			return nil, err
		}
		c.add(example)
	}
	return c.finish(), nil
}

// OtherSettings reports whether the last run had other settings than the previous one. It is false if either is not known.
func (s Runs) OtherSettings() bool {
	runs, err := s.named(Previous, Last)
	return err == nil && len(differentSettings(&runs[0].summary, &runs[1].summary)) > 0
}

// comparer is a comparison in the making.
type comparer struct {
	Comparison
	table   *fateTable
	most    int
	fates   *changes
	types   *changes
	tasks   *changes
	splits  *changes
	outputs map[string]*changes
}

// add compares what became of one example.
func (c *comparer) add(example identified) {
	a, b := &c.table.all[example.fate[0]], &c.table.all[example.fate[1]]
	from, to := a.outcome(), b.outcome()
	if from != notRead {
		c.Examples.A++
	}
	if to != notRead {
		c.Examples.B++
	}
	if from == to {
		c.Examples.Same++
	} else {
		c.fates.add(from, to, example.id)
	}
	if !a.kept || !b.kept {
		return
	}
	c.score(example)
	if example.fate[0] == example.fate[1] {
		return
	}
	c.types.add(a.class.typ, b.class.typ, example.id)
	c.tasks.add(a.class.taskType, b.class.taskType, example.id)
	c.splits.add(a.class.split, b.class.split, example.id)
	for output, changes := range c.outputs {
		changes.add(a.outcomeIn(output), b.outcomeIn(output), example.id)
	}
}

// score notes a score that differs, where both runs have one.
func (c *comparer) score(example identified) {
	change := ScoreChange{example.id, shortest(example.score[0]), shortest(example.score[1])}
	switch {
	case change.B > change.A:
		c.Scores.Higher++
	case change.B < change.A:
		c.Scores.Lower++
	default:
		return
	}
	c.Scores.Most = insert(c.Scores.Most, change, c.most, ScoreChange.compare)
}

// compare orders changes by how much the scores differ, the most first.
func (s ScoreChange) compare(other ScoreChange) int {
	return cmp.Or(cmp.Compare(math.Abs(other.B-other.A), math.Abs(s.B-s.A)), strings.Compare(s.ID, other.ID))
}

// shortest returns the shortest number that a score may have been before it was rounded to 32 bits: 0.7, not
// 0.699999988079071.
func shortest(score float32) float64 {
	number, _ := strconv.ParseFloat(strconv.FormatFloat(float64(score), 'g', -1, 32), 64)
	return number
}

// finish lists the changes, when all examples are compared.
func (c *comparer) finish() *Comparison {
	c.Fates, c.Types, c.Tasks, c.Splits = c.fates.list(), c.types.list(), c.tasks.list(), c.splits.list()
	for i := range c.Outputs {
		c.Outputs[i].Changes = c.outputs[c.Outputs[i].Output].list()
	}
	slices.SortFunc(c.Scores.Most, ScoreChange.compare)
	if c.Scores.Most == nil {
		c.Scores.Most = []ScoreChange{}
	}
	return &c.Comparison
}
