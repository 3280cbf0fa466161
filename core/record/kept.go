package record

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// Kept is one line of a run's record of what its filters left: an example, and what they may have changed about it.
type Kept struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	TaskType string   `json:"task_type"`
	Split    string   `json:"split,omitempty"`
	Score    *float64 `json:"score,omitempty"` // nil: nothing scored it
}

// Kept takes examples that the filters left. There may be as many as were read, so what is the same in neighbours is encoded
// once.
func (w *Writer) Kept(items []sdk.Item, taskTypes []string) {
	if w == nil {
		return
	}
	lines := make([]byte, 0, 96*len(items))
	var rest []byte
	var err error
	for i, item := range items {
		if i == 0 || item.Type != items[i-1].Type || taskTypes[i] != taskTypes[i-1] || item.Split != items[i-1].Split {
			kept, _ := json.Marshal(Kept{Type: string(item.Type), TaskType: taskTypes[i], Split: item.Split}) // texts can always be encoded
			rest = bytes.TrimSuffix(bytes.TrimPrefix(kept, []byte(`{"id":""`)), []byte("}"))
		}
		if lines, err = jsontext.AppendQuote(append(lines, `{"id":`...), item.ID); err != nil {
			break
		}
		lines = append(lines, rest...)
		if item.Quality != nil {
			lines = strconv.AppendFloat(append(lines, `,"score":`...), *item.Quality, 'g', -1, 64)
		}
		lines = append(lines, "}\n"...)
	}
	w.kept.append(lines, err)
}
