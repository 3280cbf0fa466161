package sdk

import (
	"cmp"
	"maps"
	"slices"
)

// inherit gives an example that a filter has made the source and the provenance of the one that it replaces. A copy of that one
// has its provenance already: what the filter took out of it stays out.
func (e *Example) inherit(from *Example) {
	if p := &e.Provenance; p.Plugin == "" && p.Records == 0 { // it was made from nothing
		own := *p
		*p = from.Provenance
		p.RecordIDs, p.Removed = slices.Clone(p.RecordIDs), maps.Clone(p.Removed)
		p.Model = cmp.Or(own.Model, p.Model)
		if !own.Time.IsZero() {
			p.Time = own.Time
		}
		if own.Removed != nil {
			p.Removed = own.Removed
		}
		e.SourceFile = cmp.Or(e.SourceFile, from.SourceFile)
	}
	e.SourceFile = cmp.Or(e.SourceFile, e.Provenance.File)
	e.Source = cmp.Or(e.Source, from.Source)
}

// clone copies an example, all but its toolset.
func (e *Example) clone() *Example {
	e.cleanText()
	example := &Example{}
	if err := example.read(e.appendTo(nil)); err != nil {
		panic("an example that was just encoded cannot be decoded: " + err.Error())
	}
	example.Toolset = e.Toolset
	return example
}
