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
		`{"string": 1}`:               `option "string": a string is needed`,
		`{"int": 1.5}`:                `option "int": a whole number is needed, not 1.5`,
		`{"number": "one"}`:           `option "number": a number is needed`,
		`{"bool": "yes"}`:             `option "bool": true or false is needed`,
		`{"duration": 90}`:            `option "duration": a duration is needed, such as "90s" or "2h"`,
		`{"path": ["a"]}`:             `option "path": a path is needed`,
		`{"paths": "a"}`:              `option "paths": a list of paths is needed`,
		`{"list": "a"}`:               `option "list": a list of strings is needed`,
		`{"map": {"a": 1}}`:           `option "map": a map of strings is needed`,
		`{"block": {"inner": 1}}`:     `option "block": a list of blocks is needed`,
		`{"block": [{"inner": "a"}]}`: `option "block[0].inner": a number is needed`,
	} {
		_, err := step.Open(sdk.Setup{}, options)
		require.EqualError(t, err, `open filter "every": `+want)
	}
}
