package run

import (
	"maps"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// toolsets keeps the toolsets that examples name, by hash, and what calls looked like. It is safe for several goroutines.
type toolsets struct {
	mu       sync.Mutex
	sets     map[string]*sdk.Toolset
	observed sdk.Observations
}

func newToolsets() *toolsets { return &toolsets{sets: map[string]*sdk.Toolset{}} }

func (t *toolsets) add(sets []*sdk.Toolset) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, set := range sets {
		t.sets[set.Hash()] = set
	}
}

// observe takes in what a unit's calls looked like. Units end in any order, and the sum is the same.
func (t *toolsets) observe(observed *sdk.Observations) {
	if observed == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed.Merge(observed)
}

// complete is every tool that is declared, as it is declared, that an example's log defines, or that was called. It is
// known when everything is read.
func (t *toolsets) complete(declared *sdk.Toolset) *sdk.Toolset {
	t.mu.Lock()
	defer t.mu.Unlock()
	complete := &sdk.Toolset{}
	if declared != nil {
		complete.Tools = slices.Clone(declared.Tools)
	}
	add := func(definitions []sdk.ToolDefinition) {
		for _, definition := range definitions {
			if _, known := complete.Definition(definition.FullName()); !known {
				complete.Tools = append(complete.Tools, definition)
			}
		}
	}
	for _, hash := range slices.Sorted(maps.Keys(t.sets)) { // two logs that define a tool differently: one of them
		add(t.sets[hash].Tools)
	}
	add(t.observed.Definitions())
	if len(complete.Tools) == 0 {
		return nil
	}
	return complete
}

// sender returns a function for one stream: which toolsets have to travel with a frame, because its items are the first
// to name them.
func (t *toolsets) sender() func([]sdk.Item) []*sdk.Toolset {
	sent := map[string]bool{"": true}
	return func(items []sdk.Item) []*sdk.Toolset {
		var due []*sdk.Toolset
		for _, item := range items {
			if sent[item.Toolset] {
				continue
			}
			sent[item.Toolset] = true
			t.mu.Lock()
			if set := t.sets[item.Toolset]; set != nil {
				due = append(due, set)
			}
			t.mu.Unlock()
		}
		return due
	}
}
