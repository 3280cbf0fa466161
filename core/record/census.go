package record

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

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

// NewCensus returns an empty census.
func NewCensus() *Census {
	return &Census{Types: map[string]int{}, Tasks: map[string]int{}, Tools: map[string]int{}, Sources: map[string]int{}}
}

// Add counts an example and returns its task type.
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
