package record

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Setting is something that the pipeline set differently for two runs.
type Setting struct {
	Block  string          `json:"block,omitempty"` // empty: the whole run
	Option string          `json:"option,omitempty"`
	A      json.RawMessage `json:"a"` // nil: there is none
	B      json.RawMessage `json:"b"`
}

// The options of a [Setting] that are not options of a block.
const (
	SettingExperiment = "experiment"
	SettingSources    = "sources"
	SettingFilters    = "filters" // that ran, in order
	SettingOutputs    = "outputs"
	SettingHidden     = "hidden" // something that is not recorded, such as a secret option; the values are digests
)

// SettingTools is the block in [Summary.Settings] that says what tools are declared.
const SettingTools = "tools"

// differentSettings lists what the pipeline set differently for two runs, as far as it is recorded.
func differentSettings(a, b *Summary) []Setting {
	settings := []Setting{}
	add := func(block, option string, a, b json.RawMessage) bool {
		if bytes.Equal(a, b) {
			return false
		}
		settings = append(settings, Setting{block, option, a, b})
		return true
	}
	add("", SettingExperiment, encode(nameOf(a.Experiment)), encode(nameOf(b.Experiment)))
	add("", SettingSources, encode(sourcesOf(a)), encode(sourcesOf(b)))
	add("", SettingFilters, encode(filtersOf(a)), encode(filtersOf(b)))
	add("", SettingOutputs, encode(outputsOf(a)), encode(outputsOf(b)))
	options := func(block string) (differ bool) {
		before, after := a.Settings[block], b.Settings[block]
		for _, option := range union(slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after))) {
			differ = add(block, option, before[option], after[option]) || differ
		}
		return differ
	}
	otherTools := options(SettingTools)
	for _, block := range union(blocksOf(a), blocksOf(b)) {
		if !slices.Contains(blocksOf(a), block) || !slices.Contains(blocksOf(b), block) {
			continue // the lists say already that only one run has it
		}
		if !options(block) && !otherTools { // the digests depend on the tools, too
			add(block, SettingHidden, encode(a.Opened[block]), encode(b.Opened[block]))
		}
	}
	return settings
}

func encode(value any) json.RawMessage {
	text, _ := json.Marshal(value) // texts can always be encoded
	return text
}

func sourcesOf(s *Summary) []string {
	return addresses(s.Sources, func(c *SourceCounts) string { return c.Source })
}

func filtersOf(s *Summary) []string {
	return addresses(s.Filters, func(c *FilterCounts) string { return c.Filter })
}

func outputsOf(s *Summary) []string {
	return addresses(s.Outputs, func(c *OutputCounts) string { return c.Output })
}

func addresses[T any](all []T, address func(T) string) []string {
	list := make([]string, len(all))
	for i, one := range all {
		list[i] = address(one)
	}
	return list
}

// blocksOf lists the blocks of a run in the order in which examples see them.
func blocksOf(s *Summary) []string { return slices.Concat(sourcesOf(s), filtersOf(s), outputsOf(s)) }

// union merges two lists into one, each text once, in the order of the first. A text that only the second list has follows the
// last text before it there that both lists have. The lists may be long, as those of tools are.
func union(a, b []string) []string {
	index := map[string]int{} // in a, counted from 1: texts of b may precede all of a
	for i, one := range a {
		index[one] = i + 1
	}
	following := map[int][]string{} // texts of b alone, by the index of the text of a that they follow
	last := 0
	for _, one := range b {
		if i, ok := index[one]; ok {
			last = i
		} else {
			following[last] = append(following[last], one)
		}
	}
	all := following[0]
	for i, one := range a {
		all = append(append(all, one), following[i+1]...)
	}
	return all
}
