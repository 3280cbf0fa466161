package run

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// A Remade example is one of an earlier run, made again.
type Remade struct {
	// As the filters leave it or, where they drop it, as the redact filters do. Keyed filters leave it, since they see no other.
	Example *sdk.Example
	Read    *sdk.Example // as its source makes it: nothing is redacted
	File    sdk.File     // the one that the example's provenance names; zero: the unit lists no such file
}

// Find makes an example again: it reads the unit that it came from and sends it through the filters. Where the unit no
// longer makes it, the result is nil.
func (j *Job) Find(ctx context.Context, source, unit, id string) (*Remade, error) {
	units, err := j.Units(ctx, 0)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if u.Source != source || u.ID != unit {
			continue
		}
		item, tools, err := j.findIn(ctx, u, id)
		if err != nil || item == nil {
			return nil, err
		}
		return j.refine(ctx, u, *item, tools)
	}
	return nil, nil
}

// opened are digests of what the filters were opened with, by address.
func (j *Job) opened() map[string]string {
	digests := map[string]string{}
	for _, filter := range j.filters {
		digests[filter.block.Address()] = hex.EncodeToString(filter.handle.Digest[:8])
	}
	return digests
}

// OtherFilters lists the filters that are not as in the run of a history, or that only one of the two has. Of a run that did
// not finish nobody knows.
func (j *Job) OtherFilters(history *record.History) []string {
	if history.Unfinished {
		return nil
	}
	now := j.opened()
	var others []string
	for address, digest := range now {
		if history.Opened[address] != digest {
			others = append(others, address)
		}
	}
	for address := range history.Opened {
		if _, there := now[address]; !there {
			others = append(others, address)
		}
	}
	slices.Sort(others)
	return others
}

// MovedFilters lists the filters that the run of a history has as well, in another order.
func (j *Job) MovedFilters(history *record.History) []string {
	now, then := []string{}, slices.Clone(history.Filters)
	for _, filter := range j.filters {
		if address := filter.block.Address(); slices.Contains(then, address) {
			now = append(now, address)
		}
	}
	then = slices.DeleteFunc(then, func(address string) bool { return !slices.Contains(now, address) })
	var moved []string
	for i, address := range now {
		if then[i] != address {
			moved = append(moved, address)
		}
	}
	return moved
}

// errFound ends a search.
var errFound = errors.New("found")

// findIn finds an example in a unit, with the toolsets that the unit sent up to it.
func (j *Job) findIn(ctx context.Context, unit Unit, id string) (*sdk.Item, *toolsets, error) {
	var found *sdk.Item
	tools, source := newToolsets(), j.sources[unit.source]
	err := source.plugin.Client().Read(ctx, source.handle, []sdk.Unit{unit.Unit}, func(frame sdk.ReadFrame) error {
		tools.add(frame.Toolsets)
		for _, item := range frame.Items {
			if item.ID == id {
				found = &item
				return errFound
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFound) {
		return nil, nil, source.plugin.Explain(err)
	}
	return found, tools, nil
}

// refine sends one example through the filters, with its toolset redacted, as in a run. What these drop stays as the redact
// filters left it.
func (j *Job) refine(ctx context.Context, unit Unit, source sdk.Item, tools *toolsets) (*Remade, error) {
	x := j.newExecution(Options{})
	if logged := tools.set(source.Toolset); logged != nil {
		x.tools.add([]*sdk.Toolset{logged})
	}
	if err := x.redactTools(ctx); err != nil {
		return nil, err
	}
	redactors := x.redactors()
	item, _, err := x.one(ctx, redactors, unit, source)
	if err != nil {
		return nil, err
	}
	if item, _, err = x.one(ctx, x.filters[len(redactors):], unit, item); err != nil {
		return nil, err
	}
	remade := &Remade{}
	if remade.Example, err = item.Decode(); err != nil {
		return nil, err
	}
	if remade.Read, err = source.Decode(); err != nil {
		return nil, err
	}
	named := func(file sdk.File) bool { return file.Name == remade.Read.Provenance.File }
	if i := slices.IndexFunc(unit.Files, named); i >= 0 {
		remade.File = unit.Files[i]
	}
	return remade, nil
}

// one sends one example through some filters, and says whether they dropped it.
func (x *execution) one(ctx context.Context, filters []*step, unit Unit, item sdk.Item) (_ sdk.Item, dropped bool, err error) {
	from := x.newStage()
	defer from.close()
	c, err := from.store.put([]sdk.Item{item})
	if err != nil {
		return item, false, err
	}
	from.pieces = []piece{{source: unit.source, unit: unit.ID, chunk: c}}
	filtered, err := x.through(ctx, filters, from)
	if err != nil {
		return item, false, err
	}
	dropped = true
	for p, err := range filtered.portions(ctx) {
		if err != nil {
			return item, false, err
		}
		for _, left := range p.items {
			if left.ID == item.ID {
				item, dropped = left, false
			}
		}
	}
	return item, dropped, nil
}
