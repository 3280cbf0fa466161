package sdk

import "slices"

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
