package schema

import (
	"encoding/json"
	"maps"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
)

// What a schema claims beyond what was seen needs evidence.
const (
	fewObjects  = 2   // so many tell what is required: to leave out what is needed is worse than to pass what is not
	manyStrings = 100 // so many tell a choice: one that misses a word teaches a model never to say it
	fewWords    = 3   // how often each word of a choice was seen at least
	manyKeys    = 16  // so many keys, most of them seen once, tell a map
)

// document is a JSON schema with its keys in the order in which people write them.
type document struct {
	Type       any                  `json:"type,omitzero"` // a name, or a list of them
	Enum       []string             `json:"enum,omitempty"`
	Properties map[string]*document `json:"properties,omitzero"`
	Values     *document            `json:"additionalProperties,omitzero"`
	Items      *document            `json:"items,omitzero"`
	Required   []string             `json:"required,omitempty"`
}

var typeNames = [types]string{"string", "integer", "number", "boolean", "object", "array", "null"}

// Schema writes the schema of arguments that have the shape, as a person would who knows only the calls:
//
//   - properties are in the order of their names; a type is a name, or a list where values of several types were seen;
//     integers and other numbers together are numbers.
//   - required is what was in every object, where at least two were seen.
//   - an enum is two to eight words, each seen at least three times, at least a hundred strings in all, and nothing else.
//   - an object within the arguments whose keys are no names, or many and mostly seen once, is a map: additionalProperties
//     describes its values. Nothing is said of other properties elsewhere.
//   - what was not seen is not described: neither descriptions nor formats nor limits are made up.
func (s *Shape) Schema() json.RawMessage {
	d := &document{Type: typeNames[Object]}
	switch {
	case s.Full:
		s.describeMap(d)
	case s.Seen[Object] > 0:
		s.describeObject(d)
	}
	text, err := jsonv2.Marshal(d, jsonv2.Deterministic(true))
	if err != nil { // strings are valid, for they come from protobuf or from a decoder
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

// typ is nil where no value was seen, a name, or a list of names.
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

// choice lists the words between which the strings choose.
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

// describeMap describes the values of all keys as one.
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

// isMap reports whether an object's keys are data.
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
