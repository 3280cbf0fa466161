package sdk

import (
	"fmt"
	"slices"
	"sync"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// aliases are the names that a plugin gives to toolsets, each with the hash of the content where that is another. They hold
// for one stream, of a source for one unit: elsewhere something else may have the same name.
type aliases map[string]string

func (a aliases) add(name, hash string) {
	if name == hash || name == "" { // an item without a name has no toolset
		delete(a, name)
	} else {
		a[name] = hash
	}
}

// resolve has the items of a frame name toolsets by their hash. A frame whose items do so already stays as it came.
func (a aliases) resolve(frame *ReadFrame) {
	for i, set := range frame.Toolsets {
		a.add(frame.names[i], set.Hash())
	}
	if len(a) > 0 && a.resolveItems(frame.Items) {
		frame.wire, frame.items = nil, nil
	}
}

// resolveItems reports whether it changed any.
func (a aliases) resolveItems(items []Item) (changed bool) {
	for i := range items {
		if hash, ok := a[items[i].Toolset]; ok {
			items[i].nameToolset(hash)
			changed = true
		}
	}
	return changed
}

// nameToolset changes the name also in the encoded example: there the last of a field counts.
func (i *Item) nameToolset(name string) {
	w := writer{slices.Clip(i.Example)}
	w.text(11, name)
	i.Toolset, i.Example = name, w.data
}

// givenToolsets are those that a plugin may name on a stream of verdicts: those of the examples that it got, and its own.
type givenToolsets struct {
	aliases aliases
	given   map[string]*Toolset // by hash; nil: an outcome has it

	mu   sync.Mutex
	told map[string]bool // what the host calls those of the examples
}

func newGivenToolsets() *givenToolsets {
	return &givenToolsets{aliases: aliases{}, given: map[string]*Toolset{}, told: map[string]bool{"": true}}
}

// tell notes what items name that are sent.
func (g *givenToolsets) tell(items []Item) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range items {
		g.told[items[i].Toolset] = true
	}
}

// add takes toolsets that the plugin sent, with what it calls them.
func (g *givenToolsets) add(messages []*ftprepv1.Toolset, sets []*Toolset) {
	for i, set := range sets {
		hash := set.Hash()
		g.aliases.add(messages[i].Hash, hash)
		if _, known := g.given[hash]; !known {
			g.given[hash] = set
		}
	}
}

// resolve has the items of an outcome name toolsets by their hash, and adds to it those that they are the first to name.
func (g *givenToolsets) resolve(outcome *Outcome) error {
	g.aliases.resolveItems(outcome.items)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, item := range outcome.items {
		set, given := g.given[item.Toolset]
		if !given && !g.told[item.Toolset] {
			return fmt.Errorf("the plugin replaced an example by one with a toolset %q that it never sent", item.Toolset)
		}
		if set != nil {
			outcome.Toolsets = append(outcome.Toolsets, set)
			g.given[item.Toolset] = nil
		}
	}
	return nil
}
