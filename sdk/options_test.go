package sdk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

type everyOption struct {
	String   string            `option:"string" doc:"x"`
	Int      int               `option:"int" doc:"x"`
	Number   float64           `option:"number" doc:"x"`
	Bool     bool              `option:"bool" doc:"x"`
	Duration time.Duration     `option:"duration" doc:"x"`
	Path     sdk.Path          `option:"path" doc:"x"`
	Paths    []sdk.Path        `option:"paths" doc:"x"`
	List     []string          `option:"list" doc:"x"`
	Map      map[string]string `option:"map" doc:"x"`
	Blocks   []struct {
		Inner int `option:"inner" doc:"x"`
	} `option:"block" doc:"x"`
}

func TestAValueOfAnotherTypeIsToldInWords(t *testing.T) {
	step := sdk.NewFilter("every", "Has every type.", func(_ sdk.Setup, o everyOption) (sdk.Filter, error) { return suffix{}, nil })
	for options, want := range map[string]string{
		`{"string": 1}`:                `option "string": a string is needed`,
		`{"int": 1.5}`:                 `option "int": a whole number is needed, not 1.5`,
		`{"int": 5.0}`:                 `option "int": a whole number is needed, not 5.0`,
		`{"int": 1e3}`:                 `option "int": a whole number is needed, not 1e3`,
		`{"int": 9223372036854775808}`: `option "int": a whole number is needed, not 9223372036854775808`,
		`{"number": "one"}`:            `option "number": a number is needed`,
		`{"bool": "yes"}`:              `option "bool": true or false is needed`,
		`{"duration": 90}`:             `option "duration": a duration is needed, such as "90s" or "2h"`,
		`{"path": ["a"]}`:              `option "path": a path is needed`,
		`{"paths": "a"}`:               `option "paths": a list of paths is needed`,
		`{"list": "a"}`:                `option "list": a list of strings is needed`,
		`{"map": {"a": 1}}`:            `option "map": a map of strings is needed`,
		`{"block": {"inner": 1}}`:      `option "block": a list of blocks is needed`,
		`{"block": [{"inner": "a"}]}`:  `option "block[0].inner": a number is needed`,
	} {
		_, err := step.Open(sdk.Setup{}, options)
		require.EqualError(t, err, `open filter "every": `+want)
	}
}

func TestAPointerIsNilWhereThePipelineGivesNothing(t *testing.T) {
	type options struct {
		Least *float64 `option:"least" doc:"x" min:"0"`
		Mode  string   `option:"mode" doc:"x" default:"all"`
		Name  string   `option:"name,required" doc:"x"`
	}
	var got options
	step := sdk.NewFilter("some", "Has some.", func(_ sdk.Setup, o options) (sdk.Filter, error) { got = o; return suffix{}, nil })
	require.NoError(t, sdk.Plugin{Name: "some", Version: "1", Doc: "x", Steps: []sdk.Step{step}}.Validate())
	for values, want := range map[string]options{
		`{"name": "a"}`: {Mode: "all", Name: "a"},
		`{"name": "a", "least": null, "mode": null}`:  {Mode: "all", Name: "a"},
		`{"name": "a", "least": 0.5, "mode": "some"}`: {Least: new(0.5), Mode: "some", Name: "a"},
	} {
		_, err := step.Open(sdk.Setup{}, values)
		require.NoError(t, err)
		require.Equal(t, want, got, values)
	}
	for values, want := range map[string]string{
		`{"name": null}`:               `option "name": a value is needed`,
		`{"name": "a", "least": -0.5}`: `option "least": -0.5 is below the minimum, 0`,
	} {
		_, err := step.Open(sdk.Setup{}, values)
		require.ErrorContains(t, err, want)
	}
}
