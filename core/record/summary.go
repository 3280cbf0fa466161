package record

import (
	"encoding/json"
	"path/filepath"
)

// SummaryVersion is the version of the document that a [Summary] is. In version 1 the outputs' "unchanged" was called "kept".
const SummaryVersion = 2

// Summary says what a run did with every record and every example.
type Summary struct {
	Version    int             `json:"version"` // of this document
	Run        string          `json:"run,omitempty"`
	Pipeline   string          `json:"pipeline"`
	Experiment string          `json:"experiment,omitempty"`
	Sources    []*SourceCounts `json:"sources"`
	Files      []*FileCounts   `json:"files,omitempty"` // if that was asked for
	Rejects    []Cause         `json:"rejects,omitempty"`
	Tools      *ToolCounts     `json:"tools,omitempty"`
	Copies     int             `json:"copies"`                       // examples that another example holds as well
	Corrected  int             `json:"corrected,omitempty"`          // examples in whose places corrections are
	Idle       int             `json:"correcting_nothing,omitempty"` // corrections of what is not, or no longer, there; counted if all is read
	Filters    []*FilterCounts `json:"filters"`
	Added      int             `json:"added"` // by filters that replaced one example by several
	Outputs    []*OutputCounts `json:"outputs"`
	Kept       *Census         `json:"kept,omitempty"` // what the filters left
	Seconds    float64         `json:"seconds"`

	// Digests of what the filters were opened with, by address: of all options, including secret ones.
	Opened map[string]string `json:"filters_opened_with,omitempty"`
	// What the redact filters would make of texts of this summary, without texts that stay as they are. Paths are in it as they
	// are and as [Below] returns them.
	Hidden map[string]string `json:"hidden,omitempty"`
	// The options of blocks by address, except those that may hold secrets; of a long value only the digest.
	Settings map[string]Settings `json:"settings,omitempty"`
}

// Settings are values of options by name.
type Settings map[string]json.RawMessage

// Below returns the path of a file relative to a folder that it is in, however deep; else the path as it is.
func Below(folder, path string) string {
	if relative, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}

// Left counts the examples that the filters left: those that were read and added, without copies, what was corrected and what
// was dropped.
func (s *Summary) Left() int {
	_, _, left := s.Read()
	left += s.Added - s.Copies - s.Corrected
	for _, filter := range s.Filters {
		left -= filter.Dropped
	}
	return left
}

// Unreadable counts the files that could not be read to their end.
func (s *Summary) Unreadable() int {
	files := 0
	for _, source := range s.Sources {
		files += source.Unreadable
	}
	return files
}

// Read counts what the sources read: records, those of them that were rejected, and examples.
func (s *Summary) Read() (records, rejected, examples int) {
	for _, source := range s.Sources {
		records += source.Records
		rejected += source.Rejected
		examples += source.Examples
	}
	return records, rejected, examples
}
