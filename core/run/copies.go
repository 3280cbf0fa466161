package run

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// copies finds copies of one conversation in several files: examples with the same opening, called twins here. Of these the
// one with the most answered calls stays, of equals the earliest. The others are compared with those that stay already. One
// that has no calls and words besides theirs is a copy and leaves. One with calls or words of its own is a branch: it
// stays, labelled, and what it shares is masked.
//
// A twin only leaves, or is masked, for the sake of twins that go into every output that it goes into. Where others are
// needed as well to hold all of its calls, it stays as their rival; see [rivals].
type copies struct {
	stage
	seed   maphash.Seed
	names  names
	recent recent // copies of one file stand in one order, so what a place holds is asked for several times in a row
}

func newCopies(among stage) *copies {
	return &copies{stage: among, seed: maphash.MakeSeed(), names: names{joined[string]{}, joined[string]{}}}
}

// fate is what becomes of a twin. A zero one stays as it is.
type fate struct {
	copyOf    string  // it leaves, because that example has it all
	corrected *twin   // it leaves, because that one takes its place
	branchOf  []*twin // it stays, changed: a branch of those of these that count for its source; see [copies.counting]
}

func (f fate) leaves() bool { return f.copyOf != "" || f.corrected != nil }

// fates are those of twins by piece and item; without those that are zero.
type fates map[int]map[int]fate

func (f fates) of(t *twin) fate { return f[t.piece][t.item] }

func (f fates) set(t *twin, to fate) {
	if f[t.piece] == nil {
		f[t.piece] = map[int]fate{}
	}
	f[t.piece][t.item] = to
}

// resolve gives the pieces without copies, and reports each copy that left, with its fate.
func (c *copies) resolve(ctx context.Context, left func(piece, sdk.Item, fate)) ([]piece, error) {
	fates, err := c.fates(ctx)
	if err != nil {
		return nil, err
	}
	resolved := slices.Clone(c.pieces)
	for i, p := range c.pieces {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if fates[i] == nil && c.names.same() {
			continue
		}
		if resolved[i].chunk, err = c.settle(p, fates[i], left); err != nil {
			return nil, err
		}
	}
	return resolved, nil
}

// settle gives what stays of one of the pieces.
func (c *copies) settle(p piece, fates map[int]fate, left func(piece, sdk.Item, fate)) (chunk, error) {
	items, err := c.store.get(p.chunk)
	if err != nil {
		return chunk{}, err
	}
	var rest []sdk.Item
	keep, changed := make([]bool, len(items)), false
	for i, item := range items {
		f := fates[i]
		if f.leaves() {
			left(p, item, f)
			continue
		}
		if f.branchOf != nil || !c.names.same() {
			adjusted, err := c.adjust(item, c.counting(p.source, f.branchOf))
			if err != nil {
				return chunk{}, err
			}
			changed = changed || adjusted != nil
			item = *cmp.Or(adjusted, &item)
		}
		rest, keep[i] = append(rest, item), true
	}
	if changed {
		return c.store.put(rest)
	}
	return c.store.narrow(p.chunk, items, keep)
}

// fates decides about all twins.
func (c *copies) fates(ctx context.Context) (fates, error) {
	fates := fates{}
	for _, places := range c.groups() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		openings, err := c.twins(places)
		if err != nil {
			return nil, err
		}
		for _, twins := range openings {
			if err := c.decide(twins, fates); err != nil {
				return nil, err
			}
		}
	}
	return fates, nil
}

// decide decides about the twins of one opening, or of one id.
func (c *copies) decide(twins []*twin, fates fates) error {
	corrections, others := c.parted(twins)
	corrections = c.latest(corrections, fates)
	stayers, err := c.compare(others, fates)
	if err != nil {
		return err
	}
	c.correct(others, stayers, corrections, fates)
	correcting, err := c.compare(corrections, fates)
	if err != nil {
		return err
	}
	for _, t := range append(stayers, correcting...) { // a branch of theirs is changed later, by calls and beginnings alone
		t.said, t.heads = nil, nil
	}
	return nil
}

// compare decides about twins that correct nothing, or that all do, and gives those that stay. Without an opening nothing tells
// whether they are copies.
func (c *copies) compare(twins []*twin, fates fates) (stayers []*twin, err error) {
	if !slices.ContainsFunc(twins, func(t *twin) bool { return t.opening != "" }) {
		return twins, nil
	}
	slices.SortStableFunc(twins, func(a, b *twin) int {
		return cmp.Or(
			cmp.Compare(len(b.calls), len(a.calls)),
			cmp.Compare(b.length, a.length),         // a copy may end before the last words
			cmp.Compare(len(b.begun), len(a.begun)), // or lack what the program told the model
			a.time.Compare(b.time),
			cmp.Compare(a.alias, b.alias), // an original has none, and keeps its id when copies of it come and go
		)
	})
	for _, t := range twins {
		f, err := c.against(t, stayers)
		if err != nil {
			return nil, err
		}
		if f.copyOf == "" {
			stayers = append(stayers, t)
		}
		if f.copyOf != "" || f.branchOf != nil {
			fates.set(t, f)
		}
	}
	return stayers, nil
}

// against decides about a twin, given all that stay so far.
func (c *copies) against(t *twin, all []*twin) (fate, error) {
	stayers := c.counting(t.source, all)
	own := t.hasOwn(callsOf(stayers))
	if !own && len(stayers) > 0 {
		var err error
		if own, err = c.saysMore(t, stayers); err != nil {
			return fate{}, err
		}
	}
	switch {
	case len(stayers) > 0 && !own:
		return fate{copyOf: stayers[0].id}, nil
	case len(all) > len(stayers) && !t.hasOwn(callsOf(all)):
		var groups []int
		for _, s := range all {
			groups = append(groups, c.rivals.group(s.source))
		}
		c.rivals.add(t.source, t.id, groups)
	}
	if len(stayers) == 0 {
		return fate{}, nil
	}
	return fate{branchOf: all}, nil
}

// item gives the example at a position.
func (c *copies) item(at position) (sdk.Item, error) {
	items, err := c.recent.get(c.store, at.piece, c.pieces[at.piece].chunk)
	if err != nil {
		return sdk.Item{}, err
	}
	return items[at.item], nil
}

// counting gives those of some twins that go into every output that a source goes into: only these can replace one of its
// examples.
func (c *copies) counting(source int, twins []*twin) []*twin {
	group := c.rivals.group(source)
	return slices.DeleteFunc(slices.Clone(twins), func(t *twin) bool { return !c.rivals.covers(c.rivals.group(t.source), group) })
}
