// Package copies resolves copies of one conversation, which are in several files because a session was resumed or forked, or
// because two sources read the same logs, so that each turn is learned once. What somebody corrected by hand takes the place
// of what a log says.
//
// Examples with the same opening are called twins here. Of these the one with the most answered calls stays; of equals the one
// that says most, then the earliest. The others are compared with those that stay already. One without calls or words of its
// own is a copy and leaves. One with calls or words of its own is a branch: it stays, labelled, and what it shares is masked.
//
// A twin only leaves, or is masked, because of twins that go into every output that it goes into. If other twins are needed
// as well to hold all of its calls, it stays as their rival; see [stage.Rivals].
package copies

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// An Instead is the example because of which another one leaves.
type Instead struct {
	ID       string
	Source   int
	Corrects bool // it corrects the one that leaves; else it holds all of it
}

// Resolve returns the pieces of a stage without copies and without what is corrected, and calls left for each example that
// leaves. The examples that stay go by the names of their originals; correcting counts those that correct something.
func Resolve(ctx context.Context, among stage.Stage, left func(stage.Piece, sdk.Item, Instead)) (_ []stage.Piece, correcting int, _ error) {
	c := newComparison(among)
	fates, err := c.fates(ctx)
	if err != nil {
		return nil, 0, err
	}
	for at := range c.correcting {
		if !fates[at.Piece][at.Item].leaves() {
			correcting++
		}
	}
	resolved := slices.Clone(c.Pieces)
	for i, p := range c.Pieces {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		if fates[i] == nil && c.names.same() {
			continue
		}
		if resolved[i].Chunk, err = c.settle(p, fates[i], left); err != nil {
			return nil, 0, err
		}
	}
	return resolved, correcting, nil
}

// comparison is what is known of the twins of a stage.
type comparison struct {
	stage.Stage
	seed       maphash.Seed
	names      names
	correcting map[stage.Position]bool // corrections of something
	recent     recent                  // copies of a file have one order, so pieces are asked for several times in a row
}

func newComparison(among stage.Stage) *comparison {
	return &comparison{
		Stage: among, seed: maphash.MakeSeed(), names: names{joined[string]{}, joined[string]{}}, correcting: map[stage.Position]bool{},
	}
}

// fate is what becomes of a twin. If it is zero, the twin stays as it is.
type fate struct {
	by       Instead // it leaves, because of that example; zero: it stays
	branchOf []*twin // it stays as a branch of those among these that go into every output of its source; see [comparison.covering]
}

func (f fate) leaves() bool { return f.by.ID != "" }

// fates holds the fates of twins by piece and item, without those that are zero.
type fates map[int]map[int]fate

func (f fates) of(t *twin) fate { return f[t.Piece][t.Item] }

func (f fates) set(t *twin, to fate) {
	if f[t.Piece] == nil {
		f[t.Piece] = map[int]fate{}
	}
	f[t.Piece][t.Item] = to
}

// settle returns what stays of a piece.
func (c *comparison) settle(p stage.Piece, fates map[int]fate, left func(stage.Piece, sdk.Item, Instead)) (stage.Chunk, error) {
	items, err := c.Store.Get(p.Chunk)
	if err != nil {
		return stage.Chunk{}, err
	}
	var rest []sdk.Item
	keep, changed := make([]bool, len(items)), false
	for i, item := range items {
		f := fates[i]
		if f.leaves() {
			left(p, item, f.by)
			continue
		}
		if f.branchOf != nil || !c.names.same() {
			adjusted, err := c.adjust(item, c.covering(p.Source, f.branchOf))
			if err != nil {
				return stage.Chunk{}, err
			}
			changed = changed || adjusted != nil
			item = *cmp.Or(adjusted, &item)
		}
		rest, keep[i] = append(rest, item), true
	}
	if changed {
		return c.Store.Put(rest)
	}
	return c.Store.Narrow(p.Chunk, items, keep)
}

// fates decides about all twins.
func (c *comparison) fates(ctx context.Context) (fates, error) {
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
func (c *comparison) decide(twins []*twin, fates fates) error {
	corrections, others := c.separate(twins)
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
	for _, t := range append(stayers, correcting...) { // branches of theirs are masked later, by calls and beginnings alone
		t.said, t.heads = nil, nil
	}
	return nil
}

// compare decides about twins, of which either all or none are corrections, and returns those that stay. If none has an
// opening, nothing tells whether they are copies, and all stay.
func (c *comparison) compare(twins []*twin, fates fates) (stayers []*twin, err error) {
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
		f, err := c.decideOne(t, stayers)
		if err != nil {
			return nil, err
		}
		if !f.leaves() {
			stayers = append(stayers, t)
		}
		if f.leaves() || f.branchOf != nil {
			fates.set(t, f)
		}
	}
	return stayers, nil
}

// decideOne decides about a twin, given all twins that stay so far.
func (c *comparison) decideOne(t *twin, all []*twin) (fate, error) {
	stayers := c.covering(t.source, all)
	if len(stayers) > 0 {
		more, err := c.teachesMore(t, stayers)
		if err != nil {
			return fate{}, err
		}
		if !more {
			return fate{by: Instead{ID: stayers[0].id, Source: stayers[0].source}}, nil
		}
	}
	if len(all) > len(stayers) && !t.hasOwn(callsOf(all)) { // others hold the rest, but not all of its outputs take those
		var groups []int
		for _, s := range all {
			groups = append(groups, c.Rivals.Group(s.source))
		}
		c.Rivals.Add(t.source, t.id, groups)
	}
	if len(stayers) == 0 {
		return fate{}, nil
	}
	return fate{branchOf: all}, nil
}

// teachesMore reports whether a twin has answered calls or words that none of those that stay has.
func (c *comparison) teachesMore(t *twin, stayers []*twin) (bool, error) {
	if t.hasOwn(callsOf(stayers)) {
		return true, nil
	}
	return c.saysMore(t, stayers)
}

// item returns the example at a position.
func (c *comparison) item(at stage.Position) (sdk.Item, error) {
	items, err := c.recent.get(c.Store, at.Piece, c.Pieces[at.Piece].Chunk)
	if err != nil {
		return sdk.Item{}, err
	}
	return items[at.Item], nil
}

// covering returns those twins that go into every output that a source goes into: only these can replace one of the source's
// examples.
func (c *comparison) covering(source int, twins []*twin) []*twin {
	group := c.Rivals.Group(source)
	return slices.DeleteFunc(slices.Clone(twins), func(t *twin) bool { return !c.Rivals.Covers(c.Rivals.Group(t.source), group) })
}
