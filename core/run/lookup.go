package run

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// History is what the record of a run says of one example.
type History struct {
	Run    string  `json:"run"`
	ID     string  `json:"id"`
	Events []Event `json:"events"` // reading first
}

// Lookup finds an example by its id, or the beginning of it, in the records that runs of a pipeline left below a work
// folder, the latest first. The error says when there is none, or when the beginning fits several.
func Lookup(work, pipeline, id string) (*History, error) {
	folders, err := filepath.Glob(filepath.Join(work, "runs", "*"))
	if err != nil {
		return nil, fmt.Errorf("look for records of runs: %w", err)
	}
	if len(folders) == 0 {
		return nil, errors.New("no run has left a record here: ftprep run does")
	}
	slices.Sort(folders)
	slices.Reverse(folders)
	for _, folder := range folders {
		if other := pipelineOf(folder); other != "" && filepath.Base(other) != filepath.Base(pipeline) {
			continue
		}
		history, err := lookupIn(folder, id)
		if err != nil || history != nil {
			return history, err
		}
	}
	return nil, fmt.Errorf("no run of %s on record has an example %q", filepath.Base(pipeline), id)
}

// pipelineOf is the pipeline of a run; empty for one that left no summary.
func pipelineOf(folder string) string {
	var summary struct{ Pipeline string }
	data, err := os.ReadFile(filepath.Join(folder, "summary.json"))
	if err != nil || json.Unmarshal(data, &summary) != nil {
		return ""
	}
	return summary.Pipeline
}

func lookupIn(folder, id string) (*History, error) {
	file, err := os.Open(filepath.Join(folder, "examples.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("open the record of a run: %w", err)
	}
	defer file.Close()
	history := &History{Run: filepath.Base(folder)}
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadString('\n')
		if line == "" && err != nil {
			break
		}
		if !strings.Contains(line, `"id":"`+id) {
			continue
		}
		var event Event
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			continue // the last line of a run that was killed
		}
		if history.ID != "" && history.ID != event.ID {
			return nil, fmt.Errorf("the id %q fits several examples, such as %s and %s", id, history.ID, event.ID)
		}
		history.ID = event.ID
		history.Events = append(history.Events, event)
	}
	if history.ID == "" {
		return nil, nil
	}
	return history, nil
}

// File is what the run read in a file of the example's unit; nil where its record does not say.
func (h *History) File(work, name string) (*FileCounts, error) {
	file, err := os.Open(filepath.Join(work, "runs", h.Run, "files.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the record of a run: %w", err)
	}
	defer file.Close()
	read := h.Events[0]
	decoder := json.NewDecoder(file)
	for {
		var counts FileCounts
		if decoder.Decode(&counts) != nil {
			return nil, nil // the end, or the last line of a run that was killed
		}
		if counts.Source == read.Step && counts.Unit == read.Unit && counts.File == name {
			return &counts, nil
		}
	}
}
