package sdk

import (
	"cmp"
	"maps"
	"slices"
)

// inherit fills in the source and provenance of an example that a filter has made, from the example that it replaces. If
// it is a copy of that example it has a provenance already, which stays: what the filter has removed from it must not
// come back.
func (e *Example) inherit(from *Example) {
	if p := &e.Provenance; p.Plugin == "" && p.Records == 0 { // it is not a copy
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

// clone returns a copy of an example, which shares only its toolset.
func (e *Example) clone() *Example {
	e.cleanText()
	example := &Example{}
	if err := example.read(e.appendTo(nil)); err != nil {
		panic("an example that was just encoded cannot be decoded: " + err.Error())
	}
	example.Toolset = e.Toolset
	return example
}
