package run

import (
	"cmp"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// copies finds copies of one conversation in several files: examples with the same opening. Of these the one with the
// most answered calls stays, of equals the earliest. Another one whose calls the stayers all have is a copy and leaves;
// one with calls of its own is a branch and stays, labelled, with what it shares masked. One that some output takes without
// the stayers stays as it is, a rival of theirs.
type copies struct {
	store  *store
	rivals *rivals
}

// twin is one of several examples with the same opening.
type twin struct {
	piece, item int
	source      int
	toolset     string // hash
	example     *sdk.Example
}

// fate is what becomes of a twin.
type fate struct {
	copyOf string    // it leaves, because that example has it all
	item   *sdk.Item // it stays, changed
}

// resolve maps pieces to pieces without copies, and reports each copy that left.
func (c *copies) resolve(pieces []piece, left func(piece, sdk.Item, string)) ([]piece, error) {
	fates, err := c.fates(pieces)
	if err != nil {
		return nil, err
	}
	for i := range pieces {
		if fates[i] == nil {
			continue
		}
		items, err := c.store.get(pieces[i].chunk)
		if err != nil {
			return nil, err
		}
		var rest []sdk.Item
		keep, changed := make([]bool, len(items)), false
		for j, item := range items {
			f := fates[i][j]
			if f.copyOf != "" {
				left(pieces[i], item, f.copyOf)
				continue
			}
			if f.item != nil {
				item, changed = *f.item, true
			}
			rest, keep[j] = append(rest, item), true
		}
		if changed {
			pieces[i].chunk, err = c.store.put(rest)
		} else {
			pieces[i].chunk, err = c.store.narrow(pieces[i].chunk, items, keep)
		}
		if err != nil {
			return nil, err
		}
	}
	return pieces, nil
}

// fates decides about all twins; by piece and item.
func (c *copies) fates(pieces []piece) (map[int]map[int]fate, error) {
	seen := map[uint64]int{}
	for _, p := range pieces {
		for _, opening := range p.openings {
			if opening != 0 {
				seen[opening]++
			}
		}
	}
	groups := map[string][]twin{}
	for i, p := range pieces {
		if err := c.gather(i, p, seen, groups); err != nil {
			return nil, err
		}
	}
	fates := map[int]map[int]fate{}
	for _, twins := range groups {
		c.decide(twins, fates)
	}
	return fates, nil
}

// gather decodes the items of a piece whose opening was seen more than once.
func (c *copies) gather(i int, p piece, seen map[uint64]int, groups map[string][]twin) error {
	if !slices.ContainsFunc(p.openings, func(opening uint64) bool { return seen[opening] > 1 }) {
		return nil
	}
	items, err := c.store.get(p.chunk)
	if err != nil {
		return err
	}
	for j, item := range items {
		if seen[p.openings[j]] < 2 {
			continue
		}
		item.Example = slices.Clone(item.Example) // a twin must not keep the others of its frame in memory
		example, err := item.Decode()
		if err != nil {
			return err
		}
		groups[item.Opening] = append(groups[item.Opening], twin{
			piece: i, item: j, source: p.source, toolset: item.Toolset, example: example,
		})
	}
	return nil
}

// decide decides about the twins of one opening.
func (c *copies) decide(twins []twin, fates map[int]map[int]fate) {
	slices.SortStableFunc(twins, func(a, b twin) int {
		return cmp.Or(
			cmp.Compare(len(b.example.Identity.Calls), len(a.example.Identity.Calls)),
			cmp.Compare(length(b.example), length(a.example)), // a copy may end before the last words
			a.example.Provenance.Time.Compare(b.example.Provenance.Time),
		)
	})
	var stayers []twin
	for _, t := range twins {
		f, stays := c.against(t, stayers)
		if fates[t.piece] == nil {
			fates[t.piece] = map[int]fate{}
		}
		fates[t.piece][t.item] = f
		if stays {
			stayers = append(stayers, t)
		}
	}
}

// against decides about a twin beside those that stay. Only those count that every output takes which takes the twin.
func (c *copies) against(t twin, all []twin) (fate, bool) {
	stayers := slices.DeleteFunc(slices.Clone(all), func(s twin) bool {
		return !c.rivals.covers(c.rivals.group(s.source), c.rivals.group(t.source))
	})
	known := callsOf(stayers)
	switch {
	case len(stayers) > 0 && !t.hasOwn(known):
		return fate{copyOf: stayers[0].example.ID}, false
	case len(all) > len(stayers) && !t.hasOwn(callsOf(all)):
		var groups []int
		for _, s := range all {
			groups = append(groups, c.rivals.group(s.source))
		}
		c.rivals.add(t.source, t.example.ID, groups)
	}
	if len(stayers) == 0 {
		return fate{}, true
	}
	maskShared(t.example, stayers[0].example, known)
	if !slices.Contains(t.example.Labels, sdk.LabelBranch) { // an earlier run may have found it
		t.example.Labels = append(t.example.Labels, sdk.LabelBranch)
	}
	item := sdk.NewItem(t.example)
	item.Toolset = t.toolset
	return fate{item: &item}, true
}

// length is how much an example says, besides the earlier turns that it shows.
func length(e *sdk.Example) int {
	length := 0
	for i := range e.Messages {
		if m := &e.Messages[i]; !m.Masked {
			length += len(m.Text) + len(m.Thinking)
		}
	}
	return length
}

func callsOf(twins []twin) map[string]bool {
	calls := map[string]bool{}
	for _, t := range twins {
		for _, call := range t.example.Identity.Calls {
			calls[call] = true
		}
	}
	return calls
}

// hasOwn reports whether a twin has an answered call that is not known.
func (t twin) hasOwn(known map[string]bool) bool {
	return slices.ContainsFunc(t.example.Identity.Calls, func(call string) bool { return !known[call] })
}

// maskShared masks the messages that a branch has in common with a stayer: those they both begin with, and those whose
// calls, or the call that they answer, are known already.
func maskShared(branch, stayer *sdk.Example, known map[string]bool) {
	common := true
	for i := range branch.Messages {
		m := &branch.Messages[i]
		common = common && i < len(stayer.Messages) && sameMessage(*m, stayer.Messages[i])
		own := slices.ContainsFunc(m.Calls, func(call sdk.Call) bool { return !known[call.ID] })
		if common || known[m.CallID] || len(m.Calls) > 0 && !own {
			m.Masked = true
		}
	}
}

func sameMessage(a, b sdk.Message) bool {
	sameCall := func(x, y sdk.Call) bool { return x.ID == y.ID }
	return a.Role == b.Role && a.Text == b.Text && a.CallID == b.CallID && slices.EqualFunc(a.Calls, b.Calls, sameCall)
}
