package sdk

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDefinition(t *testing.T) {
	set := &Toolset{Tools: []ToolDefinition{{Name: "walk"}, {Server: "robot", Name: "talk"}, {Server: "robot", Name: "walk", Description: "x"}, {Server: "robot", Name: "fly"}, {Server: "kite", Name: "fly"}}}
	for name, want := range map[string]string{
		"walk": "walk", "mcp__robot__walk": "mcp__robot__walk", "mcp__other__walk": "walk", "mcp__robot__talk": "mcp__robot__talk",
		"mcp__other__talk": "", "talk": "mcp__robot__talk", "mcp__walk": "", "fly": "",
	} {
		definition, ok := set.Definition(name)
		require.Equal(t, want != "", ok, name)
		if ok {
			require.Equal(t, want, definition.FullName())
		}
	}
	_, ok := (*Toolset)(nil).Definition("walk")
	require.False(t, ok)
}

func TestCandidates(t *testing.T) {
	set := &Toolset{Tools: []ToolDefinition{
		{Server: "robot", Name: "walk"}, {Name: "walk"},
		{Server: "robot", Name: "talk"}, {Server: "parrot", Name: "talk"}, {Server: "robot", Name: "talk", Description: "twice"},
		{Server: "parrot", Name: "fly"},
	}}
	for _, test := range []struct {
		server, tool string
		want         []string
	}{
		{"robot", "walk", []string{"mcp__robot__walk"}},
		{"parrot", "walk", []string{"walk"}},
		{"", "walk", []string{"walk"}},
		{"parrot", "talk", []string{"mcp__parrot__talk"}},
		{"fish", "talk", nil},
		{"", "talk", []string{"mcp__robot__talk", "mcp__parrot__talk"}},
		{"", "fly", []string{"mcp__parrot__fly"}},
		{"", "swim", nil},
	} {
		var names []string
		for _, definition := range set.Candidates(test.server, test.tool) {
			names = append(names, definition.FullName())
		}
		require.Equal(t, test.want, names, "%s %s", test.server, test.tool)
	}
	require.Empty(t, (*Toolset)(nil).Candidates("", "walk"))
}

func TestParametersDescribeAnObject(t *testing.T) {
	const whole = `{"type":"object","properties":{}}`
	for schema, want := range map[string]string{
		``: whole, `{}`: whole, ` { } `: whole, `true`: whole, `null`: whole,
		`{"type":"object"}`:                       whole,
		`{"properties":{"type":{}}}`:              `{"type":"object","properties":{"type":{}}}`,
		`{"type":"object","properties":{"x":1}}`:  `{"type":"object","properties":{"x":1}}`,
		`{"a":1,"a":2,"type":"object"}`:           `{"a":1,"a":2,"type":"object","properties":{}}`,
		`{"required":[],"type":"object"}`:         `{"required":[],"type":"object","properties":{}}`,
		`{"properties":{"x":1},"type":"object"}`:  `{"properties":{"x":1},"type":"object"}`,
		"{\n\"description\": \"properties\"\n}\n": "{\"type\":\"object\",\n\"description\": \"properties\"\n,\"properties\":{}}",
	} {
		require.Equal(t, want, string(ToolDefinition{Schema: json.RawMessage(schema)}.Parameters()), schema)
	}
}
