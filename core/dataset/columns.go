package dataset

import (
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/sdk"
)

// columns has the top-level keys of all rows, which readers take for the columns of a table.
type columns struct {
	kinds map[string]string // by key, in the first row that has a value for it
	first map[string]bool   // the keys of the first row
	odd   map[string]bool   // keys that were reported; with a plus before it, as missing in the first row
}

func (c *columns) add(check *checker, row container.Row) {
	if c.kinds == nil {
		c.kinds, c.odd = map[string]string{}, map[string]bool{}
	}
	keys := map[string]bool{}
	gjson.ParseBytes(row.Text).ForEach(func(key, value gjson.Result) bool {
		keys[key.Str] = true
		kind := kindOf(value)
		known, seen := c.kinds[key.Str]
		switch {
		case kind == "null": // fits every column
		case !seen:
			c.kinds[key.Str] = kind
		case known != kind && !c.odd[key.Str]:
			c.odd[key.Str] = true
			check.problem(row.Number, "the column %q is %s here but %s before", key.Str, kind, known)
		}
		return true
	})
	if c.first == nil {
		c.first = keys
		return
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !c.first[key] && !c.odd["+"+key] {
			c.odd["+"+key] = true
			check.warn(row.Number, "the column %q is not in the first row", key)
		}
	}
}

func kindOf(value gjson.Result) string {
	switch {
	case value.Type == gjson.Null:
		return "null"
	case value.Type == gjson.String:
		return "a string"
	case value.Type == gjson.Number:
		return "a number"
	case value.IsObject():
		return "an object"
	case value.IsArray():
		return "a list"
	}
	return "true or false"
}

// traces are sets of columns by which the package datasets takes a file for an agent's trace and asks for another package:
// datasets/packaged_modules/json/json.py, versions 4.8.5 and 5.0.1 on.
var traces = []map[string]string{
	{"type": "a string", "message": "an object"},
	{"type": "a string", "payload": "an object"},
	{"id": "a string", "source": "a string", "model": "a string", "system_prompt": "a string", "messages": "a list"},
	{"type": "a string", "id": "a string", "cwd": "a string", "version": "a number"},
}

func (c *columns) whole(check *checker) {
	for _, trace := range traces {
		if contains(c.kinds, trace) {
			check.problem(0, "the columns %s make readers take the file for an agent trace", strings.Join(slices.Sorted(maps.Keys(trace)), ", "))
		}
	}
}

func contains(kinds, some map[string]string) bool {
	for key, kind := range some {
		if kinds[key] != kind {
			return false
		}
	}
	return true
}

// schemaBytes is how much of a file the package datasets looks at to infer the schema.
const schemaBytes = 10 << 20

// firstSeen remembers where rows first show what a reader must see early.
type firstSeen struct {
	read  int            // bytes so far
	first map[string]int // the byte at which something is first shown
}

func (s *firstSeen) add(e *sdk.Example, bytes int) {
	if s.first == nil {
		s.first = map[string]int{}
	}
	for _, m := range e.Messages {
		s.show("a call", len(m.Calls) > 0)
		s.show("a result", m.Role == sdk.RoleTool)
		s.show("reasoning", m.Thinking != "")
		s.show("a message that is not trained", m.Masked && m.Role == sdk.RoleAssistant)
	}
	s.show("tools", e.Toolset != nil)
	s.read += bytes
}

func (s *firstSeen) show(what string, here bool) {
	if _, known := s.first[what]; here && !known {
		s.first[what] = s.read
	}
}

func (s *firstSeen) whole(check *checker) {
	for _, what := range slices.Sorted(maps.Keys(s.first)) {
		if s.first[what] > schemaBytes {
			check.warn(0, "%s first appears after %d MB: readers that infer the schema from the beginning fail there", what, s.first[what]>>20)
		}
	}
}
