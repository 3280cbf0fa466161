package schema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"
)

func observe(t testing.TB, s *Shape, calls ...string) {
	t.Helper()
	var o Observer
	for _, call := range calls {
		require.NoError(t, o.Observe(s, json.RawMessage(call)))
	}
}

// numbered returns n calls from a format with one number.
func numbered(n int, format string) []string {
	var calls []string
	for i := range n {
		calls = append(calls, fmt.Sprintf(format, i))
	}
	return calls
}

func repeated(n int, calls ...string) []string {
	var all []string
	for range n {
		all = append(all, calls...)
	}
	return all
}

func TestSchema(t *testing.T) {
	const open, end = `{"type":"object","properties":{`, `}}`
	tests := map[string]struct {
		calls []string
		want  string
	}{
		"no call":      {nil, `{"type":"object"}`},
		"no arguments": {[]string{`{}`}, `{"type":"object","properties":{}}`},
		"one call says nothing about what is required": {
			[]string{`{"b":"x","a":1}`}, open + `"a":{"type":"integer"},"b":{"type":"string"}` + end,
		},
		"required is what every call has": {
			[]string{`{"b":"x","a":1}`, `{"b":"y"}`, `{"c":true,"b":"z"}`},
			open + `"a":{"type":"integer"},"b":{"type":"string"},"c":{"type":"boolean"}},"required":["b"]}`,
		},
		"integers":                    {[]string{`{"n":-1}`, `{"n":12345678901234567890}`}, open + `"n":{"type":"integer"}},"required":["n"]}`},
		"integers and numbers":        {[]string{`{"n":1}`, `{"n":1.0}`}, open + `"n":{"type":"number"}},"required":["n"]}`},
		"an exponent makes a number":  {[]string{`{"n":1e3}`}, open + `"n":{"type":"number"}` + end},
		"null besides another type":   {[]string{`{"s":null}`, `{"s":"x"}`}, open + `"s":{"type":["string","null"]}},"required":["s"]}`},
		"a union":                     {[]string{`{"s":["a",1]}`, `{"s":"x"}`}, open + `"s":{"type":["string","array"],"items":{"type":["string","integer"]}}},"required":["s"]}`},
		"an empty array":              {[]string{`{"l":[]}`}, open + `"l":{"type":"array"}` + end},
		"an empty object":             {[]string{`{"o":{}}`}, open + `"o":{"type":"object"}` + end},
		"arrays in arrays":            {[]string{`{"l":[[1],[2.5]]}`}, open + `"l":{"type":"array","items":{"type":"array","items":{"type":"number"}}}` + end},
		"names that shells would use": {[]string{`{"-i":true}`}, open + `"-i":{"type":"boolean"}` + end},
		"escaped names":               {[]string{`{"\u0061":1}`, `{"a":2}`}, open + `"a":{"type":"integer"}},"required":["a"]}`},
		"a half of a surrogate pair":  {[]string{`{"\ud800":1}`}, open + "\"\ufffd\":{\"type\":\"integer\"}" + end},
		"objects in arrays have required properties of their own": {
			[]string{`{"todos":[{"text":"x","done":false},{"text":"y"}]}`},
			open + `"todos":{"type":"array","items":{"type":"object","properties":{"done":{"type":"boolean"},"text":{"type":"string"}},"required":["text"]}}` + end,
		},
		"keys that are no names make a map": {
			[]string{`{"answers":{"Which one?":"the first"}}`},
			open + `"answers":{"type":"object","additionalProperties":{"type":"string"}}` + end,
		},
		"many keys that do not come again make a map": {
			numbered(20, `{"env":{"KEY_%d":{"value":1}}}`),
			open + `"env":{"type":"object","additionalProperties":{"type":"object","properties":{"value":{"type":"integer"}},"required":["value"]}}},"required":["env"]}`,
		},
		"many properties are no map": {
			[]string{"{\"all\":{" + strings.Join(numbered(20, `"p%d":1`), ",") + "}}"},
			open + "\"all\":{\"type\":\"object\",\"properties\":{" + sortedProperties(20) + "}}" + end,
		},
		"thousands of arguments": {
			numbered(3000, `{"key%d":"x"}`),
			`{"type":"object","additionalProperties":{"type":"string"}}`,
		},
		"a very long key": {
			[]string{`{"a":1,"` + strings.Repeat("k", 1000) + `":true}`},
			`{"type":"object","additionalProperties":{"type":["integer","boolean"]}}`,
		},
		"a map with thousands of keys leaves its neighbours alone": {
			append(numbered(3000, `{"map":{"key%d":[{"x":1}]}}`), `{"after":{"b":1}}`),
			open + `"after":{"type":"object","properties":{"b":{"type":"integer"}}},"map":{"type":"object","additionalProperties":{"type":"array"}}` + end,
		},
		"depth": {
			[]string{`{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}`},
			open + `"a":{"type":"object","properties":{"b":{"type":"object","properties":{"c":{"type":"object","properties":{"d":{"type":"object","additionalProperties":{"type":"object"}}}}}}}}` + end,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := &Shape{}
			observe(t, s, test.calls...)
			require.Equal(t, test.want, string(s.Schema()))
		})
	}
}

