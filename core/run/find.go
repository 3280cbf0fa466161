package run

import (
	"context"
	"errors"
	"slices"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// A Remade is an example of an earlier run, made again.
type Remade struct {
	// Example is as the filters leave it or, if they drop it, as the redact filters leave it. Keyed filters do not drop it, since
	// they see no other.
	Example *sdk.Example
	Read    *sdk.Example // as its source makes it, not redacted
	File    sdk.File     // the file that the example's provenance names; zero: the unit lists no such file
}

// Find makes an example again: it reads the unit that the example came from and sends the example through the filters. It
// returns nil if the unit does not make the example any more.
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
		return j.filterAgain(ctx, u, *item, tools)
	}
	return nil, nil
}

// errFound ends the reading of a unit when the example is found.
var errFound = errors.New("found")

// findIn finds an example in a unit and returns it with the toolsets that the unit sent until then. Of several corrections with
// the id, the last counts.
func (j *Job) findIn(ctx context.Context, unit Unit, id string) (*sdk.Item, *toolsets, error) {
	var found *sdk.Item
	tools, source := newToolsets(), j.sources[unit.source]
	err := source.plugin.Client().Read(ctx, source.handle, []sdk.Unit{unit.Unit}, func(frame sdk.ReadFrame) error {
		tools.add(frame.Toolsets)
		for _, item := range frame.Items {
			if item.ID != id {
				continue
			}
			if found = &item; !j.plan.Sources[unit.source].Corrects {
				return errFound
			}
			plain, err := unjudged([]sdk.Item{item})
			if err != nil {
				return err
			}
			found = &plain[0]
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFound) {
		return nil, nil, source.plugin.Explain(err)
	}
	return found, tools, nil
}

// filterAgain sends one example through the filters, with its toolset redacted, as in a run. If they drop it, it stays as the
// redact filters left it.
func (j *Job) filterAgain(ctx context.Context, unit Unit, source sdk.Item, tools *toolsets) (*Remade, error) {
	x := j.newExecution(Options{})
	if logged := tools.set(source.Toolset); logged != nil {
		x.tools.add([]*sdk.Toolset{logged})
	}
	if err := x.redactTools(ctx); err != nil {
		return nil, err
	}
	redactors := x.redactors()
	item, _, err := x.filterOne(ctx, redactors, unit, source)
	if err != nil {
		return nil, err
	}
	if item, _, err = x.filterOne(ctx, x.filters[len(redactors):], unit, item); err != nil {
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

// filterOne sends one example through some filters and reports whether they dropped it. A dropped example is returned as it
// was.
func (x *execution) filterOne(ctx context.Context, filters []*step, unit Unit, item sdk.Item) (_ sdk.Item, dropped bool, err error) {
	from := x.newStage()
	defer from.Close()
	c, err := from.Store.Put([]sdk.Item{item})
	if err != nil {
		return item, false, err
	}
	from.Pieces = []stage.Piece{{Source: unit.source, Unit: unit.ID, Chunk: c}}
	filtered, err := x.through(ctx, filters, from)
	if err != nil {
		return item, false, err
	}
	dropped = true
	for p, err := range filtered.Portions(ctx) {
		if err != nil {
			return item, false, err
		}
		for _, left := range p.Items {
			if left.ID == item.ID {
				item, dropped = left, false
			}
		}
	}
	return item, dropped, nil
}
