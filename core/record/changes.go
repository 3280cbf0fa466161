package record

import (
	"cmp"
	"slices"
	"strings"
)

// Change is examples of which one thing is otherwise in the second run.
type Change struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Count int      `json:"count"`
	IDs   []string `json:"ids"` // the first ones by their order, or all
}

// changes gathers changes of one thing.
type changes struct {
	most int
	all  map[[2]string]*Change
}

func newChanges(most int) *changes { return &changes{most: most, all: map[[2]string]*Change{}} }

func (c *changes) add(from, to, id string) {
	if from == to {
		return
	}
	change := c.all[[2]string{from, to}]
	if change == nil {
		change = &Change{From: from, To: to}
		c.all[[2]string{from, to}] = change
	}
	change.Count++
	change.IDs = insert(change.IDs, id, c.most, strings.Compare)
}

// list gives the most frequent changes first.
func (c *changes) list() []Change {
	list := []Change{}
	for _, change := range c.all {
		slices.Sort(change.IDs)
		list = append(list, *change)
	}
	slices.SortFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return list
}

// insert keeps the first elements of a list by some order; most 0: all, which are left unordered.
func insert[T any](list []T, one T, most int, compare func(a, b T) int) []T {
	if most == 0 {
		return append(list, one)
	}
	at, _ := slices.BinarySearchFunc(list, one, compare)
	if at == most {
		return list
	}
	list = slices.Insert(list, at, one)
	return list[:min(len(list), most)]
}
