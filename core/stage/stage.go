// Package stage keeps the examples of a run between two of its stages: in memory up to a limit, and on the disk beyond it.
package stage

import (
	"cmp"
	"context"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// A Stage is what one stage of a run hands to the next: examples in order, and the store in which they wait.
type Stage struct {
	Pieces []Piece
	Store  *Store
	Rivals *Rivals
}

// Splits lists the splits of the examples that an output selects.
func (s Stage) Splits(selects func(source int, typ sdk.Type) bool) []string {
	var all []string
	for _, p := range s.Pieces {
		for _, of := range p.Chunk.splits {
			if selects(p.Source, of.typ) && !slices.Contains(all, of.split) {
				all = append(all, of.split)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Count returns the number of examples.
func (s Stage) Count() int {
	count := 0
	for _, p := range s.Pieces {
		count += p.Chunk.count
	}
	return count
}

// Close frees the store. A zero stage has none.
func (s Stage) Close() {
	if s.Store != nil {
		s.Store.Close()
	}
}

// A Piece is some examples of one unit, which were read in one frame. Stages map pieces to pieces and keep their order.
type Piece struct {
	Source int // index of the plan's source
	Unit   string
	Chunk
	Openings []uint64 // hashes of the items' openings, and of the ids of items without one
	Aliases  []uint64 // and of their aliases; 0 and nil: none
	IDs      []uint64 // and of their ids; nil: nothing corrects them
}

// Identify notes the names by which the piece's items are known. If they may be corrected, their ids are among them.
func (p *Piece) Identify(seed maphash.Seed, items []sdk.Item, corrected bool) {
	hash := func(name string) uint64 { return maphash.String(seed, name) | 1 } // not 0, which means none
	p.Openings = make([]uint64, len(items))
	for i, item := range items {
		p.Openings[i] = hash(cmp.Or(item.Opening, item.ID))
		if corrected {
			p.IDs = append(p.IDs, hash(item.ID))
		}
		if item.Alias != "" {
			if p.Aliases == nil {
				p.Aliases = make([]uint64, len(items))
			}
			p.Aliases[i] = hash(item.Alias)
		}
	}
}

// A Position is the place of an example in a stage: the index of its piece, and its index among the piece's items.
type Position struct{ Piece, Item int }

// A Portion is a piece with its examples, read from the store. Nobody may change them: several may read them at once.
type Portion struct {
	Index int // of the piece
	Piece
	Items []sdk.Item
}

// Portions yields the portions of a stage in order, until ctx is done.
func (s Stage) Portions(ctx context.Context) iter.Seq2[Portion, error] {
	return func(yield func(Portion, error) bool) {
		for i, p := range s.Pieces {
			if ctx.Err() != nil {
				yield(Portion{}, context.Cause(ctx))
				return
			}
			items, err := s.Store.Get(p.Chunk)
			if !yield(Portion{i, p, items}, err) || err != nil {
				return
			}
		}
	}
}
