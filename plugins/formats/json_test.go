package formats

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAppendJSONKeepsLastOfEachKey(t *testing.T) {
	for value, want := range map[string]string{
		`{"a":1,"b":2,"a":3}`:                       `{"a":3,"b":2}`,
		`{"a":{"x":1,"x":[{"y":1,"y":{}}]},"b":[]}`: `{"a":{"x":[{"y":{}}]},"b":[]}`,
		`[{"a":1,"\u0061":1.0}]`:                    `[{"a":1.0}]`,
		`{"\ud83d":1,"\udbff":2}`:                   `{"` + "\ufffd" + `":2}`,
		`{"a":12345678901234567890123,"a":-0.0}`:    `{"a":-0.0}`,
	} {
		got, err := appendJSON(nil, json.RawMessage(value))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
}

func FuzzAppendPython(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,{}],"b":"\ud83d"},"a":1e5}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		got, err := appendPython(nil, value)
		if err != nil {
			return
		}
		again, err := appendPython(nil, got)
		require.NoError(t, err)
		require.Equal(t, string(got), string(again))
	})
}
