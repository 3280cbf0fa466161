package record

import (
	"cmp"
	"slices"
	"strings"
)

// Change counts the examples that differ in the same way between two runs: something about them was From in the first and is
// To in the second.
type Change struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Count int      `json:"count"`
	IDs   []string `json:"ids"` // the first ones in order, or all
}

// changes gathers the changes of one thing, such as the type of examples.
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

// list returns the changes, the most frequent first.
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

// insert inserts into an ordered list and keeps up to most elements, the first ones. If most is 0, it keeps all, unordered.
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
