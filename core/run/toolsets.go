package run

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// toolsets keeps the toolsets that examples name, by their hash before redaction, and what calls looked like. It is safe for
// several goroutines.
type toolsets struct {
	mu       sync.Mutex
	sets     map[string]*sdk.Toolset
	observed sdk.Observations // of all units
	learned  *sdk.Toolset     // from the observations, redacted; nil: not redacted
	declared *sdk.Toolset     // in the pipeline, redacted; nil: not redacted
}

func newToolsets() *toolsets { return &toolsets{sets: map[string]*sdk.Toolset{}} }

// clone returns a copy for another job that shares the reading, because filters add sets and redaction replaces them. The copy
// shares what was observed, since nothing is added to it after the reading.
func (t *toolsets) clone() *toolsets {
	t.mu.Lock()
	defer t.mu.Unlock()
	return &toolsets{sets: maps.Clone(t.sets), observed: t.observed, learned: t.learned, declared: t.declared}
}

// add takes in toolsets that a plugin sent.
func (t *toolsets) add(sets []*sdk.Toolset) {
	if len(sets) == 0 { // as nearly always: every verdict may have some
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, set := range sets {
		if hash := set.Hash(); t.sets[hash] == nil { // the one that is there may be redacted
			t.sets[hash] = set
		}
	}
}

// set returns a toolset by its hash, or nil if there is none.
func (t *toolsets) set(hash string) *sdk.Toolset {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sets[hash]
}

// observe adds what a unit's calls looked like. The sum is the same in whatever order units end.
func (t *toolsets) observe(observed *sdk.Observations) {
	if observed == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed.Merge(observed)
}

// complete returns all tools, or nil if there are none. Each has its first definition: as declared, as the log of some example
// defines it, or as learned from calls. It may be called when everything is read.
func (t *toolsets) complete(declared *sdk.Toolset) (*sdk.Toolset, *record.ToolCounts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	complete, counts := &sdk.Toolset{}, &record.ToolCounts{Beyond: t.observed.More()}
	if set := cmp.Or(t.declared, declared); set != nil {
		complete.Tools, counts.Declared = slices.Clone(set.Tools), len(set.Tools)
	}
	for _, hash := range slices.Sorted(maps.Keys(t.sets)) { // sorted: of different definitions in logs, the same one always wins
		addUnknown(complete, complete, t.sets[hash].Tools)
	}
	counts.Undeclared = undeclared(declared, t.observed.Arguments())
	defined := *complete // without learned tools: one that names no server must not stand for those of all servers
	counts.Learned = addUnknown(complete, &defined, t.learnedTools())
	if len(complete.Tools) == 0 {
		return nil, counts
	}
	return complete, counts
}

// learnedTools returns the tools that are learned from calls, redacted if they were sent through the redact filters.
func (t *toolsets) learnedTools() []sdk.ToolDefinition {
	if t.learned != nil {
		return t.learned.Tools
	}
	return t.observed.Definitions()
}

// undeclared returns, by tool, the arguments of calls that the tool's declared schema does not have. A schema that lists no
// properties, or says that there may be others, has them all.
func undeclared(declared *sdk.Toolset, passed map[string][]string) map[string][]string {
	strange := map[string][]string{}
	for name, arguments := range passed {
		definition, ok := declared.Definition(name)
		var schema struct {
			Properties map[string]json.RawMessage `json:"properties"`
			Others     json.RawMessage            `json:"additionalProperties"`
		}
		if !ok || json.Unmarshal(definition.Schema, &schema) != nil || schema.Properties == nil {
			continue
		}
		if len(schema.Others) > 0 && string(schema.Others) != "false" {
			continue
		}
		for _, argument := range arguments {
			if _, ok := schema.Properties[argument]; !ok {
				strange[name] = append(strange[name], argument)
			}
		}
	}
	if len(strange) == 0 {
		return nil
	}
	return strange
}

// addUnknown adds to a toolset those definitions of tools that known does not have, and returns how many it added.
func addUnknown(set, known *sdk.Toolset, definitions []sdk.ToolDefinition) int {
	before := len(set.Tools)
	for _, definition := range definitions {
		if _, has := known.Definition(definition.FullName()); !has {
			set.Tools = append(set.Tools, definition)
		}
	}
	return len(set.Tools) - before
}

// sender returns a function for one stream. It returns the toolsets that have to travel with a frame, by name, because the
// frame's items are the first to name them.
func (t *toolsets) sender() func(frame) map[string]*sdk.Toolset {
	sent := map[string]bool{"": true}
	return func(f frame) map[string]*sdk.Toolset {
		due := map[string]*sdk.Toolset{}
		for i, item := range f.items {
			if sent[item.Toolset] {
				continue
			}
			sent[item.Toolset] = true
			if set := cmp.Or(f.shapedToolset(i), t.set(item.Toolset)); set != nil {
				due[item.Toolset] = set
			}
		}
		return due
	}
}
