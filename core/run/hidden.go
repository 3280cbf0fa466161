package run

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/record"
)

// hide notes what the redact filters would make of texts of the summary that no filter has seen, such as paths and the names
// of tools. Whoever shows the summary to others needs that.
func (x *execution) hide() {
	if x.options.Mask == nil {
		return
	}
	hidden := map[string]string{}
	for _, text := range x.summaryTexts() {
		if masked := x.options.Mask(text); masked != text {
			hidden[text] = masked
		}
	}
	x.summary.Hidden = hidden
}

// summaryTexts returns the texts of the summary that may have come from logs or from their paths.
func (x *execution) summaryTexts() []string {
	s, kept := x.summary, x.summary.Kept
	var texts []string
	add := func(counts map[string]int) { texts = append(texts, slices.Sorted(maps.Keys(counts))...) }
	for _, counts := range []map[string]int{kept.Types, kept.Tasks, kept.Sources, kept.Tools} {
		add(counts)
	}
	for _, source := range s.Sources {
		texts = append(texts, x.withRelative(source.Paths...)...)
		add(source.Ignored)
	}
	for _, filter := range s.Filters {
		add(filter.Reasons)
	}
	for _, output := range s.Outputs {
		texts = slices.Concat(texts, x.withRelative(output.Path), x.withRelative(output.Files...))
		add(output.Refused)
	}
	return texts
}

// withRelative returns paths as they are, followed by the same paths as they are shown: relative to the pipeline's folder if
// they are inside it.
func (x *execution) withRelative(paths ...string) []string {
	all := slices.Clone(paths)
	for _, path := range paths {
		all = append(all, record.Below(x.plan.Dir, path))
	}
	return all
}
