package scan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var texts = []string{
	`{}`, `[]`, `""`, `0`, `-0.5e+10`, `true`, `false`, `null`, ` { "a" : [ 1 , { "b" : "c" } ] } `,
	`{"a":1,"a":2}`, `"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"`, `"\ud83d"`, `"\ude00\ud83d"`, `"long enough for words \" of eight"`,
	`{`, `}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `[1 2]`, `{"a":1]`, `01`, `1.`, `-`, `.5`, `1e`, `tru`, `nul`,
	"\"a\nb\"", "\"\x00\"", "0\x00", `"`, `"abcdefgh`, `"\`, "", " ", `{1:2}`, `{"a":"b"`, "\"caf\u00e9 \u2028\"", "\"\xff\"",
}

func whole(text []byte) bool {
	s := New(text)
	s.Raw()
	return !s.Failed() && !s.More()
}

func TestAcceptsJSON(t *testing.T) {
	for _, text := range texts {
		require.Equal(t, json.Valid([]byte(text)), whole([]byte(text)), "%q", text)
	}
}

func TestEscapesAreLeftToText(t *testing.T) {
	for _, text := range []string{`"\x"`, `"\u12"`, `{"\a": "\'"}`} {
		require.False(t, json.Valid([]byte(text)))
		require.True(t, whole([]byte(text)))
	}
}

func TestControlsAreFoundAnywhere(t *testing.T) {
	for length := range 80 {
		text := bytes.Repeat([]byte("a"), length)
		require.False(t, hasControls(text))
		for at := range text {
			for _, c := range []byte{0, '\n', 0x1f} {
				text[at] = c
				require.True(t, hasControls(text), "%q", text)
			}
			for _, c := range []byte{0x7f, 0x80, 0xff} {
				text[at] = c
				require.False(t, hasControls(text), "%q", text)
			}
			text[at] = ' '
		}
	}
}

func TestMembersAndElements(t *testing.T) {
	var seen []string
	s := New([]byte(`{"a": [1, "x", {"y": [2]}], "b": {"c": "d"}, "e": null} {"next": 1}`))
	s.Object(func(key []byte) {
		switch string(key) {
		case "a":
			s.Array(func() { seen = append(seen, "a="+string(s.Raw())) })
		case "b":
			s.Object(func(key []byte) { seen = append(seen, string(key)+"="+Text(s.Raw())) })
		}
	})
	require.False(t, s.Failed())
	require.Equal(t, []string{"a=1", `a="x"`, `a={"y": [2]}`, "c=d"}, seen)
	require.Equal(t, byte('{'), s.Kind(), "the scanner stands before the next value")
}

func TestMember(t *testing.T) {
	require.Equal(t, "2", string(Member([]byte(`{"a":1,"b":{"a":3},"a":2}`), "a")))
	require.Nil(t, Member([]byte(`{"a":1}`), "b"))
	require.Nil(t, Member([]byte(`[1]`), "b"))
	require.Nil(t, Member(nil, "b"))
}

func TestNestingIsBounded(t *testing.T) {
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	require.True(t, whole(nested(maxDepth)))
	require.False(t, whole(nested(maxDepth+1)))
	require.False(t, whole(bytes.Repeat([]byte("["), 5_000_000)))
}

func TestText(t *testing.T) {
	for raw, want := range map[string]string{
		`"a\nb"`: "a\nb", `"\ud83d\ude00"`: "\U0001f600", `"\ud83d"`: "\ufffd", `"\ud83d\u0041"`: "\ufffdA", `"\ud83dx"`: "\ufffdx",
		"\"\xff\"": "\ufffd", "\"\\n\xff\"": "\n\ufffd", `null`: "", ``: "", `12`: "12", `"`: "\"", `"\"`: "\ufffd", `"a\u12"`: "a\ufffd12", `{"a":1}`: `{"a":1}`, `""`: "",
	} {
		require.Equal(t, want, Text([]byte(raw)), "%q", raw)
	}
}

func TestPlain(t *testing.T) {
	for raw, want := range map[string]bool{
		`"a\n\tb"`: true, `"a\rb"`: false, `"\u0000"`: false, `"\u001b[1m"`: false, `"\u0085"`: false, "\"\u0085\"": false, "\"\x7f\"": false,
		"\"caf\u00e9\"": true, `"\u00e9\\\""`: true, `null`: true, ``: true,
	} {
		_, plain := Decode([]byte(raw))
		require.Equal(t, want, plain, "%q", raw)
	}
}

// odd replaces a character that no plain text has by an exclamation mark, and others by a full stop.
func odd(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return '!'
	}
	return '.'
}

// FuzzScan compares with the standard library what is JSON and what its strings say.
func FuzzScan(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if valid := json.Valid(text); valid || bytes.IndexByte(text, '\\') < 0 { // escape sequences are not looked at
			require.Equal(t, valid, whole(text))
		}
		s := New(text)
		raw := s.Raw()
		require.Equal(t, !s.Failed(), raw != nil)
		_, _ = Decode(text) // accepts anything
		if raw == nil {
			return
		}
		var want string
		if raw[0] == '"' && utf8.Valid(raw) && json.Unmarshal(raw, &want) == nil {
			require.Equal(t, want, Text(raw))
		}
		decoded, plain := Decode(raw)
		require.True(t, utf8.ValidString(decoded))
		if plain {
			require.NotContains(t, strings.Map(odd, decoded), "!")
		}
		members := New(raw)
		if raw[0] == '{' {
			members.Object(func([]byte) {})
		} else if raw[0] == '[' {
			members.Array(func() {})
		} else {
			return
		}
		require.False(t, members.Failed())
		require.Equal(t, len(raw), members.Offset())
	})
}
