package run

import (
	"cmp"
	"context"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// stage is what one stage of a run hands to the next: examples in order, and the store in which they wait.
type stage struct {
	pieces []piece
	store  *store
	rivals *rivals
}

// splits lists the splits of the examples that an output selects.
func (s stage) splits(selects func(source int, typ sdk.Type) bool) []string {
	var all []string
	for _, p := range s.pieces {
		for _, of := range p.chunk.splits {
			if selects(p.source, of.typ) && !slices.Contains(all, of.split) {
				all = append(all, of.split)
			}
		}
	}
	slices.Sort(all)
	return all
}

func (s stage) count() int {
	count := 0
	for _, p := range s.pieces {
		count += p.chunk.count
	}
	return count
}

// close frees the store. A zero stage has none.
func (s stage) close() {
	if s.store != nil {
		s.store.close()
	}
}

// piece is some examples of one unit, which were read in one frame. Stages map pieces to pieces and keep their order.
type piece struct {
	source int // index of the plan's source
	unit   string
	chunk
	openings []uint64 // hashes of the items' openings, and of the ids of items without one
	aliases  []uint64 // and of their aliases; 0 and nil: none
	ids      []uint64 // and of their ids; nil: nothing corrects them
}

// identify notes by which names the piece's items are known. What may be corrected is known by its id, too.
func (p *piece) identify(seed maphash.Seed, items []sdk.Item, corrected bool) {
	hash := func(name string) uint64 { return maphash.String(seed, name) | 1 } // not 0, which means none
	p.openings = make([]uint64, len(items))
	for i, item := range items {
		p.openings[i] = hash(cmp.Or(item.Opening, item.ID))
		if corrected {
			p.ids = append(p.ids, hash(item.ID))
		}
		if item.Alias != "" {
			if p.aliases == nil {
				p.aliases = make([]uint64, len(items))
			}
			p.aliases[i] = hash(item.Alias)
		}
	}
}

// position is that of an example in a stage: the index of its piece, and its index among the piece's items.
type position struct{ piece, item int }

// portion is a piece with its examples, read from the store. Nobody may change them: several may read them at once.
type portion struct {
	index int // of the piece
	piece
	items []sdk.Item
}

// portions walks a stage in order, until ctx is done.
func (s stage) portions(ctx context.Context) iter.Seq2[portion, error] {
	return func(yield func(portion, error) bool) {
		for i, p := range s.pieces {
			if ctx.Err() != nil {
				yield(portion{}, context.Cause(ctx))
				return
			}
			items, err := s.store.get(p.chunk)
			if !yield(portion{i, p, items}, err) || err != nil {
				return
			}
		}
	}
}
