package run

import (
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// toolsets keeps the toolsets that examples name, by hash. It is safe for several goroutines.
type toolsets struct {
	mu   sync.Mutex
	sets map[string]*sdk.Toolset
}

func newToolsets() *toolsets { return &toolsets{sets: map[string]*sdk.Toolset{}} }

func (t *toolsets) add(sets []*sdk.Toolset) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, set := range sets {
		t.sets[set.Hash()] = set
	}
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
