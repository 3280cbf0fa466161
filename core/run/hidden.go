package run

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/record"
)

// hide notes what the redact filters would make of texts of the summary that no filter has seen, such as paths and the names
// of tools: who shows the summary to others needs it.
func (x *execution) hide() {
	if x.options.Mask == nil {
		return
	}
	hidden := map[string]string{}
	for _, text := range x.told() {
		if masked := x.options.Mask(text); masked != text {
			hidden[text] = masked
		}
	}
	x.summary.Hidden = hidden
}

// told are the texts of the summary that may have come from logs, or from where they are.
func (x *execution) told() []string {
	s, kept := x.summary, x.summary.Kept
	texts := slices.Concat(
		slices.Sorted(maps.Keys(kept.Types)), slices.Sorted(maps.Keys(kept.Tasks)), slices.Sorted(maps.Keys(kept.Sources)),
		slices.Sorted(maps.Keys(kept.Tools)),
	)
	for _, source := range s.Sources {
		texts = slices.Concat(texts, x.below(source.Paths...), slices.Sorted(maps.Keys(source.Ignored)))
	}
	for _, filter := range s.Filters {
		texts = append(texts, slices.Sorted(maps.Keys(filter.Reasons))...)
	}
	for _, output := range s.Outputs {
		texts = slices.Concat(texts, x.below(output.Path), x.below(output.Files...), slices.Sorted(maps.Keys(output.Refused)))
	}
	return texts
}

// below gives paths as they are, and as those inside the pipeline's folder are shown: relative to it.
func (x *execution) below(paths ...string) []string {
	all := slices.Clone(paths)
	for _, path := range paths {
		all = append(all, record.Below(x.plan.Dir, path))
	}
	return all
}