// sortedProperties returns integer properties p0 to p(n-1), sorted by name.
func sortedProperties(n int) string {
	properties := map[string]any{}
	for i := range n {
		properties[fmt.Sprint("p", i)] = map[string]any{"type": "integer"}
	}
	text, _ := json.Marshal(properties)
	return strings.Trim(string(text), "{}") + "}"
}

func TestChoice(t *testing.T) {
	yes := repeated(50, `{"s":"done"}`, `{"s":"in_progress"}`, `{"s":"to-do"}`)
	enum := `{"type":"string","enum":["done","in_progress","to-do"]}`
	tests := map[string]struct {
		calls []string
		want  string
	}{
		"words that come again and again":        {yes, enum},
		"too few calls":                          {yes[:90], `{"type":"string"}`},
		"a word that is rare":                    {append(yes[:150:150], `{"s":"never"}`, `{"s":"never"}`), `{"type":"string"}`},
		"a text besides":                         {append(yes[:150:150], `{"s":"no word"}`), `{"type":"string"}`},
		"an escaped word is a text":              {append(yes[:150:150], `{"s":"d\u006fne"}`), `{"type":"string"}`},
		"an empty text":                          {append(yes[:150:150], `{"s":""}`), `{"type":"string"}`},
		"a number besides":                       {append(yes[:150:150], `{"s":1}`), `{"type":["string","integer"]}`},
		"always the same":                        {repeated(200, `{"s":"main"}`), `{"type":"string"}`},
		"too many words":                         {repeated(50, `{"s":"a"}`, `{"s":"b"}`, `{"s":"c"}`, `{"s":"d"}`, `{"s":"e"}`, `{"s":"f"}`, `{"s":"g"}`, `{"s":"h"}`, `{"s":"i"}`), `{"type":"string"}`},
		"names of files":                         {repeated(100, `{"s":"a.go"}`, `{"s":"b.go"}`), `{"type":"string"}`},
		"ids":                                    {repeated(100, `{"s":"task1"}`, `{"s":"task2"}`), `{"type":"string"}`},
		"a very long word":                       {append(yes[:150:150], `{"s":"`+strings.Repeat("a", 33)+`"}`), `{"type":"string"}`},
		"words in arrays are counted one by one": {repeated(20, `{"s":["a","b","a"]}`, `{"s":["b","b"]}`), `{"type":"array","items":{"type":"string","enum":["a","b"]}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := &Shape{}
			observe(t, s, test.calls...)
			require.Equal(t, `{"type":"object","properties":{"s":`+test.want+`},"required":["s"]}`, string(s.Schema()))
		})
	}
}

// randomValue returns values that reach every bound: many keys, long keys, deep values, many words.
func randomValue(r *rand.Rand, depth int) any {
	switch r.IntN(9 - min(depth, 3)) {
	case 0:
		return r.IntN(100)
	case 1:
		return r.Float64()
	case 2:
		return []any{nil, true}[r.IntN(2)]
	case 3:
		return "no word"
	case 4, 5:
		return strings.Repeat(string(rune('a'+r.IntN(9))), 1+r.IntN(34)/33*40)
	case 6:
		items := make([]any, r.IntN(4))
		for i := range items {
			items[i] = randomValue(r, depth+1)
		}
		return items
	}
	return randomObject(r, depth+1)
}

func randomObject(r *rand.Rand, depth int) map[string]any {
	object := map[string]any{}
	for range r.IntN([]int{3, 3, 3, 30}[r.IntN(4)] + 1) {
		key := fmt.Sprint("k", r.IntN([]int{3, 8, 500}[r.IntN(3)]))
		if r.IntN(300) == 0 {
			key += strings.Repeat("k", longestKey)
		}
		object[key] = randomValue(r, depth)
	}
	return object
}

// TestMergeOrder tests the promise that lets units be read in parallel: the result is the same however calls are spread
// over shapes and in whatever order these are merged.
func TestMergeOrder(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		var calls []string
		for range 1 + r.IntN(120) {
			text, err := json.Marshal(randomObject(r, 0))
			require.NoError(t, err)
			calls = append(calls, string(text))
		}
		whole := &Shape{}
		observe(t, whole, calls...)
		for range 3 {
			r.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
			require.Equal(t, whole, spread(t, r, calls), "seed %d", seed)
		}
		requireValid(t, whole.Schema(), calls)
	}
}

// requireValid checks that no observed call contradicts the schema.
func requireValid(t *testing.T, text json.RawMessage, calls []string) {
	var schema jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &schema))
	resolved, err := schema.Resolve(nil)
	require.NoError(t, err)
	for _, call := range calls {
		var arguments any
		require.NoError(t, json.Unmarshal([]byte(call), &arguments))
		require.NoError(t, resolved.Validate(arguments), "%s against %s", call, text)
	}
}

// spread observes calls in several shapes and merges these in a random tree.
func spread(t *testing.T, r *rand.Rand, calls []string) *Shape {
	parts := make([]*Shape, 1+r.IntN(6))
	for i := range parts {
		parts[i] = &Shape{}
	}
	for _, call := range calls {
		observe(t, parts[r.IntN(len(parts))], call)
	}
	for len(parts) > 1 {
		i := 1 + r.IntN(len(parts)-1)
		parts[0].Merge(parts[i])
		parts = append(parts[:i], parts[i+1:]...)
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	merged := &Shape{}
	merged.Merge(parts[0])
	return merged
}

// size returns the number of shapes.
func size(s *Shape) int {
	n := 1
	for _, member := range s.Members {
		n += size(member)
	}
	if s.Items != nil {
		n += size(s.Items)
	}
	return n
}

func TestHostileArgumentsAreBounded(t *testing.T) {
	nested := func(open, end string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(end, n) }
	wide := "{" + strings.Join(numbered(2000, `"a%d":{"b":{"c":1}}`), ",") + "}"
	s := &Shape{}
	observe(t, s, `{"deep":`+nested(`[`, `]`, 5000)+`}`, `{"deeper":`+nested(`{"a":`, `}`, 5000)+`}`,
		`{"both":`+nested(`[{"a":`, `}]`, 2000)+`}`, wide)
	for i := range 200 {
		observe(t, s, fmt.Sprintf(`{"k%d":%s}`, i, wide))
	}
	require.LessOrEqual(t, size(s), budgets[0])
	require.True(t, json.Valid(s.Schema()))
}

func BenchmarkObserve(b *testing.B) {
	text, err := json.Marshal(strings.Repeat("if err != nil {\n\treturn \"x\"\n}\n", 40))
	require.NoError(b, err)
	call := json.RawMessage(fmt.Sprintf(`{"file_path":"/src/main.go","old_string":%s,"new_string":%s,"replace_all":false}`, text, text))
	var o Observer
	s := &Shape{}
	b.SetBytes(int64(len(call)))
	b.ReportAllocs()
	for b.Loop() {
		if err := o.Observe(s, call); err != nil {
			b.Fatal(err)
		}
	}
}
