package schema

import (
	"encoding/json"
	"maps"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
)

// A schema claims more than was seen only if there is enough evidence.
const (
	fewObjects  = 2   // this many objects show what is required; few, for leaving out what is needed is worse than passing what is not
	manyStrings = 100 // this many strings show a choice; a choice that lacks a word teaches a model never to say it
	fewWords    = 3   // how often each word of a choice must have been seen
	manyKeys    = 16  // more keys than this, most of them seen once, show a map
)

// A document is a JSON schema with its keys in the order in which people write them.
type document struct {
	Type       any                  `json:"type,omitzero"` // a name, or a list of them
	Enum       []string             `json:"enum,omitempty"`
	Properties map[string]*document `json:"properties,omitzero"`
	Values     *document            `json:"additionalProperties,omitzero"`
	Items      *document            `json:"items,omitzero"`
	Required   []string             `json:"required,omitempty"`
}

var typeNames = [types]string{"string", "integer", "number", "boolean", "object", "array", "null"}

// Schema returns the schema of arguments of this shape, as a person would write it who knows only the calls:
//
//   - Properties are sorted by name. A type is a name, or a list of names if values of several types were seen; integers
//     together with other numbers are numbers.
//   - Members that were in every object are required, if at least two objects were seen.
//   - Strings are an enum if there are two to eight different ones, all words, each seen at least three times, and at
//     least a hundred strings in all, and if there are no values of other types.
//   - An object within the arguments is a map if one of its keys is not a name, or if it has many keys that were mostly
//     seen once. Then additionalProperties describes its values. Nothing is said of additional properties elsewhere.
//   - What was not seen is not described: descriptions, formats and limits are not made up.
func (s *Shape) Schema() json.RawMessage {
	d := &document{Type: typeNames[Object]}
	switch {
	case s.Full:
		s.describeMap(d)
	case s.Seen[Object] > 0:
		s.describeObject(d)
	}
	text, err := jsonv2.Marshal(d, jsonv2.Deterministic(true))
	if err != nil { // strings are valid UTF-8, for they come from protobuf or from a decoder
		panic(err)
	}
	return text
}

func (s *Shape) describe() *document {
	d := &document{Type: s.typ(), Enum: s.choice()}
	switch {
	case s.isMap():
		s.describeMap(d)
	case len(s.Members) > 0:
		s.describeObject(d)
	}
	if s.Items != nil {
		d.Items = s.Items.describe()
	}
	return d
}

// typ returns the type: nil if no value was seen, a name, or a list of names.
func (s *Shape) typ() any {
	var names []string
	for t, n := range s.Seen {
		if n > 0 && !(Type(t) == Integer && s.Seen[Number] > 0) {
			names = append(names, typeNames[t])
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return names[0]
	}
	return names
}

// choice returns the words of an enum, or nil if the strings are not a choice between words.
func (s *Shape) choice() []string {
	if s.Open || len(s.Words) < 2 {
		return nil
	}
	strings := 0
	for _, n := range s.Words {
		if n < fewWords {
			return nil
		}
		strings += n
	}
	if strings < manyStrings || strings < s.seen() {
		return nil
	}
	return slices.Sorted(maps.Keys(s.Words))
}

func (s *Shape) describeObject(d *document) {
	d.Properties = map[string]*document{}
	for name, member := range s.Members {
		d.Properties[name] = member.describe()
		if s.Seen[Object] >= fewObjects && member.seen() >= s.Seen[Object] {
			d.Required = append(d.Required, name)
		}
	}
	slices.Sort(d.Required)
}

// describeMap describes the values of all keys by one schema.
func (s *Shape) describeMap(d *document) {
	values := &Shape{Seen: s.Values}
	for _, member := range s.Members {
		values.merge(member, root.member())
	}
	d.Values = values.describe()
}

func (s *Shape) seen() int {
	seen := 0
	for _, n := range s.Seen {
		seen += n
	}
	return seen
}

// isMap reports whether the keys of an object are data rather than names.
func (s *Shape) isMap() bool {
	if s.Full {
		return s.Seen[Object] > 0
	}
	once, most := 0, 0
	for key, member := range s.Members {
		if !isName(key) {
			return true
		}
		seen := member.seen()
		if most = max(most, seen); seen == 1 {
			once++
		}
	}
	return len(s.Members) > manyKeys && 2*once > len(s.Members) && 2*most < s.Seen[Object]
}

// isName reports whether a key may be the name of a property, such as file_path or -i.
func isName(key string) bool {
	for i := range len(key) {
		switch c := key[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == '-', c == '$', c == '@', c >= 0x80:
		case i > 0 && ('0' <= c && c <= '9' || c == '.' || c == ':'):
		default:
			return false
		}
	}
	return key != ""
}
