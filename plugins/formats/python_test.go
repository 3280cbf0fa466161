package formats

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What json.dumps(json.loads(value), ensure_ascii=False) gives in Python 3.11.
func TestAppendDumped(t *testing.T) {
	for value, want := range map[string]string{
		"{\n \"z\" : 1.0,\t\"a\":[ 1 , {} ,[]]}":        `{"z": 1.0, "a": [1, {}, []]}`,
		`[1E5,1e21,1e16,1e15,123456789012345678.0]`:     `[100000.0, 1e+21, 1e+16, 1000000000000000.0, 1.2345678901234568e+17]`,
		`[-0,-0.0,0.0,1.10,0.0001,0.00001,1.5e-7]`:      `[0, -0.0, 0.0, 1.1, 0.0001, 1e-05, 1.5e-07]`,
		`[9.50,1E+5,1e-400,1e999,-2.50]`:                `[9.5, 100000.0, 0.0, 1e999, -2.5]`,
		`1.50`:                                          `1.5`,
		`{"n":123456789012345678901234567890}`:          `{"n": 123456789012345678901234567890}`,
		`{"a":1,"b":{"c":1,"c":[{"d":1,"d":2}]},"a":3}`: `{"a": 3, "b": {"c": [{"d": 2}]}}`,
		`{"t":"\u00e9<\/tag>\u2028\u007f\u001b\"1.50"}`: "{\"t\": \"é</tag>\u2028\u007f\\u001b\\\"1.50\"}",
		`"half \ud83d"`:                                 `"half ` + "\ufffd" + `"`,
	} {
		got, err := appendDumped([]byte("1.50 "), json.RawMessage(value))
		require.NoError(t, err)
		require.Equal(t, "1.50 "+want, string(got))
	}
	_, err := appendDumped(nil, json.RawMessage(`{"a":`))
	require.Error(t, err)
}

func FuzzAppendDumped(f *testing.F) {
	f.Add(`{"a":1,"a":"twice","b":[1.50,-0,null]}`)
	f.Add(`{"half":"\ud83d"}`)
	f.Fuzz(func(t *testing.T, value string) {
		if !json.Valid([]byte(value)) {
			return
		}
		once, err := appendDumped(nil, json.RawMessage(value))
		if err != nil {
			return // deeper than the library goes
		}
		require.True(t, json.Valid(once))
		twice, err := appendDumped(nil, once)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
	})
}

func TestAppendQuoted(t *testing.T) {
	for _, text := range []string{"", "plain", "über \u2028 🐸", "a\x00\x1b[0m\tb\n\r\b\f", `"\`, "half \xff\xf0\x9f", strings.Repeat("x\"é", 99)} {
		var got string
		require.NoError(t, json.Unmarshal(appendQuoted(nil, text), &got))
		require.Equal(t, []rune(text), []rune(got)) // a rune of bytes that are no UTF-8 is U+FFFD
		require.Equal(t, appendQuoted(nil, text), appendQuoted(nil, []byte(text)))
	}
}
