package formats

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// passedOver are keys that no reader looks for: the weight in trl's first row is there for the loader's types, and what
// stands in atif's extra is ours.
var passedOver = map[string]string{"trl": "weight", "atif": "example_type failed_calls"}

// TestAKeyInAnotherCaseIsAnother is the law that a format reports a row with a key in another case: no trainer would find
// what stands there. That goes for the keys of calls and tools in texts, too.
func TestAKeyInAnotherCaseIsAnother(t *testing.T) {
	for _, v := range variants {
		t.Run(v.typ+v.options, func(t *testing.T) {
			format := openFormat(t, v.typ, v.options)
			holds := holdsOf(t, v.typ, format)
			g := generator{rand.New(rand.NewPCG(9, 10))}
			accepted := 0
			problems := func(row []byte) []string {
				_, problems := format.(sdk.Decoder).Decode(row)
				return problems
			}
			for i := 0; accepted < 8 && i < 200; i++ {
				e := g.conversation(i, holds)
				e.Provenance.Session, e.Provenance.ProducerVersion = "s", "1.0"
				rows, err := format.Encode(t.Context(), e)
				if err != nil {
					continue
				}
				accepted++
				row := decoded(t, rows[0])
				require.Empty(t, problems(renamed(t, row, "")), "%s", rows[0])
				for key := range keysWithin(row) {
					if !slices.Contains(strings.Fields(passedOver[v.typ]), key) {
						require.NotEmpty(t, problems(renamed(t, row, key)), "%s in %s", key, rows[0])
					}
				}
				for _, key := range []string{"name", "arguments", "parameters", "function", "description"} {
					if v.typ == "llama3" && key == "name" { // without it what was a call is a text
						continue
					}
					if written := `\"` + key + `\":`; bytes.Contains(rows[0], []byte(written)) {
						other := bytes.ReplaceAll(rows[0], []byte(written), []byte(`\"`+titled(key)+`\":`))
						require.NotEmpty(t, problems(other), "%s", other)
					}
				}
			}
			require.Equal(t, 8, accepted)
		})
	}
}

func titled(key string) string { return strings.ToUpper(key[:1]) + key[1:] }

// opaque are the keys of values whose keys are not the format's.
var opaque = []string{"arguments", "parameters", "game_state", "removed"}

// keysWithin returns the keys of the objects in a value, but not those within opaque ones.
func keysWithin(value any) map[string]bool {
	keys := map[string]bool{}
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			keys[key] = true
			if !slices.Contains(opaque, key) {
				maps.Copy(keys, keysWithin(inner))
			}
		}
	case []any:
		for _, inner := range value {
			maps.Copy(keys, keysWithin(inner))
		}
	}
	return keys
}

// renamed returns a row in which a key, wherever it stands, begins with a capital letter.
func renamed(t *testing.T, row any, key string) []byte {
	var rename func(value any) any
	rename = func(value any) any {
		switch value := value.(type) {
		case map[string]any:
			members := map[string]any{}
			for k, inner := range value {
				if !slices.Contains(opaque, k) {
					inner = rename(inner)
				}
				if k == key {
					k = titled(k)
				}
				members[k] = inner
			}
			return members
		case []any:
			list := []any{}
			for _, inner := range value {
				list = append(list, rename(inner))
			}
			return list
		}
		return value
	}
	text, err := json.Marshal(rename(row))
	require.NoError(t, err)
	return text
}
