package copies

import (
	"slices"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// recent caches the examples of the pieces that were used last.
type recent []recentPiece

type recentPiece struct {
	piece int
	items []sdk.Item
	bytes int // of its examples
}

// mostRecent is how many bytes of examples are held. The piece that was used last is held whatever its size.
const mostRecent = 2 << 20

// get returns the examples of a piece.
func (r *recent) get(from *stage.Store, piece int, c stage.Chunk) ([]sdk.Item, error) {
	at := slices.IndexFunc(*r, func(one recentPiece) bool { return one.piece == piece })
	if at == 0 {
		return (*r)[0].items, nil
	}
	found := recentPiece{piece: piece}
	if at > 0 {
		found = (*r)[at]
		*r = slices.Delete(*r, at, at+1)
	} else {
		var err error
		if found.items, err = from.Get(c); err != nil {
			return nil, err
		}
		for _, item := range found.items {
			found.bytes += len(item.Example)
		}
	}
	*r = slices.Insert(*r, 0, found)
	r.forget()
	return found.items, nil
}

// forget removes the pieces that are too many, the least recently used first.
func (r *recent) forget() {
	bytes := 0
	for i, one := range *r {
		if bytes += one.bytes; i > 0 && bytes > mostRecent {
			*r = slices.Delete(*r, i, len(*r))
			return
		}
	}
}
