package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestOptionsOfTheCommandLine(t *testing.T) {
	least := 2.0
	known := []sdk.Option{
		{Name: "names", Type: sdk.OptionList, OneOf: []string{"a", "b"}},
		{Name: "files", Type: sdk.OptionPaths},
		{Name: "many", Type: sdk.OptionInt, Min: &least},
		{Name: "wait", Type: sdk.OptionDuration},
		{Name: "text", Type: sdk.OptionString},
		{Name: "table", Type: sdk.OptionMap},
	}
	options, err := parseOptions(known, []string{"names=a,b", "files=x.json,y.json", "many=3", "wait=2s", "text=a,b=c"})
	require.NoError(t, err)
	require.JSONEq(t, `{"names": ["a", "b"], "files": ["x.json", "y.json"], "many": 3, "wait": "2s", "text": "a,b=c"}`, string(options))
	for given, reason := range map[string]string{
		"names=a,c": `--option names: "c" is not one of a, b`,
		"many=1":    "--option many: 1 is below the minimum, 2",
		"many=x":    `--option many: "x" is not a valid int`,
		"wait=long": `--option wait: "long" is not a duration; write "90s" or "2h"`,
		"table=a":   "--option table: a map cannot be written as text",
		"text":      `--option "text": write NAME=VALUE with an option of the format; it has: names, files, many, wait, text, table`,
		"tex=a":     `--option "tex=a": write NAME=VALUE with an option of the format; it has: names, files, many, wait, text, table`,
	} {
		_, err := parseOptions(known, []string{given})
		require.EqualError(t, err, reason)
	}
}
