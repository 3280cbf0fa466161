package record

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/ftprep/ftprep/sdk"
)

// Bounds of a run's sample, which is there to be looked at.
const (
	sampleSize  = 20
	sampleParts = 12
	sampleText  = 1200 // bytes of a part
)

// Sampled is one line of a run's sample of examples: one as the filters left it or, if another filter dropped it, as the
// redact filters left it.
type Sampled struct {
	ID       string   `json:"id"`
	Step     string   `json:"step"` // the source
	Unit     string   `json:"unit"`
	File     string   `json:"file,omitempty"`
	Type     string   `json:"type"`
	TaskType string   `json:"task_type,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	Score    *float64 `json:"score,omitempty"`
	Parts    []Part   `json:"parts,omitempty"`
	More     int      `json:"more,omitempty"`     // parts that are left out
	Withheld bool     `json:"withheld,omitempty"` // parts, tags and labels are not recorded: something in them should have been redacted
}

// Part is a text of an example.
type Part struct {
	Name string `json:"name"` // a role, "call", or what the text is in an example that is no conversation
	Text string `json:"text"`
	Cut  int    `json:"cut,omitempty"` // bytes that are left out at the end
}

// NewSampled returns what a sample has of an example.
func NewSampled(step, unit string, e *sdk.Example) *Sampled {
	s := &Sampled{
		ID: e.ID, Step: step, Unit: unit, File: e.Provenance.File, Type: string(e.Type), TaskType: e.TaskType,
		Tags: e.Tags, Labels: e.Labels, Score: e.Quality,
	}
	s.part("context", e.Context)
	for _, m := range e.Messages {
		s.part("thinking", m.Thinking)
		s.part(string(m.Role), m.Text)
		for _, call := range m.Calls {
			s.part("call", call.FullName()+" "+string(call.Arguments))
		}
	}
	for _, detail := range Details(e) {
		s.part(detail.Name, detail.Text)
	}
	return s
}

// Details returns the texts of an example that is no conversation, some of which may be empty.
func Details(e *sdk.Example) []Part {
	switch {
	case e.Chain != nil:
		c := e.Chain
		return []Part{{Name: "problem", Text: c.Problem}, {Name: "cause", Text: c.RootCause}, {Name: "why", Text: c.Reasoning}, {Name: "fix", Text: c.Solution}}
	case e.Correction != nil:
		c := e.Correction
		return []Part{{Name: "bad", Text: c.BadCode}, {Name: "why", Text: c.BadReason}, {Name: "good", Text: c.GoodCode}, {Name: "why", Text: c.GoodReason}}
	case e.Negative != nil:
		return []Part{{Name: "not", Text: e.Negative.Pattern}, {Name: "why", Text: e.Negative.Reason}}
	}
	return nil
}

func (s *Sampled) part(name, text string) {
	switch {
	case text == "":
		return
	case len(s.Parts) == sampleParts:
		s.More++
		return
	}
	end := min(len(text), sampleText)
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	s.Parts = append(s.Parts, Part{Name: name, Text: strings.Clone(text[:end]), Cut: len(text) - end})
}

// Sample chooses, among all examples that are read, those that a run's sample has: the first ones by a hash of their ids,
// in whatever order they come. It is safe for several goroutines.
type Sample struct {
	mu     sync.Mutex
	chosen []Choice
}

// Choice is an example that a sample has.
type Choice struct {
	ID       string
	Source   int // where it was read: the index of the source
	Unit     string
	Frame    int  // of the unit's frames with examples, counted from 0
	Corrects bool // it takes the place of what was read elsewhere
	hash     uint64
}

func (c Choice) compare(other Choice) int {
	return cmp.Or(cmp.Compare(c.hash, other.hash), cmp.Compare(c.ID, other.ID))
}

// merge takes over the place of another choice of the same example, which was read elsewhere, if the example stays there: at
// the last place among corrections, else at the first.
func (c *Choice) merge(other Choice) {
	later := cmp.Or(cmp.Compare(other.Source, c.Source), cmp.Compare(other.Unit, c.Unit), cmp.Compare(other.Frame, c.Frame)) > 0
	switch {
	case other.Corrects != c.Corrects:
		later = !c.Corrects
	case !c.Corrects:
		later = !later
	}
	if later {
		*c = other
	}
}

// Offer offers the examples of a frame, all of which were read at one place. A nil sample takes none.
func (s *Sample) Offer(place Choice, items []sdk.Item) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range items {
		full := len(s.chosen) == sampleSize
		this := place
		this.ID, this.hash = item.ID, hash(item.ID)
		if full && this.hash > s.chosen[sampleSize-1].hash {
			continue
		}
		at, known := slices.BinarySearchFunc(s.chosen, this, Choice.compare)
		this.ID = strings.Clone(item.ID)
		if known {
			s.chosen[at].merge(this)
			continue
		}
		s.chosen = slices.Insert(s.chosen, at, this)
		s.chosen = s.chosen[:min(len(s.chosen), sampleSize)]
	}
}

// hash is the same in every process, so that the sample is, too.
func hash(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return h.Sum64()
}

// Chosen returns the examples in the order of the sample. A nil sample has none.
func (s *Sample) Chosen() []Choice {
	if s == nil {
		return nil
	}
	return s.chosen
}
