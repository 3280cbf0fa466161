package main

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// ownLines leaves out lines of other records if ids tell them apart. A log has the ids of its records under one key: the one under
// which most of the example's ids are found. A line without such an id still belongs to the example if it holds a text of it.
func ownLines(lines []originalLine) []originalLine {
	key := recordKey(lines)
	if key == "" {
		return lines
	}
	return slices.DeleteFunc(lines, func(line originalLine) bool {
		return line.ids[key] == "" && !line.quoted
	})
}

// recordKey finds that key. Of two keys with the same number of ids it takes the one on fewer lines, because the other only
// refers to records.
func recordKey(lines []originalLine) string {
	found, on := map[string]map[string]bool{}, map[string]int{}
	for _, line := range lines {
		for key, id := range line.ids {
			if found[key] == nil {
				found[key] = map[string]bool{}
			}
			found[key][id] = true
			on[key]++
		}
	}
	best := ""
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if best == "" || cmp.Or(cmp.Compare(len(found[key]), len(found[best])), cmp.Compare(on[best], on[key])) > 0 {
			best = key
		}
	}
	return best
}

// scalar returns a string or number as text.
func scalar(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	}
	return "", false
}

// eachString visits the strings in a JSON value with their keys.
func eachString(key string, value any, visit func(key, value string)) {
	switch value := value.(type) {
	case string:
		visit(key, value)
	case []any:
		for _, element := range value {
			eachString(key, element, visit)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			eachString(key, value[key], visit)
		}
	}
}
