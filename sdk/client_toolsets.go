package sdk

import (
	"fmt"
	"slices"
	"sync"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// aliases holds the names that a plugin gives to toolsets, with the hashes of their content, unless the name is the hash.
// They hold for one stream, or for one unit of a source: elsewhere the same name may mean another toolset.
type aliases map[string]string

func (a aliases) add(name, hash string) {
	if name == hash || name == "" { // an item with an empty name has no toolset
		delete(a, name)
	} else {
		a[name] = hash
	}
}

// resolve changes the names of toolsets in the items of a frame to hashes. A frame whose items already use hashes stays
// as it came.
func (a aliases) resolve(frame *ReadFrame) {
	for i, set := range frame.Toolsets {
		a.add(frame.names[i], set.Hash())
	}
	if len(a) > 0 && a.resolveItems(frame.Items) {
		frame.wire, frame.items = nil, nil
	}
}

// resolveItems does the same for items, and reports whether it has changed any.
func (a aliases) resolveItems(items []Item) (changed bool) {
	for i := range items {
		if hash, ok := a[items[i].Toolset]; ok {
			items[i].nameToolset(hash)
			changed = true
		}
	}
	return changed
}

// nameToolset changes the name of the item's toolset, also in the encoded example, where the last of several fields
// counts.
func (i *Item) nameToolset(name string) {
	w := writer{slices.Clip(i.Example)}
	w.text(11, name)
	i.Toolset, i.Example = name, w.data
}

// givenToolsets holds the toolsets that a plugin may name on a stream of verdicts: those of the examples it was sent, and
// those it has sent itself.
type givenToolsets struct {
	aliases  aliases
	received map[string]*Toolset // those that the plugin has sent, by hash; nil once an outcome has it, because each is passed on once

	mu        sync.Mutex
	sentNames map[string]bool // the host's names for those of the examples that it has sent
}

func newGivenToolsets() *givenToolsets {
	return &givenToolsets{aliases: aliases{}, received: map[string]*Toolset{}, sentNames: map[string]bool{"": true}}
}

// noteSent notes the names of toolsets in items that are sent.
func (g *givenToolsets) noteSent(items []Item) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range items {
		g.sentNames[items[i].Toolset] = true
	}
}

// add adds toolsets that the plugin sent. messages holds its names for them.
func (g *givenToolsets) add(messages []*ftprepv1.Toolset, sets []*Toolset) {
	for i, set := range sets {
		hash := set.Hash()
		g.aliases.add(messages[i].Hash, hash)
		if _, known := g.received[hash]; !known {
			g.received[hash] = set
		}
	}
}

// resolve changes the names of toolsets in the items of an outcome to hashes, and adds to the outcome those sets that its
// items are the first to name.
func (g *givenToolsets) resolve(outcome *Outcome) error {
	g.aliases.resolveItems(outcome.items)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, item := range outcome.items {
		set, received := g.received[item.Toolset]
		if !received && !g.sentNames[item.Toolset] {
			return fmt.Errorf("the plugin replaced an example by one with a toolset %q that it never sent", item.Toolset)
		}
		if set != nil {
			outcome.Toolsets = append(outcome.Toolsets, set)
			g.received[item.Toolset] = nil
		}
	}
	return nil
}
